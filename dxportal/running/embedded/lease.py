"""Who uses the embedded servers: one shared file lock a process.

The kernel drops a lock when its process ends, however it ends: a killed command never counts as a user for ever.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

USERS = "users.lock"
KEEPER = "keeper.lock"
STARTING = "starting.lock"


def open_lock(folder: Path, name: str) -> int:
    return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextlib.contextmanager
def exclusive(folder: Path, name: str) -> Iterator[None]:
    """Hold lock ``name`` alone; waits for the others."""
    handle = open_lock(folder, name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def share(folder: Path) -> int:
    """Become a user of the servers; waits while a keeper is stopping them. Give the handle to ``leave``."""
    handle = open_lock(folder, USERS)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def leave(folder: Path, handle: int) -> None:
    """Stop being a user; the last one out returns only when the keeper has stopped the servers."""
    os.close(handle)
    while not is_free(folder, KEEPER) and not _others(folder):
        time.sleep(0.02)


def _others(folder: Path) -> bool:
    """Whether somebody else still uses the servers.

    The keeper waits for an exclusive lock: ours is refused while users are there *or* while it is stopping;
    a shared one is granted beside users only.
    """
    probe = open_lock(folder, USERS)
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
        return False
    finally:
        os.close(probe)


def is_free(folder: Path, name: str) -> bool:
    """Whether nobody holds lock ``name`` alone. Asks by a shared lock, so that two askers do not see each other."""
    handle = open_lock(folder, name)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
