"""``/healthz``: this process answers. ``/readyz``: what it needs is there, so traffic may come."""

import functools
import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

logger = logging.getLogger(__name__)
BROKER_SECONDS = 2


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what failed; the reasons are in the log only."""
    failed = [name for name, probe in PROBES.items() if not _passes(name, probe)]
    return JsonResponse({"status": "unavailable" if failed else "ok", "failed": failed}, status=503 if failed else 200)


def _passes(name: str, probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:  # whatever a driver raises, the answer is "not ready"
        logger.exception("readyz: %s", name)
        return False


def _database() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS) as client:
        return client.ping()


def _migrations() -> bool:
    """Whether the database has every migration of this code. A yes stays true as long as the process lives."""
    if _migrated.cache_info().currsize:
        return True
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    return _migrated()


@functools.cache
def _migrated() -> bool:
    return True


PROBES = {"database": _database, "broker": _broker, "migrations": _migrations}
