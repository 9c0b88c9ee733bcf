"""Migrated once: a database that the test databases of this checkout's runs are copied from."""

import hashlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

PREFIX = "test_template_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker, request: pytest.FixtureRequest
) -> None:
    """Before pytest-django makes the test database: as a copy, which is then migrated by nothing any more."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


def migrated() -> str:
    """The name of an empty database with every migration of today; made if there is none."""
    name = f"{PREFIX}{_state_of_migrations()}"
    with server() as admin, _alone(admin, "template"):
        if not _exists(admin, name):
            _forget_old_ones(admin)
            fresh = f"{name}_new"  # renamed when it is whole: a run that was killed leaves nothing half made
            drop(admin, fresh)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
            with _connected_to(fresh):
                call_command("migrate", verbosity=0)
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (fresh, name))))
    return name


def copy(source: str, target: str) -> None:
    """Anew, even if somebody is still connected to an older ``target``."""
    with server() as admin:
        drop(admin, target)
        names = map(sql.Identifier, (target, source))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


@contextmanager
def server(database: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection of its own to the tests' server, outside Django and each statement by itself."""
    values = settings.DATABASES["default"]
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    to = {name: values[key] for key, name in keys.items() if values.get(key)}
    with psycopg.connect(dbname=database, autocommit=True, **to) as admin:
        yield admin


def drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _alone(admin: psycopg.Connection, word: str) -> Iterator[None]:
    """Two workers start at once: the second waits for what the first makes."""
    admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [word])
    try:
        yield
    finally:
        admin.execute("SELECT pg_advisory_unlock(hashtext(%s))", [word])


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _forget_old_ones(admin: psycopg.Connection) -> None:
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall():
        drop(admin, name)


def _state_of_migrations() -> str:
    """Changes whenever a migration of ours or of a library does."""
    digest = hashlib.sha256(django.__version__.encode())
    for (app, name), migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        digest.update(f"{app}.{name}".encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    values = connection.settings_dict
    before = values["NAME"]
    connection.close()
    values["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        values["NAME"] = before
