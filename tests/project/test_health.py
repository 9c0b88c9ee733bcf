import json
import re
import threading
import time

import pytest
from celery.signals import after_task_publish
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from dxportal import health
from dxportal.core.jobs import tasks
from dxportal.core.jobs.domain import signs
from dxportal.logging import JsonFormatter, TraceFilter


@pytest.fixture(autouse=True)
def fresh_answers():
    health._migrated = False


def test_healthz_needs_neither_host_nor_sign_in_nor_database(client, settings):
    settings.ALLOWED_HOSTS = ["dx.example.jp"]
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_ok_when_everything_is_there(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "failed": []})


@pytest.mark.django_db
def test_readyz_finds_a_database_whose_place_stands_among_the_options(client, monkeypatch):
    """As in postgres://portal@/portal?host=/run/postgresql, and with certificates."""
    given = connection.settings_dict
    monkeypatch.setitem(given, "OPTIONS", {**given["OPTIONS"], "host": given["HOST"]})
    monkeypatch.setitem(given, "HOST", "")

    assert client.get("/readyz").json() == {"status": "ok", "failed": []}


@pytest.mark.django_db
def test_readyz_names_the_broker_and_no_detail_of_it(client, settings):
    settings.REDIS_URL = "redis://:very-secret@127.0.0.1:1/0"

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "failed": ["broker"]})


@pytest.mark.django_db
def test_readyz_names_a_disk_before_it_is_full(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["failed"]) == (503, ["disk"])


@pytest.mark.django_db
def test_readyz_names_migrations_that_are_not_applied_yet(client):
    newest = next(each for each in MigrationLoader(connection).graph.leaf_nodes() if each[0] == "jobs")
    MigrationRecorder(connection).record_unapplied(*newest)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["failed"]) == (503, ["migrations"])


def test_readyz_names_the_database(client):
    response = client.get("/readyz")  # without the fixture the database is out of bounds, as if it were gone

    assert (response.status_code, response.json()["failed"]) == (503, ["database", "migrations"])


def test_maintenance_stops_pages_and_not_probes(client, settings):
    settings.MAINTENANCE = True

    page = client.get("/surveys/")

    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "600", "no-store")
    assert "メンテナンス" in page.content.decode()
    assert "10分ほど待ってから" in page.content.decode()
    assert client.get("/healthz").status_code == 200


def test_a_request_id_is_taken_over_and_given_back(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize("offered", ["", "short", "a" * 65, "line\u2028break", "<script>alert(1)</script>"])
def test_an_odd_request_id_is_replaced(client, offered):
    given = client.get("/healthz", headers={"X-Request-ID": offered} if offered.isascii() else {})["X-Request-ID"]

    assert re.fullmatch(r"[0-9a-f]{32}", given)


@pytest.mark.django_db
def test_the_log_of_a_request_names_the_route_and_nothing_personal(client, caplog):
    caplog.set_level("INFO", "dxportal.request")
    client.get("/account/login/?next=/members/&email=taro@example.jp", headers={"X-Request-ID": "abc-12345"})

    record = next(each for each in caplog.records if each.name == "dxportal.request")
    TraceFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    assert (line["route"], line["status_code"], line["method"]) == ("account/login/", 200, "GET")
    assert "taro" not in json.dumps(line)


def test_probes_that_stand_still_are_waited_for_together():
    forever = threading.Event()
    started = time.monotonic()

    answers = health.in_time({"database": forever.wait, "broker": forever.wait, "disk": lambda: True}, 0.2)

    assert answers == {"database": False, "broker": False, "disk": True}
    assert time.monotonic() - started < 0.4
    forever.set()


def test_readyz_does_not_wait_for_a_database_that_stops_while_it_is_asked(client, monkeypatch):
    stopped = threading.Event()
    monkeypatch.setitem(health.OWN, "database", lambda: stopped.wait(10))
    started = time.monotonic()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["failed"]) == (503, ["database", "migrations"])
    assert time.monotonic() - started < 1.2
    stopped.set()


@pytest.mark.django_db
def test_readyz_names_beat_and_worker_that_were_not_seen_for_a_minute_and_stays_ready(client, monkeypatch):
    assert "late" not in client.get("/readyz").json()  # an installation that never had one
    for process in signs.PROCESSES:
        signs.note(process)
    assert "late" not in client.get("/readyz").json()

    monkeypatch.setattr(signs, "LATE_AFTER", -1)
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "failed": [], "late": ["beat", "worker"]})


@pytest.mark.django_db
def test_a_reaping_that_was_sent_is_a_sign_of_beat_and_one_that_was_done_of_the_worker(settings):
    settings.SIGNS_OF_LIFE = True

    after_task_publish.send(sender="jobs.reap", headers={}, body=(), routing_key="")
    assert cache.get(signs.key_of("beat"))
    assert not cache.get(signs.key_of("worker"))
    tasks.reap()

    assert cache.get(signs.key_of("worker"))
