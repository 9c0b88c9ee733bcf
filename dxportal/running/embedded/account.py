"""The operating-system account that the servers run under: ours, or ``nobody`` when we are root."""

import ctypes
import functools
import os
import pwd
import signal
import sys
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


@functools.cache
def stand_in() -> pwd.struct_passwd | None:
    """Whom to run as instead of root, which PostgreSQL refuses; None for an ordinary user."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def identity() -> dict[str, Any]:
    """Arguments for ``subprocess`` that start a program under that account."""
    account = stand_in()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def make_folder(path: Path) -> Path:
    """A folder that only that account (and root) can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account := stand_in():
        os.chown(path, account.pw_uid, account.pw_gid)
    return path


def die_with_parent(with_signal: int = signal.SIGTERM) -> Any:
    """A ``preexec_fn`` after which the child gets the signal when its parent dies, even by SIGKILL (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return functools.partial(libc.prctl, PR_SET_PDEATHSIG, int(with_signal))
