"""manage.py load_cases"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casestudies.domain.contribution.case_file import parse
from casestudies.domain.contribution.loading import load
from dxportal.core.intake.yaml_file import InvalidFileError
from dxportal.core.taxonomy.loading import load_areas, load_terms

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "公表資料の事例（fixtures/cases）を登録します。登録済みの事例は、違うところがあるときだけ書き換えます。"

    def handle(self, *args, **options):
        areas = load_areas((FIXTURES / "areas.yaml").read_text(encoding="utf-8"))
        terms = load_terms((FIXTURES / "terms.yaml").read_text(encoding="utf-8"))
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((FIXTURES / "cases").glob("*.yaml"))}
        try:
            library = parse(texts.pop("documents.yaml"), texts, areas=areas, terms=terms)
        except InvalidFileError as error:
            raise CommandError(f"事例のファイルに誤りが{len(error.errors)}件あります。\n{error}") from error
        loaded = load(library)
        self.stdout.write(
            f"事例{len(library.cases)}件：登録{loaded.created}件、更新{loaded.updated}件、変更なし{loaded.unchanged}件。"
        )
