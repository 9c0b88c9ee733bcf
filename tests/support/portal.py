"""The whole portal on servers of its own, with the demo's data, durable as for people: for tests that kill parts of it."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import psutil
import psycopg
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from dxportal.configuration import celery_broker
from dxportal.running import backup, embedded
from dxportal.running.embedded import service
from dxportal.running.processes import Processes
from tests.support import worlds
from tests.support.clients import Client
from tests.support.worker import wait_until

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "dxportal"]
WEB_WORKERS = 2
IN_A_ROW = 12
BETWEEN_BEATS = 3  # seconds
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
            "WEB_WORKERS": str(WEB_WORKERS),
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        self.port = port
        self.processes = Processes()
        self.workers = 0

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
        """Another one, where there was one before."""
        self.workers += 1
        self.processes.start(f"worker{self.workers}", WORKER, self.environment)

    def worker(self) -> psutil.Process:
        return psutil.Process(self.processes.pid(f"worker{self.workers}"))

    def children(self, name: str) -> list[psutil.Process]:
        """Of the web server or the worker; of PostgreSQL those that serve connections."""
        if name == "postgres":
            note = (self.base / "postgres" / "postmaster.pid").read_text()
            serving = psutil.Process(int(note.splitlines()[0])).children()
            return [process for process in serving if "dxportal dxportal" in line_of(process)]
        leader = self.worker() if name == "worker" else psutil.Process(self.processes.pid(name))
        return leader.children(recursive=True)

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

    def member(self, mail: str) -> Client:
        """Signed in as this person of the demo."""
        client = Client(self.address)
        statement = """
            SELECT m.id FROM accounts_membership AS m JOIN accounts_user AS u ON u.id = m.user_id WHERE u.email = %s
        """
        client.sign_in(self.query(statement, mail)[0][0])
        return client

    def strike(self, kind: str, chance: random.Random) -> None:
        """Kills one process of this kind: web, worker, postgres or valkey."""
        processes = self.valkey() if kind == "valkey" else self.children(kind)
        with suppress(psutil.NoSuchProcess):  # a connection that was given back meanwhile
            if processes:
                chance.choice(processes).send_signal(signal.SIGKILL)

    def wait_for_database(self) -> None:
        """After one of its processes was killed: it ends all connections, recovers, and takes new ones."""
        wait_until(self.answers, 60)

    def answers(self) -> bool:
        try:
            return self.query("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def wait_for_web(self, client: Client) -> None:
        """Until every child has connections that live: so many pages in a row come from all of them."""
        row: list[int] = []

        def answered() -> bool:
            row.append(client.open("/")[0])
            return row[-IN_A_ROW:] == [200] * IN_A_ROW

        wait_until(answered, 60)

    def wait_for_job(self, condition: Callable[[], object], seconds: float, *, dead: tuple = ()) -> None:
        """A message that the broker lost, or was not told as it was away, is sent by the next reaping: beat sends one every
        15 seconds, here they come closer together. ``dead``: job and attempt that is over without having said so."""
        last = 0.0

        def met() -> object:
            nonlocal last
            if monotonic() - last > BETWEEN_BEATS:
                last = monotonic()
                if dead:
                    self.let_silence_count(*dead)
                self.send_reap()
            return condition()

        wait_until(met, seconds)

    def pause_worker(self) -> None:
        """What is queued meanwhile waits for ``resume_worker``."""
        self._signal_worker(signal.SIGSTOP)

    def resume_worker(self) -> None:
        self._signal_worker(signal.SIGCONT)

    def _signal_worker(self, number: signal.Signals) -> None:
        for process in (self.worker(), *self.children("worker")):
            with suppress(psutil.NoSuchProcess):  # one that was killed before, and is just being replaced
                process.send_signal(number)

    def let_silence_count(self, job, attempt: int) -> None:
        """The minute after which a silent job counts as dead has gone. Asked again and again: the dead attempt's worker
        may write one more sign of life while it ends."""
        with psycopg.connect(**self.dsn) as connection:
            old = """
                UPDATE jobs_job SET heartbeat_at = now() - interval '61 seconds'
                WHERE id = %s AND attempts = %s AND state = 'running'
            """
            connection.execute(old, [job, attempt])

    def send_reap(self) -> None:
        """Nothing where the broker is just coming back."""
        with (
            suppress(OperationalError),
            Celery(broker=celery_broker(service.redis_url(self.base)), set_as_current=False) as app,
        ):
            app.send_task("jobs.reap", queue="interactive")


def line_of(process: psutil.Process) -> str:
    """Its command; empty once it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def running_portal(blocker) -> Iterator[Portal]:
    """In a folder of its own, which goes afterwards."""
    # Not below pytest's: the account of PostgreSQL must be able to enter it, and each pytest closes that one again.
    base = Path(tempfile.mkdtemp(prefix="dxportal-test-"))
    base.chmod(0o711)
    with blocker.unblock():
        template = worlds.world("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service.start(base)
    portal = Portal(base, port)
    try:
        portal.fill(template)
        subprocess.run([*MANAGE, "collect_static_if_changed"], env=portal.environment, check=True)
        portal.start()
        Client(portal.address).wait()
        yield portal
    finally:
        portal.processes.stop()
        service.stop(base)
        shutil.rmtree(base, ignore_errors=True)
        embedded.ensure()
