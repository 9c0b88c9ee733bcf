"""See that the browser tests have a browser, before they start; on Debian as root, install one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CANDIDATES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "no Chromium, Chrome or Edge was found for the browser tests: install one (Debian: apt-get install chromium "
    "fonts-noto-cjk) or name it with BROWSER_PATH; make test-fast is the part without a browser."
)


def find() -> str | None:
    """The browser's path: BROWSER_PATH alone if it is set, otherwise the first one installed."""
    if chosen := os.environ.get("BROWSER_PATH"):
        return shutil.which(chosen)
    return next((browser for name in CANDIDATES if (browser := shutil.which(name))), None)


def main() -> int:
    if not find() and not os.environ.get("BROWSER_PATH"):
        install()
    if not find():
        print(f"dxportal: {MISSING}", file=sys.stderr)
        return 1
    return 0


def install() -> None:
    """Debian's Chromium and a Japanese font, where we may."""
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return
    print("dxportal: installing chromium and fonts-noto-cjk ...", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=env)
    packages = ["chromium", "fonts-noto-cjk"]
    subprocess.run(["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *packages], env=env)


if __name__ == "__main__":
    sys.exit(main())
