"""A few processes that live and end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

from dxportal.running.embedded.account import die_with_parent

STOP_SECONDS = 10


class Processes:
    """Started by name, stopped together, last first; their lines are shown with the name before them.

    Each leads a session of its own: Ctrl-C reaches this process only, which then stops them in order.
    """

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen] = {}
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        self._running[name] = process
        self._readers.append(threading.Thread(target=_show, args=(name, process), daemon=True))
        self._readers[-1].start()

    def ended(self) -> str:
        """The name of a process that ended by itself; empty while all live."""
        return next((name for name, process in self._running.items() if process.poll() is not None), "")

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def stop(self) -> None:
        """Ask all to end, then make them; also what they started."""
        processes = list(reversed(self._running.values()))
        for process in processes:
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
            _signal(process, signal.SIGKILL)
        for reader in self._readers:
            reader.join(1)
        self._readers.clear()
        self._running.clear()


def _signal(process: subprocess.Popen, number: signal.Signals) -> None:
    """To the leader first; SIGKILL to its whole session, where something may have outlived it."""
    try:
        if number is signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass


def _show(name: str, process: subprocess.Popen) -> None:
    with process.stdout as lines:
        for line in lines:
            sys.stdout.write(f"{name:<6} | {line.decode(errors='replace')}")
            sys.stdout.flush()
