"""Processes started with settings of their own, and the settings that the docs list."""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>[^|]+) \| (?P<meaning>.+) \|$", re.MULTILINE)


SOUND = {
    "DXPORTAL_ENV": "production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://dxportal@127.0.0.1:1/dxportal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "dx.example.jp",
    "DXPORTAL_ORIGIN": "https://dx.example.jp",
    "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:1",
    "TRUSTED_PROXIES": "1",
    "PATH": os.environ["PATH"],
}


def documented():
    table = (ROOT / "docs/configuration.md").read_text().split("## Settings")[1].split("## What production")[0]
    return {row["name"]: row["default"].strip() for row in ROW.finditer(table)}


def start(arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
