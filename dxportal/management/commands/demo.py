"""``make demo``."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dxportal.core.embedded import EmbeddedError
from dxportal.running import demo


class Command(BaseCommand):
    help = "Runs the whole portal on this machine with demo data until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo does not run with DXPORTAL_ENV=production.")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        try:
            with demo.plain_words():
                demo.run(settings.WEB_HOST, settings.WEB_PORT, self.say)
        except (demo.DemoError, EmbeddedError) as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _leave(*_: Any) -> None:
    """Once: further signals must not cut the stopping short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)
