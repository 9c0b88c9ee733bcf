"""Worlds of many rows, each a database that is made once for every state of the code and then copied."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench import indexing
from bench import library as bench_library
from tests.settings import WORKER
from tests.support import database
from tests.support.cast import make_cast

LARGE = 200
FOLDERS = (
    "dxportal",
    "assessments",
    "casestudies",
    "consultations",
    "bench",
    "fixtures",
    "requirements",
    "tests/support/worlds.py",
    "tests/support/cast.py",
)
KINDS = {".py", ".yaml", ".yml", ".csv", ".json", ".jsonl", ".txt", ".sql"}


def _large() -> None:
    """The cast, the library and ``LARGE`` made cases, indexed."""
    make_cast()
    bench_library.load(LARGE)
    indexing.rebuild()


WORLDS = {
    "library": partial(call_command, "load_cases", verbosity=0),
    "demo": partial(call_command, "load_demo", verbosity=0),
    "large": _large,
}


def world(name: str) -> str:
    """The name of its database. What would be done on commit is not, and no job waits."""
    return database.kept(f"test_world_{name}_", _digest(), database.migrated(), partial(_fill, name))


@contextmanager
def inside(name: str, blocker) -> Iterator[None]:
    """Tests run on this process's copy of a world; each takes back what it changes, as in the test database."""
    with blocker.unblock():
        source = world(name)
        own = database.kept(source, f"_{WORKER}", source, lambda: None)
        with database.connected_to(own):
            yield


def _fill(name: str) -> None:
    with connection.cursor() as cursor:
        # The code keeps some things by their key for as long as it runs: no key here is one of another database.
        start = (zlib.crc32(name.encode()) % 200 + 1) * 10_000_000
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences", [start]
        )
        with transaction.atomic():
            WORLDS[name]()
            connection.run_on_commit.clear()
        cursor.execute("DELETE FROM jobs_job WHERE state = 'queued'")
        cursor.execute("ANALYZE")


def _digest() -> str:
    """Changes with any line of code and of the fixtures, and with the day (worlds are dated from today)."""
    digest = hashlib.sha256(f"{database.migrations_digest()} {timezone.localdate()}".encode())
    for folder in FOLDERS:
        start = settings.BASE_DIR / folder
        for path in sorted([start, *start.rglob("*")]):
            if path.is_file() and path.suffix in KINDS:
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
