"""The test's own servers in the form that another process takes them."""

import os
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection


def environment(database: str = "") -> dict[str, str]:
    """The environment of a process that is to work on this test's database (or another one) and broker."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(database),
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


def database_url(name: str = "") -> str:
    """Of the test database, or of another one beside it.

    A socket's folder goes into the query, since host names may not hold slashes.
    """
    database = connection.settings_dict
    name = name or database["NAME"]
    person = quote(database["USER"], safe="") + ":" + quote(database["PASSWORD"], safe="")
    if database["HOST"].startswith("/"):
        query = urlencode({"host": database["HOST"], "port": database["PORT"] or "5432"})
        return f"postgres://{person}@/{name}?{query}"
    return f"postgres://{person}@{database['HOST']}:{database['PORT'] or 5432}/{name}"
