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


ALIVE = """
import sys
from pathlib import Path
from dxportal.running.embedded import service
import psycopg, redis, time

base = Path(sys.argv[1])
service.start(base)
place = service.database(base)
dsn = dict(host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"])

def database():
    with psycopg.connect(**dsn) as connection:
        return connection.execute("SHOW synchronous_commit").fetchone()[0]

def broker():
    client = redis.Redis.from_url(service.redis_url(base))
    return client.info("server")["process_id"]

def ask(what):
    until = time.monotonic() + 30
    while True:
        try:
            return what()
        except Exception:
            if time.monotonic() > until or not service.running():
                return "gone"
            time.sleep(0.05)

print("ready", flush=True)
for line in sys.stdin:
    print(ask({"database": database, "broker": broker}[line.strip()]), service.running(), flush=True)
"""


class Questions:
    """A command that uses the servers of ``base`` and answers what it gets from them."""

    def __init__(self, base):
        self.process = subprocess.Popen(
            [sys.executable, "-c", ALIVE, str(base)],
            cwd=places.CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def ask(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def end(self):
        self.process.communicate()


def postmaster(base):
    return psutil.Process(int((base / "postgres" / "postmaster.pid").read_text().splitlines()[0]))


def test_a_commit_is_on_the_disk_unless_somebody_says_otherwise(base):
    command = Questions(base)

    assert command.ask("database") == ["on", "True"]
    command.end()


def test_a_killed_server_is_started_again_and_the_other_one_lives_on(base):
    command = Questions(base)
    valkey, _ = command.ask("broker")
    postgres = postmaster(base)

    postgres.kill()
    assert command.ask("database") == ["on", "True"]
    assert postmaster(base).pid != postgres.pid
    assert command.ask("broker") == [valkey, "True"]

    database = postmaster(base).pid
    psutil.Process(int(valkey)).kill()
    renewed, alive = command.ask("broker")
    assert (renewed != valkey, alive) == (True, "True")
    assert postmaster(base).pid == database
    command.end()


def test_a_server_that_dies_over_and_over_is_given_up_and_its_users_see_it(base):
    command = Questions(base)
    answers = []
    for _ in range(9):
        valkey, alive = command.ask("broker")
        answers.append(alive)
        if valkey == "gone":
            break
        psutil.Process(int(valkey)).kill()

    assert (answers[0], answers[-1]) == ("True", "False")
    assert "Valkey died 6 times" in (base / "log" / "keeper.log").read_text()
    command.end()
