"""manage.py load_questionnaire FILE [--publish]"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.domain.questionnaires.loading import (
    CREATED,
    REPLACED,
    UNCHANGED,
    load_questionnaire,
)
from assessments.domain.questionnaires.questionnaire_file import parse
from dxportal.core.intake.yaml_file import InvalidFileError
from dxportal.core.taxonomy.loading import load_areas
from dxportal.core.workflow.errors import NotPossible

AREAS = settings.BASE_DIR / "fixtures" / "areas.yaml"
SAID = {CREATED: "登録しました", REPLACED: "下書きを置き換えました", UNCHANGED: "同じ内容が登録済みです"}


class Command(BaseCommand):
    help = "調査票のYAMLを検査して登録します。誤りは行とキーを添えてすべて示し、一つでもあれば何も登録しません。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="調査票のYAML（fixtures/questionnaires/ を参照）")
        parser.add_argument("--publish", action="store_true", help="確定版にします（以後この版は変えられません）")

    def handle(self, *args, **options):
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8")
            areas = load_areas(AREAS.read_text(encoding="utf-8"))
            spec = parse(text, areas, lambda name: (path.parent / Path(name).name).read_text(encoding="utf-8"))
            loaded = load_questionnaire(spec, publish=options["publish"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"ファイルを読めません：{error}") from error
        except InvalidFileError as error:
            raise CommandError(f"{path} に誤りが{len(error.errors)}件あります。\n{error}") from error
        except NotPossible as error:
            raise CommandError("\n".join(error.messages)) from error
        row = loaded.questionnaire
        self.stdout.write(
            f"{row.title}（{row.code} 版{row.version}、{len(spec.questions)}問）：{SAID[loaded.outcome]}。"
            f"状態は{row.get_status_display()}です。"
        )
