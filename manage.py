#!/usr/bin/env python
"""Django's command line for dxportal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from dxportal.running import embedded

CONFIGURED_BY = ("DXPORTAL_ENV", "SECRET_KEY", "DATABASE_URL")
WITHOUT_SERVERS = {
    "help",
    "version",
    "check",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "demo",
    "collect_static_if_changed",
}


def main(arguments: list[str]) -> None:
    """Run one command; a checkout without any configuration is a demo, anything else says what it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dxportal.settings")
    if not any(os.environ.get(name) for name in CONFIGURED_BY):
        os.environ["DXPORTAL_ENV"] = "demo"
    if len(arguments) > 1 and arguments[1] not in WITHOUT_SERVERS and not arguments[1].startswith("-"):
        try:
            embedded.ensure()
        except embedded.EmbeddedError as error:
            sys.exit(f"manage.py: {error}")
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main(sys.argv)
