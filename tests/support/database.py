"""Databases that are made once and then copied: first of all an empty one with every migration."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase
from psycopg import errors, sql

from bench.database import connection_values

PREFIX = "test_template_"
LASTING = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker, request: pytest.FixtureRequest
) -> None:
    """Before pytest-django makes the test database: as a copy, which is then migrated by nothing any more."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """pytest-django's own. Before it drops the database nobody is connected to it any more: a worker that a test killed
    may have left its backend at work."""
    yield
    with django_db_blocker.unblock():
        connection.close()
        end_other_sessions()


def migrated() -> str:
    """The name of an empty database with every migration of today; made if there is none."""

    def make() -> None:
        call_command("migrate", verbosity=0)

    return kept(PREFIX, migrations_digest(), "template0", make)


def copy(source: str, target: str) -> None:
    """Anew, even if somebody is still connected to an older ``target``."""
    with server() as admin:
        drop(admin, target)
        names = map(sql.Identifier, (target, source))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


@contextmanager
def server(database: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection of its own to the tests' server, outside Django and each statement by itself."""
    with psycopg.connect(**connection_values(database), autocommit=True) as admin:
        yield admin


def end_other_sessions() -> None:
    """Of this process's test database: a worker that a test killed may have left its backend at work there."""
    with server() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [connection.settings_dict["NAME"]],
        )


def drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def kept(prefix: str, state: str, source: str, make: Callable[[], None]) -> str:
    """The database ``prefix + state``; if there is none, ``make`` fills a copy of ``source`` and older ones go."""
    name = prefix + state
    with server() as admin, _alone(admin, prefix):
        if not _exists(admin, name):
            if prefix != source:
                _forget(admin, prefix)
            fresh = f"{name}_new"  # renamed when it is whole: a run that was killed leaves nothing half made
            copy(source, fresh)
            with connected_to(fresh):
                make()
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (fresh, name))))
    return name


def _forget(admin: psycopg.Connection, prefix: str) -> None:
    """Older ones, but for those that a run of yet another state of the code still uses."""
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall():
        with suppress(errors.ObjectInUse):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


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


def migrations_digest() -> str:
    """Changes whenever a migration of ours or of a library does."""
    digest = hashlib.sha256(django.__version__.encode())
    for (app, name), migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        digest.update(f"{app}.{name}".encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    values = connection.settings_dict
    before = values["NAME"]
    connection.close()
    values["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        values["NAME"] = before


def empty_tables(test: TransactionTestCase) -> None:
    """What a test that commits leaves. Django's own way empties all tables, most of them empty, and then makes content
    types and permissions anew: ten times as long."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [sql.Identifier(table) for table in tables if table not in LASTING]
    ask = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name.as_string(), name) for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(ask)
        if filled := [name for (name,) in cursor.fetchall()]:
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.SQL, filled))))


TransactionTestCase._fixture_teardown = empty_tables
