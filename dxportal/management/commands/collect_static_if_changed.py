"""collectstatic for the demo, which starts often."""

from typing import Any

from django.core.management.base import BaseCommand

from dxportal.running.static import collect_if_changed


class Command(BaseCommand):
    help = "Collects and compresses the static files unless they are the ones of the last run."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        collect_if_changed()
