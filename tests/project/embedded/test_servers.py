import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dxportal.running.embedded import lease, places

USER = """
import sys, time
from pathlib import Path
from dxportal.running.embedded import service
import psycopg, redis

base = Path(sys.argv[1])
service.start(base)
place = service.database(base)
with psycopg.connect(host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"]) as database:
    pid = database.execute("SELECT pg_postmaster_start_time()").fetchone()[0].isoformat()
assert redis.Redis.from_url(service.redis_url(base)).ping()
print(pid, flush=True)
sys.stdin.read()
"""


class Command:
    """A command of its own that uses the servers of ``base`` until its input ends."""

    def __init__(self, base):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(base)],
            cwd=places.CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def server(self):
        """When the server that this command talks to was started."""
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(30)

    def kill(self):
        self.process.kill()
        self.process.communicate()


def running(base):
    """Processes that work on ``base`` apart from the commands of this test."""
    results = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        command = " ".join(process.info["cmdline"] or [])
        if str(base) in command and USER not in command:
            results.append(command)
    return results


def wait_until_nothing_runs(base, seconds=20):
    until = time.monotonic() + seconds
    while running(base) or not lease.is_free(base / "locks", lease.KEEPER):
        assert time.monotonic() < until, running(base)
        time.sleep(0.05)


@pytest.fixture
def base(tmp_path):
    """A data folder with a space and Japanese in its path."""
    folder = tmp_path / "かな dir" / "data"
    for each in (tmp_path, *tmp_path.parents):
        if each.stat().st_uid == os.geteuid() and each.stat().st_mode & 0o111 != 0o111:
            each.chmod(each.stat().st_mode | 0o111)  # as root, the servers' account has to pass
    yield folder
    if folder.exists():
        wait_until_nothing_runs(folder)


def test_two_commands_share_one_server_and_the_last_one_out_stops_it(base):
    first, second = Command(base), Command(base)

    assert first.server() == second.server() != ""
    assert first.end() == 0
    assert running(base)
    assert second.end() == 0
    assert not running(base)


def test_a_killed_command_leaves_no_server_and_the_next_one_starts_again(base):
    first = Command(base)
    started = first.server()

    first.kill()
    wait_until_nothing_runs(base)

    second = Command(base)
    assert second.server() > started
    assert second.end() == 0


def test_a_killed_keeper_takes_the_servers_along_and_the_next_command_starts_again(base):
    first = Command(base)
    started = first.server()
    for process in psutil.process_iter(["cmdline"]):
        if (
            "dxportal.running.embedded.keeper" in (process.info["cmdline"] or [])
            and str(base) in process.info["cmdline"]
        ):
            os.kill(process.pid, signal.SIGKILL)
    first.kill()

    second = Command(base)

    assert second.server() > started
    assert second.end() == 0


def test_long_or_odd_paths_get_a_short_plain_socket_folder():
    assert places.sockets(Path("/srv/dx/.data")) == Path("/srv/dx/.data/run")
    assert places.sockets(Path("/srv/かな/.data")) == Path("/srv/かな/.data/run")
    for odd in ("/srv/a b/.data", "/srv/a,b/.data", "/srv/" + "かな" * 20):
        assert str(places.sockets(Path(odd))).startswith(f"/tmp/dxportal-{os.geteuid()}-")
    assert places.sockets(Path("/srv/a b")) != places.sockets(Path("/srv/a  b"))


def test_a_home_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("DXPORTAL_HOME", str(tmp_path))

    assert places.home() == tmp_path
