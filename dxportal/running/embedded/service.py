"""Starting, sharing and leaving the embedded servers."""

import atexit
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from dxportal.running.embedded import account, lease, places, postgres, valkey
from dxportal.running.embedded.errors import EmbeddedError

NEEDED_BYTES = 200 * 1024**2
_held: dict[Path, int] = {}


def database(base: Path | None = None) -> dict[str, str]:
    """Django's connection settings of the embedded PostgreSQL, running or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": postgres.DATABASE,
        "USER": postgres.USER,
        "PASSWORD": "",
        "HOST": str(places.sockets(base)),
        "PORT": "5432",
    }


def redis_url(base: Path | None = None) -> str:
    """The address of the embedded Valkey, running or not."""
    return f"unix://{quote(str(places.sockets(base) / valkey.SOCKET_NAME))}"


def needed() -> bool:
    """Whether the environment leaves a server to us. Production never does: it names its own or does not start."""
    if (os.environ.get("DXPORTAL_ENV") or "production") == "production":
        return False
    return not all(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in ("DATABASE_URL", "REDIS_URL"))


def ensure() -> None:
    """Have the servers running as long as this process lives, if they are needed at all."""
    if needed():
        start(places.home())


def start(base: Path) -> None:
    """Use the servers of folder ``base``; starts them if nobody else did.

    Raises EmbeddedError with one sentence when that is impossible.
    """
    if base in _held:
        return
    try:
        _prepare(base)
    except OSError as error:
        raise EmbeddedError(_explain(base, error)) from error
    locks = base / "locks"
    with lease.exclusive(locks, lease.STARTING):
        handle = lease.share(locks)
        if lease.is_free(locks, lease.KEEPER):
            try:
                _start_keeper(base)
            except OSError as error:
                os.close(handle)
                raise EmbeddedError(_explain(base, error)) from error
            except BaseException:
                os.close(handle)
                raise
    _held[base] = handle
    atexit.register(stop, base)


def running() -> bool:
    """Whether all servers that this process uses are still looked after; True where it uses none."""
    return not any(lease.is_free(base / "locks", lease.KEEPER) for base in _held)


def release() -> None:
    """Leave all servers now rather than at exit; the last user returns when they have stopped."""
    for base in list(_held):
        stop(base)


def stop(base: Path) -> None:
    if (handle := _held.pop(base, None)) is not None:
        lease.leave(base / "locks", handle)


def _prepare(base: Path) -> None:
    """Make the folders and see that they serve."""
    base.mkdir(parents=True, exist_ok=True)
    for name in ("locks", "log"):
        (base / name).mkdir(exist_ok=True)
    if not os.access(base / "locks", os.W_OK):
        raise PermissionError(errno.EACCES, "not ours")
    if shutil.disk_usage(base).free < NEEDED_BYTES:
        raise OSError(errno.ENOSPC, "too little room")
    if account.stand_in() and not places.reachable_by_all(base):
        raise EmbeddedError(
            f"As root, the data folder must be one that other accounts can enter: {base} is not (set DXPORTAL_HOME)."
        )


def _explain(base: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk that holds {base} is full: the servers need {NEEDED_BYTES // 1024**2} MB of free space."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{base} belongs to another user: start as that user, or set DXPORTAL_HOME to a folder of your own."
    return f"The data folder {base} cannot be used: {error.strerror}."


def _start_keeper(base: Path) -> None:
    """Starts the keeper and waits for its word that both servers answer."""
    # Made anew at each start, because the keeper removes the folder when it lies outside ``base``.
    sockets = account.make_folder(places.sockets(base))
    stand_in = account.stand_in()
    if sockets.is_symlink() or sockets.stat().st_uid != (stand_in.pw_uid if stand_in else os.geteuid()):
        raise EmbeddedError(f"{sockets} belongs to somebody else: remove it, or set DXPORTAL_HOME to a shorter path.")
    sockets.chmod(0o700)
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "dxportal.running.embedded.keeper", str(base), str(sockets), str(writer)]
    with (base / "log" / "keeper.log").open("wb") as log, os.fdopen(reader, "rb") as answer:
        keeper = subprocess.Popen(  # noqa: S603
            command,
            cwd=places.CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(writer,),
            start_new_session=True,
        )
        keeper.returncode = 0  # it outlives us by design: nobody waits for it
        os.close(writer)
        outcome = answer.read().decode()
    if outcome != "ok":
        raise EmbeddedError(outcome or f"The servers did not start: see {base / 'log' / 'keeper.log'}.")
