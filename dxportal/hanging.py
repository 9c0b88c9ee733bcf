"""A PostgreSQL that neither answers nor closes its connections: a machine that stands still, a cut cable.

Whoever asks it waits until the network gives up, which can take a quarter of an hour. A thread of the web process sees who
has waited for long, looks by a connection of its own whether the server answers at all, and if not ends the waiting.
"""

import logging
import os
import socket
import threading
import time
from typing import Any

import psycopg

from dxportal.core import outage

logger = logging.getLogger(__name__)
PATIENCE = 1.0  # seconds in which an answer needs no explanation
TRIES = 2  # of a connection of our own: a busy machine may be late once
# Which connection each thread waits for, and since when.
_waiting: dict[int, tuple["WatchedConnection", float]] = {}


class WatchedConnection(psycopg.Connection):
    """Notes as long as somebody waits for its server."""

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        me = threading.get_ident()
        _waiting[me] = (self, time.monotonic())
        try:
            return super().wait(*args, **kwargs)
        finally:
            _waiting.pop(me, None)


def start() -> None:
    """In each web process, after it was forked."""
    threading.Thread(target=_watch, name="hanging", daemon=True).start()


def _watch() -> None:
    while True:
        time.sleep(PATIENCE / 2)
        look()


def look() -> None:
    """Ends all long waiting if the server answers nobody. A long statement of a server that answers goes on."""
    from dxportal.health import database_reachable, in_time  # noqa: PLC0415 -- settings import this module

    late = time.monotonic() - PATIENCE
    overdue = [connection for connection, since in list(_waiting.values()) if since < late]
    if not overdue or any(in_time({"reachable": database_reachable}, PATIENCE)["reachable"] for _ in range(TRIES)):
        return
    logger.error("the database does not answer: %s connections are given up", len(overdue))
    outage.database.trip()
    for connection in overdue:
        cut(connection)


def cut(connection: psycopg.Connection) -> None:
    """Whoever waits for it gets an OperationalError. Closing it from here would not wake them."""
    try:
        with socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        pass  # it has ended meanwhile
