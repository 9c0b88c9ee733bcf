"""The web server by itself, in production and in the demo."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dxportal.running import web


class Command(BaseCommand):
    help = "Serves the portal (granian, the application loaded once and shared by WEB_WORKERS processes)."
    requires_system_checks = ()  # the application checks itself as it loads

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.WEB_HOST)
        parser.add_argument("--port", type=int, default=settings.WEB_PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        web.serve(host, port, workers=settings.WEB_WORKERS or os.cpu_count() or 1, threads=settings.WEB_THREADS)
