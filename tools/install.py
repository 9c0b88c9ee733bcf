"""Make .venv and install one locked set of dependencies into it; called by bootstrap.sh with a fit Python.

Paths may hold spaces, so programs of the environment are always started as ``.venv/bin/python -m``.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = {"base": 700 * 1024**2, "demo": 900 * 1024**2, "dev": 1200 * 1024**2}


def main(which: str, stamp: str) -> None:
    """Install ``requirements/<which>.txt`` and note ``stamp`` so that the next start can skip all this."""
    check_room(which)
    make_environment()
    lock = ROOT / "requirements" / f"{which}.txt"
    print(f"dxportal: installing {lock.relative_to(ROOT)} ...", flush=True)
    if not install_uv() or run("uv", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock), env=uv_env()):
        print("dxportal: installing with pip instead ...", flush=True)
        if run("pip", "install", "--quiet", "--require-hashes", "-r", str(lock)):
            check_room(which)
            stop("the dependencies could not be installed: see the lines above.")
    (VENV / f"installed-{which}").write_text(stamp + "\n")


def stop(message: str) -> None:
    sys.exit(f"dxportal: {message}")


def check_room(which: str) -> None:
    have = sum(each.stat().st_size for each in VENV.rglob("*") if each.is_file()) if VENV.exists() else 0
    need = max(NEEDED[which] - have, 100 * 1024**2)
    if shutil.disk_usage(ROOT).free < need:
        stop(f"the disk that holds {ROOT} is full: the installation needs {need // 1024**2} MB of free space.")


def make_environment() -> None:
    """A working .venv with pip in it; one of another or vanished Python is made anew."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    with_pip = importlib.util.find_spec("ensurepip") is not None
    if not with_pip and importlib.util.find_spec("pip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(f"{sys.executable} comes without venv and pip: on Debian, apt-get install python{version}-venv adds them.")
    try:
        venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        stop(f"the environment .venv could not be made: {error}.")
    if not with_pip:
        subprocess.run([sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"], check=True)


def install_uv() -> bool:
    lock = ROOT / "requirements" / "uv.txt"
    return run("pip", "install", "--quiet", "--require-hashes", "-r", str(lock)) == 0


def run(*arguments: str, env: dict[str, str] | None = None) -> int:
    return subprocess.run([PYTHON, "-m", *arguments], cwd=ROOT, env=env).returncode


def uv_env() -> dict[str, str]:
    """uv reads no pip configuration: hand it the package registry that pip was told to use."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_HTTP_TIMEOUT": "180"}
    if not any(name in env for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CONFIG_FILE")) and (
        index := pip_index()
    ):
        env["UV_DEFAULT_INDEX"] = index
    return env


def pip_index() -> str:
    """The registry of PIP_INDEX_URL or of pip's configuration files; empty for the public one."""
    config = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True)
    values = dict(line.split("=", 1) for line in config.stdout.splitlines() if "=" in line)
    named = [values[name] for name in (":env:.index-url", "install.index-url", "global.index-url") if name in values]
    return named[0].strip("'\"") if named else ""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
