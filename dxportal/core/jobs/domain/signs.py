"""When beat and worker were last seen, for those who watch the portal: people notice that one is away only hours later."""

import logging
import time

from django.core.cache import cache
from django.db import DatabaseError, connection

PROCESSES = ("beat", "worker")
LATE_AFTER = 60  # seconds: beat sends a reaping every 15, and the worker does it
logger = logging.getLogger(__name__)


def note(process: str) -> None:
    """Now. Nothing where the database is away: that is told by itself."""
    try:
        cache.set(key_of(process), time.time(), None)
    except DatabaseError:
        logger.warning("%s: its sign of life was not written", process)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # beat has no requests, after which Django would do so: a dead one would stay for ever


def late() -> list[str]:
    """Those that have not been seen for longer than usual; not those that this installation has never had."""
    seen = cache.get_many([key_of(process) for process in PROCESSES])
    return [process for process in PROCESSES if time.time() - seen.get(key_of(process), time.time()) > LATE_AFTER]


def key_of(process: str) -> str:
    return f"last-sign-of-{process}"
