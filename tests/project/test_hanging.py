"""A PostgreSQL that stands still: connections stay open, and no answer comes."""

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from celery.signals import beat_init, worker_process_init
from django.conf import settings

from dxportal import celery, hanging
from dxportal.core import outage
from tests.support.clients import Client
from tests.support.servers import database_url

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


class Line:
    """Stands between the portal and PostgreSQL and can be held: what is sent then arrives nowhere."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.held = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.listener.getsockname()[1]
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.server)
            self.ends += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                while self.held.is_set():
                    time.sleep(0.01)
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.held.clear()
        for end in (self.listener, *self.ends):
            end.close()


@pytest.fixture
def line(django_db_setup):
    parts = parse_qs(urlsplit(database_url()).query)
    line = Line(f"{parts['host'][0]}/.s.PGSQL.{parts['port'][0]}")
    yield line
    line.close()


@contextmanager
def portal(line: Line, folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    place = urlsplit(database_url())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")} | {
        "DXPORTAL_ENV": "demo",
        "DXPORTAL_HOME": str(folder),
        "DXPORTAL_ORIGIN": address,
        "DATABASE_URL": f"postgres://{place.username}@127.0.0.1:{line.port}{place.path}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "STATIC_ROOT": str(folder / "static"),
        "WEB_WORKERS": "1",
    }
    subprocess.run([*MANAGE, "collect_static_if_changed"], env=environment, check=True, capture_output=True)
    command = [*MANAGE, "serve", "--port", str(port)]
    web = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = Client(address)
        client.wait()
        yield client
    finally:
        web.terminate()
        web.wait(20)


def timed(client: Client, path: str) -> tuple[float, int, str]:
    started = time.monotonic()
    # A session that nobody has must be looked up.
    status, text = client.open(path, headers={"Cookie": f"dxportal_session={'x' * 32}"})
    return time.monotonic() - started, status, text


def test_a_database_that_stands_still_holds_neither_probes_nor_pages(line, tmp_path):
    with portal(line, tmp_path) as client, ThreadPoolExecutor(12) as people:
        line.held.set()
        # More than there are threads: all of these wait for the database.
        pages = [people.submit(timed, Client(client.address), "/account/login/") for _ in range(12)]
        probes = []
        until = time.monotonic() + 3
        while time.monotonic() < until:
            probes.append(timed(client, "/healthz"))
            time.sleep(0.1)
        answers = [page.result() for page in pages]
        ready = timed(client, "/readyz")
        late = timed(client, "/account/login/")
        line.held.clear()
        until = time.monotonic() + 5
        while timed(client, "/account/login/")[1] != 200:
            assert time.monotonic() < until
            time.sleep(0.2)

    assert {status for _, status, _ in probes} == {200}
    assert max(seconds for seconds, _, _ in probes) < 1
    assert {status for _, status, _ in answers} == {503}
    assert max(seconds for seconds, _, _ in answers) < 10  # unbounded: until the network gives up
    assert ready[1] == 503
    assert '"database"' in ready[2]
    assert ready[0] < 1
    assert late[1] == 503
    assert "保存した内容は残っています" in late[2]


@pytest.fixture
def watched():
    yield lambda line: psycopg_connection(line)
    outage.database.reset()


def psycopg_connection(line: Line) -> hanging.WatchedConnection:
    place = urlsplit(database_url())
    given = {"host": "127.0.0.1", "port": line.port, "user": place.username, "dbname": place.path[1:]}
    return hanging.WatchedConnection.connect(**given, autocommit=True)


def wait_for(connection: hanging.WatchedConnection, statement: str, results: list) -> threading.Thread:
    def run() -> None:
        try:
            results.append(connection.execute(statement).fetchone())
        except psycopg.Error as error:
            results.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    time.sleep(0.1)
    return thread


def test_a_long_statement_of_a_server_that_answers_goes_on(line, watched, monkeypatch):
    monkeypatch.setattr(hanging, "PATIENCE", 0.05)
    results: list = []
    with watched(line) as connection:
        thread = wait_for(connection, "SELECT 7 FROM pg_sleep(0.5)", results)
        hanging.look()
        thread.join(5)

    assert results == [(7,)]
    assert not outage.database.tripped


def test_whoever_waits_for_a_server_that_answers_nobody_is_woken(line, watched, monkeypatch):
    monkeypatch.setattr(hanging, "PATIENCE", 0.05)
    monkeypatch.setattr("dxportal.health.database_reachable", lambda: False)
    results: list = []
    with watched(line) as connection:
        line.held.set()
        thread = wait_for(connection, "SELECT 7", results)
        hanging.look()
        thread.join(5)

    assert isinstance(results[0], psycopg.OperationalError)
    assert outage.database.tripped
    assert not hanging._waiting


@pytest.mark.parametrize("started", [beat_init, worker_process_init], ids=["beat", "worker"])
def test_beat_and_workers_look_for_hanging_connections_too(started, monkeypatch):
    began = []
    monkeypatch.setattr(hanging, "start", lambda: began.append(True))

    celery.give_up_hanging()

    assert celery.give_up_hanging in [receiver() for _, receiver in started.receivers]
    assert began == [True]
