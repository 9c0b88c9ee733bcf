"""The bench's own database, beside the portal's."""

import os

import psycopg
from django.conf import settings

NAME = os.environ.get("BENCH_DATABASE", "") or "dxportal_bench"


def create(*, fresh: bool) -> None:
    """Make the database where it is missing, or anew."""
    with psycopg.connect(**connection_values("postgres"), autocommit=True) as connection:
        if fresh:
            connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}"')


def connection_values(name: str = NAME) -> dict[str, str]:
    """psycopg's arguments for a database of the portal's server."""
    own = settings.DATABASES["default"]
    values = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"]}
    return {"dbname": name} | {key: str(value) for key, value in values.items() if value}
