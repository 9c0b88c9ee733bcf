"""Looks every locked dependency up in the OSV database of known vulnerabilities: ``make audit``.

Closed machines cannot reach it; run it in the same checkout on a machine that can. ``make check`` runs it in passing: where
there is no network it says so, and what it finds there is told without failing the run, because an entry that somebody
made today is no fault of the change at hand. ``make audit`` fails on it.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IN_PASSING = "--in-passing"
OPTIONS = ("--require-hashes", "--disable-pip", "--vulnerability-service", "osv", "--format", "json")
QUIET = ("--progress-spinner", "off", "--timeout", "10")
UNREACHABLE = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "ConnectionResetError", "ProxyError", "SSLError")


def main(arguments: list[str]) -> int:
    """0: nothing known, or in passing; 1: something known; 2: the database could not be asked."""
    lock = ROOT / "requirements" / "dev.txt"
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), *OPTIONS, *QUIET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    known = findings(done.stdout)
    if known is None:
        print(reason(done.stderr))
        return 0 if IN_PASSING in arguments else 2
    for line in known:
        print(f"audit: {line}")
    print(f"audit: {len(known)} known vulnerabilities in {lock.relative_to(ROOT)}.")
    return 1 if known and IN_PASSING not in arguments else 0


def findings(output: str) -> list[str] | None:
    """A line each: package, version, identifier and the versions that mend it. None when there is no report."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        return None
    return [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for package in packages
        for fault in package.get("vulns", ())
    ]


def reason(log: str) -> str:
    if any(name in log for name in UNREACHABLE):
        return (
            "audit: skipped, the database of known vulnerabilities cannot be reached from here; see docs/operations.md."
        )
    last = (log.strip().splitlines() or ["no output"])[-1]
    return f"audit: not done: {last}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
