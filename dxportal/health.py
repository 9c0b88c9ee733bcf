"""``/healthz``: this process answers. ``/readyz``: what it needs is there, so traffic may come."""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from dxportal.core.jobs.domain import signs

logger = logging.getLogger(__name__)
READY_SECONDS = 0.9
PROBE_SECONDS = 0.6
BROKER_SECONDS = 0.5
LEAST_FREE = 100 * 1024**2  # bytes: below, uploads and PostgreSQL's own files begin to fail
_migrated = False


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what failed; the reasons are in the log only. Answers within a second.

    ``late`` names beat and worker where they were not seen for a minute: pages work without them, so traffic may come.
    """
    until = time.monotonic() + READY_SECONDS
    answers = in_time({"reachable": database_reachable, "broker": broker_answers, "disk": disk_has_room})
    # Through the portal's own connections only where the server answers at all. It may stop in between, or all of them may
    # be in use: so from threads too, but for somebody in a transaction, whose rows no other thread sees.
    own = OWN if answers["reachable"] else {}
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        answers |= {name: succeeds(name, probe) for name, probe in own.items()}
    else:
        answers |= in_time(own, until - time.monotonic())
    failed = [name for name in PROBES if not answers.get(name)]
    answer: dict[str, Any] = {"status": "unavailable" if failed else "ok", "failed": failed}
    if answers["broker"] and answers.get("late"):  # without the broker none of them can do anything
        answer["late"] = answers["late"]
    return JsonResponse(answer, status=503 if failed else 200)


def in_time(probes: dict[str, Callable[[], Any]], seconds: float = PROBE_SECONDS) -> dict[str, Any]:
    """All at once; what has not answered after ``seconds`` counts as failed and ends by itself."""
    until = time.monotonic() + seconds
    answers: dict[str, Any] = dict.fromkeys(probes, False)

    def ask(name: str, probe: Callable[[], Any]) -> None:
        try:
            answers[name] = succeeds(name, probe)
        finally:
            connections.close_all()  # this thread's own

    threads = [threading.Thread(target=ask, args=item, daemon=True) for item in probes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
    return dict(answers)


def succeeds(name: str, probe: Callable[[], Any]) -> Any:
    """What it answers; False where it fails."""
    try:
        return probe()
    except Exception:  # whatever a driver raises, the answer is "not ready"
        logger.exception("readyz: %s", name)
        return False


def database_reachable() -> bool:
    """Whether the server takes a connection of its own, past the pool: a pool hides whether the server is there."""
    # All that DATABASE_URL says: a socket's folder, certificates and the like stand among its options.
    wanted = connections[DEFAULT_DB_ALIAS].get_connection_params() | {"connect_timeout": 2}
    try:
        with psycopg.connect(**wanted) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def database_answers() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def broker_answers() -> bool:
    times = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
    with redis.Redis.from_url(settings.REDIS_URL, **times) as client:
        return client.ping()


def disk_has_room() -> bool:
    """Where the portal writes, and where uploads are kept while they arrive."""
    return all(shutil.disk_usage(folder).free >= LEAST_FREE for folder in (settings.HOME, tempfile.gettempdir()))


def is_migrated() -> bool:
    """Whether the database has every migration of this code. A yes stays true as long as the process lives."""
    global _migrated
    # Probes come all the time, and a plan reads all migration files and their table.
    if _migrated:
        return True
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


OWN: dict[str, Callable[[], Any]] = {"database": database_answers, "migrations": is_migrated, "late": signs.late}
PROBES = ("database", "broker", "migrations", "disk")
