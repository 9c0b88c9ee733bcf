"""Backups and restore drills: shell scripts around PostgreSQL's own programs, run against the portal's database.

In Docker Compose the service ``backup`` runs the same scripts in PostgreSQL's own image.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dxportal.running import embedded
from dxportal.running.embedded.programs import postgres_bin

SCRIPTS = Path(__file__).resolve().parent
NEEDED = ("pg_dump", "pg_restore", "psql", "createdb", "dropdb")
# Of Django's connection settings the ones that libpq reads from its environment.
LIBPQ = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}


class BackupError(Exception):
    """The scripts cannot run; the message is one sentence for the person at the terminal."""


def environment(database: Mapping[str, Any]) -> dict[str, str]:
    """The variables by which PostgreSQL's programs reach Django's ``database``. BackupError where there are none."""
    variables = {**os.environ, **{name: str(database[key]) for key, name in LIBPQ.items() if database.get(key)}}
    if embedded.needed():
        variables["PATH"] = f"{postgres_bin(embedded.home())}{os.pathsep}{variables.get('PATH', os.defpath)}"
    missing = [name for name in NEEDED if not shutil.which(name, path=variables.get("PATH"))]
    if missing:
        names = ", ".join(missing)
        raise BackupError(f"{names} not found: install PostgreSQL's client programs of the server's version.")
    return variables


def run(script: str, arguments: list[str], variables: Mapping[str, str]) -> int:
    """Runs ``script`` to its end; gives its exit status."""
    return subprocess.run(["/bin/sh", SCRIPTS / script, *arguments], env=dict(variables), check=False).returncode  # noqa: S603
