"""Valkey from the wheel: one socket, no TCP port; queued work survives an orderly stop."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

from dxportal.running.embedded.account import die_with_parent, identity, make_folder
from dxportal.running.embedded.errors import EmbeddedError
from dxportal.running.embedded.programs import valkey_server

NAME = "Valkey"
SOCKET_NAME = "valkey.sock"
START_SECONDS, STOP_SECONDS = 20, 15


def start(base: Path, sockets: Path, log: IO[bytes]) -> subprocess.Popen:
    """Start the server; returns when it answers."""
    program = valkey_server(base)
    data = make_folder(base / "valkey")
    path = sockets / SOCKET_NAME
    path.unlink(missing_ok=True)
    settings = {
        "port": "0",
        "unixsocket": _quoted(path),
        "unixsocketperm": "700",
        "dir": _quoted(data),
        "save": "300 100",
        "appendonly": "no",
        "databases": "16",
    }
    server = subprocess.Popen(  # noqa: S603
        [program, "-"],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent(signal.SIGTERM),
        **identity(),
    )
    server.stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
    server.stdin.close()
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return server
        except OSError:
            pass  # not listening yet
        time.sleep(0.02)
    raise EmbeddedError("Valkey did not start: see the end of log/servers.log in the data folder.")


def stop(server: subprocess.Popen) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
