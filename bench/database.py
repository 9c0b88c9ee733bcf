"""The bench's own database, beside the portal's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection

NAME = os.environ.get("BENCH_DATABASE", "") or "dxportal_bench"
MEETINGS = f"{NAME}_meetings"  # so are ten years of sessions
REDUCED = f"{NAME}_meetings_reduced"  # and the few that try the bench out
LARGE = f"{NAME}_cases"  # the large library is by itself, so that the other figures keep their meaning


def create(name: str = NAME, *, fresh: bool) -> None:
    """Make the database where it is missing, or anew."""
    with psycopg.connect(**connection_values("postgres"), autocommit=True) as server:
        if fresh:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}"')


def connection_values(name: str = NAME) -> dict[str, str]:
    """psycopg's arguments for a database of the portal's server."""
    own = settings.DATABASES["default"]
    values = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"]}
    return {"dbname": name} | {key: str(value) for key, value in values.items() if value}


@contextmanager
def without_triggers(*models) -> Iterator[None]:
    """Made-up rows need neither history nor upkeep row by row; foreign keys are checked all the same."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks put off cannot be altered
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
