"""``make backup``."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dxportal.running import backup


class Command(BaseCommand):
    help = "Dumps the database into FOLDER (by default backups/ in DXPORTAL_HOME), checked and with its checksum."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or settings.HOME / "backups"
        try:
            sys.exit(backup.run("backup.sh", [str(folder)], backup.environment(settings.DATABASES["default"])))
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
