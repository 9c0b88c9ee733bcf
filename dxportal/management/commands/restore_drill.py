"""``make restore-drill``."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dxportal.running import backup


class Command(BaseCommand):
    help = "Restores a dump (of now, or DUMP) into a database of its own and compares every table by checksum."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("dump", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        arguments = [str(options["dump"])] if options["dump"] else []
        try:
            sys.exit(backup.run("restore-drill.sh", arguments, backup.environment(settings.DATABASES["default"])))
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
