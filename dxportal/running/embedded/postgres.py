"""PostgreSQL from the wheel: one cluster, one database, one socket, no TCP port."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

import psutil

from dxportal.running.embedded.account import die_with_parent, identity, make_folder
from dxportal.running.embedded.errors import EmbeddedError
from dxportal.running.embedded.programs import postgres_bin

NAME = "PostgreSQL"
USER = DATABASE = "dxportal"
START_SECONDS, STOP_SECONDS = 60, 30
CLEAN = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # no PGPORT, PGDATA ... of the person's own
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "jit": "off",
}


def start(base: Path, sockets: Path, log: IO[bytes]) -> subprocess.Popen:
    """Start the server; returns when it takes connections and holds our database."""
    programs, data = postgres_bin(base), base / "postgres"
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data, log)
    _clear_left_over(data)
    settings = [f"--{name}={value}" for name, value in {**OPTIONS, "unix_socket_directories": str(sockets)}.items()]
    server = subprocess.Popen(  # noqa: S603
        [programs / "postgres", "-D", data, *settings],
        cwd=data,
        env=CLEAN,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent(signal.SIGINT),
        **identity(),
    )
    _wait_ready(server, data)
    return server


def stop(server: subprocess.Popen) -> None:
    """Fast shutdown; the harder one if that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _initialise(programs: Path, data: Path, log: IO[bytes]) -> None:
    """Make the cluster beside its place and move it there whole, so that a killed attempt leaves nothing half made."""
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder(fresh)
    options = ["--username", USER, "--auth", "trust", "--encoding", "UTF8"]
    locale = ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
    command = [programs / "initdb", "-D", fresh, *options, *locale]
    done = subprocess.run(command, cwd="/", env=CLEAN, stdout=log, stderr=log, check=False, **identity())  # noqa: S603
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its data folder {data}: see {log.name}.")
    single = [programs / "postgres", "--single", "-D", fresh, "postgres"]
    subprocess.run(  # noqa: S603
        single,
        cwd=fresh,
        env=CLEAN,
        stdout=log,
        stderr=log,
        input=f"CREATE DATABASE {DATABASE}\n".encode(),
        check=True,
        **identity(),
    )
    fresh.rename(data)


def _clear_left_over(data: Path) -> None:
    """End a server that outlived its keeper; forget one whose number is another's by now.

    The note of a dead server stays: by it PostgreSQL sees whether backends still hold its shared memory, and refuses to
    start beside them.
    """
    note = data / "postmaster.pid"
    try:
        process = psutil.Process(int(note.read_text().splitlines()[0]))
        ours = process.name().startswith("postgres") and str(data) in process.cmdline()
    except (FileNotFoundError, psutil.NoSuchProcess):
        return
    except (IndexError, ValueError, psutil.Error):
        note.unlink(missing_ok=True)
        return
    if ours:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)
    note.unlink(missing_ok=True)


def _wait_ready(server: subprocess.Popen, data: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            lines = []
        # The server fills the file in as it comes up; its eighth line says "ready". A killed one's file may still be there.
        if len(lines) > 7 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise EmbeddedError(f"PostgreSQL did not start: see the end of {data.parent / 'log' / 'servers.log'}.")
