"""The demo: servers, data, web server, worker and beat in one command, and nothing left of them afterwards."""

import errno
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command, get_commands

from dxportal.running import embedded
from dxportal.running.embedded.account import die_with_parent
from dxportal.running.embedded.places import CHECKOUT
from dxportal.running.processes import Processes

NEEDED_BYTES = 500 * 1024**2
READY_SECONDS = 90
LOCAL = ("127.0.0.1", "0.0.0.0")  # noqa: S104 -- compared, not bound
QUEUES = "interactive,bulk"


class DemoError(Exception):
    """The demo cannot run; the message is one sentence for the person at the terminal."""


def run(host: str, port: int, say: Callable[[str], None]) -> None:
    """Run until a signal or until a process fails; raises DemoError or EmbeddedError."""
    check_port(host, port)
    check_disk(embedded.home())
    with only_one(embedded.home()):
        run_alone(host, port, say)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two demos on the same data would load it twice at once; the lock ends with its process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoError(f"A demo already runs on {folder}: stop it first, or set DXPORTAL_HOME.") from error
        yield


def run_alone(host: str, port: int, say: Callable[[str], None]) -> None:
    say("Starting PostgreSQL and Valkey ..." if embedded.needed() else "Using DATABASE_URL and REDIS_URL ...")
    embedded.ensure()
    try:
        prepare(say)
        address = f"http://{'localhost' if host in LOCAL else host}:{port}/"
        with Processes() as processes:
            for name, command in commands(host, port):
                processes.start(name, command, child_environment(address))
            wait_for_page(f"http://{_probe_host(host)}:{port}/", processes)
            announce(address, say)
            try:
                watch(processes)
            finally:
                say("Stopping ...")
    finally:
        embedded.release()


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} of {host} cannot be used ({error.strerror}): "
                f"choose another, such as DXPORTAL_PORT={port + 1} make demo."
            ) from error


def check_disk(folder: Path) -> None:
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if shutil.disk_usage(existing).free < NEEDED_BYTES:
        raise DemoError(
            f"The disk that holds {folder} is full: the demo needs {NEEDED_BYTES // 1024**2} MB of free space."
        )


def prepare(say: Callable[[str], None]) -> None:
    """Bring the database and the static files up to date; both are quick when nothing changed."""
    manage = [sys.executable, str(CHECKOUT / "manage.py")]
    static = subprocess.Popen([*manage, "collect_static_if_changed"], preexec_fn=die_with_parent())  # noqa: S603
    try:
        say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        if "load_demo" in get_commands():
            say("Loading the demo data (once) ...")
            call_command("load_demo")
        if static.wait():
            raise DemoError("The static files could not be collected: see the lines above.")
    finally:
        static.kill()
        static.wait()


def commands(host: str, port: int) -> Iterator[tuple[str, list[str]]]:
    python = sys.executable
    # As root Celery warns at length; the demo's worker takes JSON only, so it may.
    celery = [python, "-W", "ignore:You're running the worker", "-m", "celery", "-q", "-A", "dxportal"]
    yield "web", [python, str(CHECKOUT / "manage.py"), "serve", "--host", host, "--port", str(port)]
    yield (
        "worker",
        [*celery, "worker", "-Q", QUEUES, "-c", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"],
    )
    yield "beat", [*celery, "beat", "--pidfile=", "-l", "WARNING"]


def child_environment(address: str) -> dict[str, str]:
    origin = os.environ.get("DXPORTAL_ORIGIN") or address.rstrip("/")
    return {**os.environ, "DXPORTAL_ORIGIN": origin, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT)}


def _probe_host(host: str) -> str:
    return "127.0.0.1" if host in LOCAL else host


def wait_for_page(address: str, processes: Processes) -> None:
    """Until the first page (the sign-in page it leads to) answers 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        _raise_if_ended(processes)
        try:
            with opener.open(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise DemoError(f"The first page answers with error {error.code}: see the lines above.") from error
        except OSError:
            time.sleep(0.1)
    raise DemoError(f"The first page did not answer within {READY_SECONDS} seconds: see the lines above.")


def announce(address: str, say: Callable[[str], None]) -> None:
    say("")
    say(f"The portal is at {address}")
    if "demo_accounts" in get_commands():
        call_command("demo_accounts")
    say("Ctrl-C stops it; the data is kept.")
    say("")


def watch(processes: Processes) -> None:
    """Until something ends that nobody starts again. The keeper starts its two servers again by itself."""
    while True:
        _raise_if_ended(processes)
        if not embedded.running():
            raise DemoError(
                "PostgreSQL or Valkey ended and could not be started again: "
                f"see the end of keeper.log and servers.log in {embedded.home() / 'log'}. The data is kept."
            )
        time.sleep(0.5)


def _raise_if_ended(processes: Processes) -> None:
    if name := processes.ended():
        raise DemoError(f"The process “{name}” ended by itself: see the lines above.")


@contextmanager
def plain_words() -> Iterator[None]:
    """A full disk noticed half way is told as one sentence too."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise DemoError(f"The disk that holds {embedded.home()} is full.") from error
