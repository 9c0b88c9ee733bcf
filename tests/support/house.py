"""The whole portal as it runs for people: its own web server and Celery worker on a database of the demo's data."""

import email
import email.policy
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings

from dxportal.running.demo import wait_for_page
from dxportal.running.processes import Processes
from tests.settings import WORKER
from tests.support import database
from tests.support.servers import environment

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "dxportal", "worker", "-Q", "interactive,bulk"]


class House:
    """Runs on a copy of ``template``; ``renew`` puts its data back as they were, while the house runs."""

    def __init__(self, template: str, folder: Path) -> None:
        self.template, self.database = template, f"test_journeys_{WORKER}"
        self.mails = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._fresh = False

    @contextmanager
    def open(self) -> Iterator["House"]:
        try:
            self._forget("*")
            self.renew()
            self._fresh = True
            with Processes() as processes:
                env = self._environment(self.database)
                processes.start("web", [*MANAGE, "serve", "--port", str(self.port)], env)
                processes.start("worker", [*CELERY, "-c", "1", "--without-gossip", "--without-mingle"], env)
                wait_for_page(self.address, processes)
                yield self
        finally:
            with database.server() as admin:
                database.drop(admin, self.database)

    def renew(self) -> None:
        if self._fresh:
            self._fresh = False
            return
        database.copy(self.template, self.database)
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
