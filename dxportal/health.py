"""``/healthz``: this process answers. ``/readyz``: what it needs is there, so traffic may come."""

import logging

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

logger = logging.getLogger(__name__)
BROKER_SECONDS = 2
_migrated = False


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what failed; the reasons are in the log only."""
    failed = []
    for name, probe in PROBES.items():
        try:
            ready = probe()
        except Exception:  # whatever a driver raises, the answer is "not ready"
            logger.exception("readyz: %s", name)
            ready = False
        if not ready:
            failed.append(name)
    return JsonResponse({"status": "unavailable" if failed else "ok", "failed": failed}, status=503 if failed else 200)


def database_answers() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def broker_answers() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS) as client:
        return client.ping()


def is_migrated() -> bool:
    """Whether the database has every migration of this code. A yes stays true as long as the process lives."""
    global _migrated
    # Probes come all the time, and a plan reads all migration files and their table.
    if _migrated:
        return True
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


PROBES = {"database": database_answers, "broker": broker_answers, "migrations": is_migrated}
