"""The whole portal as it runs for people: its own web server and Celery worker on a database of the demo's data."""

import email
import email.policy
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from django.conf import settings

from dxportal.running.demo import wait_for_page
from dxportal.running.processes import Processes
from tests.settings import WORKER
from tests.support.servers import environment

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "dxportal", "worker", "-Q", "interactive,bulk"]


class House:
    """Runs on ``database``; ``renew`` puts the demo's data back as they were loaded, while it runs."""

    def __init__(self, folder: Path) -> None:
        self.database = f"test_{settings.DATABASES['default']['NAME'].removeprefix('test_')}_journeys"
        self.template = f"{self.database}_demo"
        self.mails = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._fresh = False

    @contextmanager
    def open(self) -> Iterator["House"]:
        try:
            self._load()
            self.renew()
            self._fresh = True
            with Processes() as processes:
                env = self._environment(self.database)
                processes.start("web", [*MANAGE, "serve", "--port", str(self.port)], env)
                processes.start("worker", [*CELERY, "-c", "1", "--without-gossip", "--without-mingle"], env)
                wait_for_page(self.address, processes)
                yield self
        finally:
            self._administer(_drop(self.database), _drop(self.template))

    def renew(self) -> None:
        if self._fresh:
            self._fresh = False
            return
        self._administer(_drop(self.database), f'CREATE DATABASE "{self.database}" TEMPLATE "{self.template}"')
        self._forget(":*")
        for mail in self.mails.iterdir():
            mail.unlink()

    def mail_to(self, address: str) -> str:
        """The text of the newest mail to this address."""
        for path in sorted(self.mails.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True):
            for part in reversed(path.read_bytes().split(b"-" * 79)):
                mail = email.message_from_bytes(part.strip(), policy=email.policy.default)
                if address in str(mail["To"]):
                    return mail.get_content()
        raise LookupError(f"no mail to {address}")

    def _load(self) -> None:
        self._administer(_drop(self.template), f'CREATE DATABASE "{self.template}"')
        for command in (["migrate", "-v0"], ["load_demo"]):
            done = subprocess.run(
                [*MANAGE, *command], env=self._environment(self.template), capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        # What loading left to be done would be queued in each copy, though the worker takes it up only once.
        self._administer("DELETE FROM jobs_job WHERE state = 'queued'", database=self.template)
        self._forget("*")

    def _environment(self, database: str) -> dict[str, str]:
        return {
            **environment(database),
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
            "DXPORTAL_ORIGIN": self.address,
            "JOURNEY_MAILS": str(self.mails),
            "WEB_WORKERS": "1",
            "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")]),
        }

    def _forget(self, keys: str) -> None:
        """Cached sessions and limits (``:*``), or also what waits for the worker."""
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            for key in client.scan_iter(f"test-{WORKER}-journeys{keys}", count=1000):
                client.delete(key)

    def _administer(self, *statements: str, database: str = "postgres") -> None:
        server = settings.DATABASES["default"]
        keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        to = {name: server[key] for key, name in keys.items() if server.get(key)}
        with psycopg.connect(dbname=database, autocommit=True, **to) as connection:
            for statement in statements:
                connection.execute(statement)


def _drop(database: str) -> str:
    return f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'
