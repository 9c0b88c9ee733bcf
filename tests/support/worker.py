"""A real Celery worker on the test's database and broker."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from time import monotonic, sleep

from tests.support.servers import environment


@contextmanager
def celery_worker(*includes: str):
    """Starts one worker process (prefork, one child) and ends it."""
    command = [sys.executable, "-m", "celery", "-A", "dxportal", "worker", "-c", "1", "-Q", "interactive,bulk"]
    command += ["--without-mingle", "--without-gossip", "-l", "INFO"]
    command += ["-I", ",".join(includes)] if includes else []
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 -- a kernel file
        return [int(part) for part in file.read().split()]


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "waited too long"
        sleep(0.1)
