"""The pool of connections after PostgreSQL was away, and while it is busy."""

import threading
import time

import psycopg
import pytest
from django.db import OperationalError, connection

from dxportal.database import base

MOST = 6


@pytest.fixture
def pooled(django_db_setup, django_db_blocker):
    """Gives wrappers, each as a thread of the web process has one, on a common pool."""
    made = []

    class Apart(base.DatabaseWrapper):
        _connection_pools = {}

    def wrapper(size=MOST, **place):
        pool = {"min_size": 1, "max_size": size, "timeout": 0.3, "reconnect_timeout": 0.2}
        given = connection.settings_dict
        settings = {**given, **place, "OPTIONS": {**given["OPTIONS"], "pool": pool}}
        made.append(Apart(settings))
        return made[-1]

    with django_db_blocker.unblock():
        yield wrapper
        for each in made:
            each.close()
        made[0].close_pool()


def pid_of(wrapper) -> int:
    wrapper.ensure_connection()
    return wrapper.connection.info.backend_pid


def test_dead_connections_in_the_pool_cost_no_request(pooled, django_db_blocker):
    threads = [pooled() for _ in range(MOST)]
    pids = [pid_of(each) for each in threads]
    for each in threads:
        each.close()
    with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as operator:
        for pid in pids:
            operator.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])

    started = time.monotonic()
    fresh = [pid_of(each) for each in threads]

    assert not set(fresh) & set(pids)
    assert len(set(fresh)) == MOST
    assert time.monotonic() - started < 5


def test_a_busy_server_is_waited_for_longer_than_the_pool_waits(pooled):
    holder, waiter = pooled(size=1), pooled(size=1)
    holder.ensure_connection()
    holder.inc_thread_sharing()
    busy = threading.Timer(1, holder.close)
    busy.start()

    waiter.ensure_connection()

    assert waiter.is_usable()
    busy.join()


def test_a_server_that_is_away_is_not_waited_for(pooled, monkeypatch):
    monkeypatch.setattr(base, "server_answers", lambda: False)
    started = time.monotonic()

    with pytest.raises(OperationalError):
        pooled(HOST="127.0.0.1", PORT="1").ensure_connection()

    assert time.monotonic() - started < 3
