"""The process that owns the embedded servers: starts them, waits until nobody uses them, stops them, ends.

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
from pathlib import Path

from dxportal.running.embedded import lease, postgres, valkey
from dxportal.running.embedded.errors import EmbeddedError


def main(base: Path, sockets: Path, ready: int) -> int:
    """Keep the servers until the last user leaves; tells the starter ``ok`` or one sentence of what is wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with lease.exclusive(base / "locks", lease.KEEPER), contextlib.ExitStack() as stack:
        if base not in sockets.parents:
            stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        log = stack.enter_context((base / "log" / "servers.log").open("wb"))
        servers: list[subprocess.Popen[bytes]] = []
        try:
            for program in (postgres, valkey):
                servers.append(program.start(base, sockets, log))
                stack.callback(program.stop, servers[-1])
        except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
            os.write(ready, str(error).encode())
            return 1
        stack.callback(signal.signal, signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, lambda *_: _leave_if_dead(servers))
        os.write(ready, b"ok")
        os.close(ready)
        _leave_if_dead(servers)
        # Held to the end: a newcomer waits here while the servers stop.
        users = lease.open_lock(base / "locks", lease.USERS)
        fcntl.flock(users, fcntl.LOCK_EX)
    return 0


def _leave_if_dead(servers: list[subprocess.Popen[bytes]]) -> None:
    if any(server.poll() is not None for server in servers):
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
