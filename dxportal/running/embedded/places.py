"""Where the embedded servers keep their data and sockets. Pure look-ups: importing or asking starts nothing."""

import hashlib
import os
import re
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
SOCKET_LIMIT = 100  # bytes; the kernel takes 107 on Linux and 103 on macOS, file name and NUL included
SOCKET_NAME = ".s.PGSQL.5432"
PLAIN_PATH = re.compile(r"[\w./-]+")  # libpq splits host lists at commas, and other tools trip over spaces


def home() -> Path:
    """The folder of everything that the portal writes on this machine: ``DXPORTAL_HOME`` or a default."""
    if chosen := os.environ.get("DXPORTAL_HOME"):
        return Path(chosen).expanduser().absolute()
    beside = CHECKOUT / ".data"
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and the account that it runs under cannot enter e.g. /root.
        return beside if reachable_by_all(CHECKOUT) else Path("/var/lib/dxportal") / _digest(CHECKOUT)
    if beside.exists() or os.access(CHECKOUT, os.W_OK):
        return beside
    data_home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data_home).expanduser() / "dxportal" / _digest(CHECKOUT)


def reachable_by_all(folder: Path) -> bool:
    """Whether every account may enter ``folder``."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def sockets(base: Path | None = None) -> Path:
    """The folder of both sockets; outside ``base`` where its path is too long or not plain enough for a socket."""
    base = base or home()
    inside = base / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_LIMIT and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    return Path("/tmp") / f"dxportal-{os.geteuid()}-{_digest(base)}"  # noqa: S108 -- made 0700, ownership checked


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
