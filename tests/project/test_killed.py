"""The whole portal on servers of its own while its processes are killed at random: what it acknowledged is there."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import psutil
import psycopg
import pytest
from django.conf import settings

from dxportal.running import backup, embedded
from dxportal.running.embedded import service
from dxportal.running.processes import Processes
from tests.support import worlds
from tests.support.clients import Client

KINDS = ("web", "worker", "postgres", "valkey")
ROUNDS = 3
BACK_WITHIN = 40  # seconds; bounds the test where nothing comes back
BETWEEN = 2  # seconds from one killing to the next
SEED = 8
PEOPLE = ("officer@demo.example", "approver@demo.example", "neighbour@demo.example")
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "dxportal"]
WORKER = [*CELERY, "worker", "-Q", "interactive,bulk", "-c", "1", "--without-gossip", "--without-mingle"]


class Portal:
    """Web, worker, PostgreSQL and Valkey in a folder of their own, with the demo's data; durable as for people."""

    def __init__(self, base, port: int) -> None:
        self.base = base
        self.address = f"http://127.0.0.1:{port}"
        place = service.database(base)
        self.dsn = {"host": place["HOST"], "port": place["PORT"], "dbname": place["NAME"], "user": place["USER"]}
        hidden = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DATABASE_POOL_SIZE")
        self.environment = {name: value for name, value in os.environ.items() if name not in hidden} | {
            "DXPORTAL_ENV": "demo",
            "DXPORTAL_HOME": str(base),
            "DXPORTAL_ORIGIN": self.address,
            "EMAIL_URL": "dummymail://",
            "STATIC_ROOT": str(base / "static"),
            "WEB_WORKERS": "2",
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        self.port = port
        self.processes = Processes()

    def fill(self, template: str) -> None:
        """The data of the tests' world ``template``, dumped and restored."""
        source = backup.environment({**settings.DATABASES["default"], "NAME": template})
        dump = self.base / "world.dump"
        subprocess.run(["pg_dump", "-Fc", "-f", str(dump)], env=source, check=True)
        target = {**source, "PGHOST": self.dsn["host"], "PGPORT": "5432", "PGDATABASE": self.dsn["dbname"]}
        command = ["pg_restore", "--no-owner", "-d", self.dsn["dbname"], str(dump)]
        subprocess.run(command, env={**target, "PGUSER": self.dsn["user"]}, check=True)

    def query(self, statement: str, *values):
        with psycopg.connect(**self.dsn) as connection:
            return connection.execute(statement, values).fetchall()

    def start(self) -> None:
        self.processes.start("web", [*MANAGE, "serve", "--port", str(self.port)], self.environment)
        self.start_worker()

    def start_worker(self) -> None:
        self.processes.start("worker", WORKER, self.environment)

    def children(self, name: str) -> list[psutil.Process]:
        """Of the web server or the worker; of PostgreSQL those that serve connections."""
        if name == "postgres":
            note = (self.base / "postgres" / "postmaster.pid").read_text()
            serving = psutil.Process(int(note.splitlines()[0])).children()
            return [process for process in serving if "dxportal dxportal" in " ".join(process.cmdline())]
        return psutil.Process(self.processes.pid(name)).children(recursive=True)

    def valkey(self) -> list[psutil.Process]:
        folder = str(self.base / "valkey")
        found = []
        for process in psutil.process_iter(["name"]):
            try:
                if "valkey" in (process.info["name"] or "") and process.cwd() == folder:
                    found.append(process)
            except psutil.Error:
                continue
        return found


@pytest.fixture
def portal(tmp_path, free_port, django_db_setup, django_db_blocker):
    for each in (tmp_path, *tmp_path.parents):
        if each.stat().st_uid == os.geteuid() and each.stat().st_mode & 0o111 != 0o111:
            each.chmod(each.stat().st_mode | 0o111)
    base = tmp_path / "home"
    with django_db_blocker.unblock():
        template = worlds.world("demo")
    service.start(base)
    portal = Portal(base, free_port)
    try:
        portal.fill(template)
        subprocess.run([*MANAGE, "collect_static_if_changed"], env=portal.environment, check=True)
        portal.start()
        yield portal
    finally:
        portal.processes.stop()
        service.stop(base)
        shutil.rmtree(base, ignore_errors=True)
        embedded.ensure()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Writer(threading.Thread):
    """Somebody who answers question after question; keeps what the portal said it has stored."""

    def __init__(self, portal: Portal, mail: str, codes: list[str], response: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client = Client(portal.address)
        self.mail = mail
        self.codes = codes
        self.response = response
        self.stop = stop
        self.acknowledged: dict[str, str] = {}
        self.sent: dict[str, set[str]] = {}
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        number = 0
        revisions: dict[str, int] = {}
        while not self.stop.is_set():
            code = self.codes[number % len(self.codes)]
            number += 1
            note = f"{self.mail} {number}"
            self.sent.setdefault(code, set()).add(note)
            status, answer = self.client.save(self.response, code, note, revisions.get(code, 0))
            self.statuses[status] += 1
            if status == 200:
                revisions[code] = answer["saved"]["revision"]
                self.acknowledged[code] = note
            elif status == 409:  # its own last attempt was stored and only the reply was lost
                revisions[code] = answer["theirs"]["revision"]
            else:
                time.sleep(0.1)


def strike(portal: Portal, kind: str, chance: random.Random) -> None:
    """Kills one process of this kind."""
    processes = portal.valkey() if kind == "valkey" else portal.children(kind)
    if processes:
        chance.choice(processes).send_signal(signal.SIGKILL)


def test_what_was_acknowledged_is_there_whatever_was_killed(portal):
    Client(portal.address).wait()
    rows = portal.query("""
        SELECT u.email, r.id FROM accounts_user AS u
        JOIN accounts_membership AS m ON m.user_id = u.id
        JOIN assessments_response AS r ON r.organization_id = m.organization_id
        JOIN assessments_survey AS s ON s.id = r.survey_id
        WHERE s.state = 'open' AND r.state IN ('not_started', 'in_progress') AND u.email LIKE '%%@demo.example'
    """)
    responses = {mail: response for mail, response in rows if mail in PEOPLE}
    assert len(responses) >= 2, rows
    questions = portal.query(
        """
        SELECT DISTINCT q.code FROM assessments_question AS q
        JOIN assessments_survey AS s ON s.questionnaire_id = q.questionnaire_id
        JOIN assessments_response AS r ON r.survey_id = s.id
        WHERE r.id = %s ORDER BY q.code
    """,
        next(iter(responses.values())),
    )
    codes = [code for (code,) in questions]
    stop = threading.Event()
    # Two people of one town take questions of their own: what one has typed is not the other's to lose.
    writers = [
        Writer(portal, mail, codes[place :: len(responses)], response, stop)
        for place, (mail, response) in enumerate(responses.items())
    ]
    for writer in writers:
        writer.client.sign_in(
            portal.query(
                "SELECT m.id FROM accounts_membership AS m JOIN accounts_user AS u "
                "ON u.id = m.user_id WHERE u.email = %s",
                writer.mail,
            )[0][0]
        )
        writer.start()

    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        # In turn: granian takes a worker that dies within six seconds of its start for broken, and ends.
        for kind in KINDS:
            time.sleep(BETWEEN)
            strike(portal, kind, chance)
    # What was killed comes back by itself, and everybody saves once more.
    before = [writer.statuses[200] for writer in writers]
    until = time.monotonic() + BACK_WITHIN
    while any(writer.statuses[200] == count for writer, count in zip(writers, before, strict=True)):
        assert time.monotonic() < until, [writer.statuses for writer in writers]
        time.sleep(0.2)
    stop.set()
    for writer in writers:
        writer.join(20)

    statuses = sum((writer.statuses for writer in writers), Counter())
    assert set(statuses) <= {200, 409, 422, 503, 0}, statuses  # 422: a question that another answer hides
    assert statuses[200] > 30, statuses
    lost = []
    for writer in writers:
        stored = dict(
            portal.query(
                "SELECT q.code, a.note FROM assessments_answer AS a JOIN assessments_question AS q ON q.id = a.question_id "
                "WHERE a.response_id = %s",
                writer.response,
            )
        )
        for code, note in writer.acknowledged.items():
            # A later attempt whose reply was lost may be the one that is stored, an earlier one may not.
            later = {each for each in writer.sent[code] if number_of(each) > number_of(note)}
            if stored.get(code) != note and stored.get(code) not in later:
                lost.append((writer.mail, code, note, stored.get(code)))
    assert lost == []


def number_of(note: str) -> int:
    return int(re.search(r"\d+$", note)[0])
