"""The process that owns the embedded servers: starts them, keeps them running, stops them when nobody uses them.

It runs in a session of its own, so Ctrl-C in a terminal reaches its users and not it.
Started as ``python -m dxportal.running.embedded.keeper HOME SOCKETS READY_FD``.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from types import ModuleType
from typing import IO

from dxportal.running.embedded import lease, postgres, valkey
from dxportal.running.embedded.errors import EmbeddedError

LOOK_SECONDS = 0.1
MOST_RESTARTS, WITHIN_SECONDS = 6, 60
# A killed PostgreSQL's backends hold its shared memory until they notice: until then no other one starts.
PATIENCE_SECONDS, PAUSE_SECONDS = 20, 0.3


class Server:
    """One of the two, started again when it dies: the other one lives on, and its users see a short outage."""

    def __init__(self, program: ModuleType, base: Path, sockets: Path, log: IO[bytes]) -> None:
        self.program = program
        self.base = base
        self.sockets = sockets
        self.log = log
        self.restarts: deque[float] = deque(maxlen=MOST_RESTARTS)
        self.process: subprocess.Popen[bytes] = program.start(base, sockets, log)

    def revive(self) -> None:
        """Starts a dead server again; EmbeddedError when it dies over and over or no longer starts."""
        if self.process.poll() is None:
            return
        name = self.program.NAME
        say(f"{name} ended with {self.process.returncode}; starting it again")
        now = time.monotonic()
        if len(self.restarts) == MOST_RESTARTS and now - self.restarts[0] < WITHIN_SECONDS:
            raise EmbeddedError(f"{name} died {MOST_RESTARTS} times within {WITHIN_SECONDS} seconds.")
        self.restarts.append(now)
        until = now + PATIENCE_SECONDS
        while True:
            try:
                self.process = self.program.start(self.base, self.sockets, self.log)
                return
            except (EmbeddedError, OSError, subprocess.SubprocessError):
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE_SECONDS)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.program.stop(self.process)


def main(base: Path, sockets: Path, ready: int) -> int:
    """Keep the servers until the last user leaves; tells the starter ``ok`` or one sentence of what is wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with lease.exclusive(base / "locks", lease.KEEPER), contextlib.ExitStack() as stack:
        if base not in sockets.parents:
            stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        log = stack.enter_context((base / "log" / "servers.log").open("wb"))
        servers: list[Server] = []
        try:
            for program in (postgres, valkey):
                servers.append(Server(program, base, sockets, log))
                stack.callback(servers[-1].stop)
        except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
            os.write(ready, str(error).encode())
            return 1
        os.write(ready, b"ok")
        os.close(ready)
        users = lease.open_lock(base / "locks", lease.USERS)
        # The lock is held to the end once it is had: a newcomer waits while the servers stop.
        while not _nobody_left(users):
            try:
                for server in servers:
                    server.revive()
            except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
                say(f"Giving up: {error}")
                return 1
            time.sleep(LOOK_SECONDS)
    return 0


def say(line: str) -> None:
    """Into keeper.log: the keeper has no terminal and no Django."""
    sys.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")
    sys.stdout.flush()


def _nobody_left(users: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
