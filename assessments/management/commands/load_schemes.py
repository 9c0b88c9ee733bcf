"""manage.py load_schemes [FILE ...]"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.domain.questionnaires.loading import CREATED
from assessments.domain.tiers.scheme_file import parse_scheme
from assessments.domain.tiers.stored_schemes import load_scheme
from dxportal.core.intake.yaml_file import InvalidFileError
from dxportal.core.workflow.errors import NotPossible

DEFAULTS = settings.BASE_DIR / "fixtures" / "schemes"


class Command(BaseCommand):
    help = (
        "支援分類と支援優先度の基準のYAMLを検査して登録します。ファイルを省くと fixtures/schemes のすべてを登録します。"
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path)

    @transaction.atomic
    def handle(self, *args, **options):
        for path in options["files"] or sorted(DEFAULTS.glob("*.yaml")):
            try:
                scheme, default = parse_scheme(path.read_text(encoding="utf-8"))
                row, outcome = load_scheme(scheme, default=default)
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"ファイルを読めません：{error}") from error
            except InvalidFileError as error:
                raise CommandError(f"{path} に誤りが{len(error.errors)}件あります。\n{error}") from error
            except NotPossible as error:
                raise CommandError(f"{path}：{'、'.join(error.messages)}") from error
            self.stdout.write(f"{row}：{'登録しました' if outcome == CREATED else '登録済みです'}。")
