"""``make demo``."""

import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dxportal.running import demo
from dxportal.running.embedded import EmbeddedError


class Command(BaseCommand):
    help = "Runs the whole portal on this machine with demo data until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            sys.exit("dxportal: the demo does not run with DXPORTAL_ENV=production.")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        try:
            with demo.plain_words():
                demo.run(settings.WEB_HOST, settings.WEB_PORT, self.say)
        except (demo.DemoError, EmbeddedError) as error:
            sys.exit(f"dxportal: {error}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _leave(*_: Any) -> None:
    """Once: further signals must not cut the stopping short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)
