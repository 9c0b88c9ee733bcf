"""Every check that runs no test, one line each; a failed one shows what it said, and all run in any case."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
IMPORT_CONTRACTS = "from importlinter.cli import lint_imports_command as run; run()"
PRODUCTION = {
    "DXPORTAL_ENV": "production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://dxportal@127.0.0.1:1/dxportal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "dx.example.jp",
    "DXPORTAL_ORIGIN": "https://dx.example.jp",
    "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:1",
    "TRUSTED_PROXIES": "1",
}
CHECKS = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "--no-error-summary"],
    "house": [PYTHON, "tools/house.py"],
    "import contracts": [PYTHON, "-c", IMPORT_CONTRACTS],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deploy check": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
}


def main() -> int:
    """The number of failed checks."""
    with tempfile.TemporaryDirectory() as home:
        return sum(not passes(name, command, home) for name, command in CHECKS.items())


def passes(name: str, command: list[str], home: str) -> bool:
    started = time.monotonic()
    env = {**os.environ, "DXPORTAL_ENV": "test", "PYTHONWARNINGS": "default"}
    if name == "deploy check":
        env |= {**PRODUCTION, "DXPORTAL_HOME": home}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(min(main(), 1))
