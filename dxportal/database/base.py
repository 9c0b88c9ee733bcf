"""What the setting ENGINE names. The pool's own check gives up at the second dead connection, and its timeout cannot tell a
server that is away from one that is only busy: both cost requests that could have been answered."""

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool, PoolTimeout

PATIENCE = 10.0  # seconds that somebody waits for a connection while the server answers
AT_ONCE = 0.5  # seconds in which a dead connection says so; one that takes longer belongs to a server that stands still


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection:
        """From the pool: alive, and waited for as long as the server is there."""
        if not self.pool:
            return super().get_new_connection(conn_params)
        until = time.monotonic() + PATIENCE
        while True:
            began = time.monotonic()
            try:
                connection = super().get_new_connection(conn_params)
            except PoolTimeout:
                if time.monotonic() > until or not server_answers():
                    raise
                continue
            taken = time.monotonic()
            try:
                ConnectionPool.check_connection(connection)
                return connection
            except psycopg.Error:
                self.pool.putconn(connection)  # which opens another one in its place
                if time.monotonic() - taken > AT_ONCE or began > until:
                    raise


def server_answers() -> bool:
    """By a connection of its own, past the pool; two seconds at most."""
    from dxportal.health import database_reachable  # noqa: PLC0415 -- it needs the connections made here

    return database_reachable()
