"""manage.py print_points FILE"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.domain.questionnaires.points_table import points_table
from assessments.domain.questionnaires.questionnaire_file import parse
from dxportal.core.intake.yaml_file import InvalidFileError


class Command(BaseCommand):
    help = "調査票のYAMLの点の一覧を、Markdownの表で書き出します（docs/scoring.md の表はこれで作ります）。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        path: Path = options["file"]
        try:
            spec = parse(
                path.read_text(encoding="utf-8"),
                read=lambda name: (path.parent / Path(name).name).read_text(encoding="utf-8"),
            )
        except OSError as error:
            raise CommandError(f"ファイルを読めません：{error}") from error
        except InvalidFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(points_table(spec))
