"""Load once, measure, write bench.json and the table."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- Django first
from django.core.management import call_command  # noqa: E402

from assessments.domain.questionnaires.stored import stored_questionnaire  # noqa: E402
from assessments.domain.tiers.computation import classify  # noqa: E402
from assessments.models import Questionnaire, Survey  # noqa: E402
from bench import classification, nation, pages, snapshots  # noqa: E402
from bench.database import LARGE, MEETINGS  # noqa: E402
from bench.figures import Figure, read, table, write  # noqa: E402
from dxportal.core.organizations.models import Organization  # noqa: E402
from dxportal.portal.domain.snapshots.refresh import refresh  # noqa: E402


def main() -> None:
    call_command("collect_static_if_changed")
    call_command("migrate", interactive=False, verbosity=0)
    if not Organization.objects.exists():
        prepare()
    figures = [
        *classification.run(),
        *snapshots.run(),
        *pages.run(),
        *apart("bench.large", LARGE),
        *apart("bench.sessions", MEETINGS),
    ]
    write(figures, Path(settings.BASE_DIR))
    print(table(figures))  # noqa: T201 -- the readable result


def apart(module: str, database: str) -> list[Figure]:
    """The figures of a module on its own database: settings name one for each process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", module, folder]
        subprocess.run(command, env={**os.environ, "BENCH_DATABASE": database}, check=True)  # noqa: S603 -- our own
        return read(Path(folder) / "bench.json")


def prepare() -> None:
    """The questionnaire as shipped, and a nation that answered it."""
    path = Path(settings.BASE_DIR) / "fixtures" / "questionnaires" / "dx-maturity-2024.yaml"
    call_command("load_questionnaire", path, publish=True)
    call_command("load_schemes")
    questionnaire = Questionnaire.objects.get(code="dx-maturity")
    nation.load(stored_questionnaire(questionnaire.pk).spec, questionnaire)
    prefecture = Organization.objects.get(code="020000")
    for survey in Survey.objects.filter(prefecture=prefecture):
        classify(survey.pk)
    refresh(prefecture.pk)


main()
