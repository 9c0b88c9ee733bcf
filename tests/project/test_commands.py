import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from dxportal.running import demo
from tools import browser

ROOT = Path(settings.BASE_DIR)


def test_make_help_lists_the_commands_of_the_project():
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    names = re.findall(r"^make ([a-z-]+)", done.stdout, re.MULTILINE)
    assert {"demo", "test", "test-fast", "bench", "fmt", "help", "lock"} <= set(names)


def test_ci_runs_make_test():
    assert (ROOT / ".ci/run").read_text().rstrip().endswith("exec make test")
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_without_a_fit_python_one_sentence_says_so(tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "requirements").mkdir()
    for name in ("uv", "base"):
        (tmp_path / f"requirements/{name}.txt").write_text("")
    (tmp_path / "tools/bootstrap.sh").write_text((ROOT / "tools/bootstrap.sh").read_text())

    done = subprocess.run(
        ["sh", "tools/bootstrap.sh", "base"],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "dxportal: Python 3.11 or newer is needed and none was found: "
        "install it, or name it with PYTHON=/path/to/python3.\n"
    )


def test_a_port_in_use_is_one_sentence_and_nothing_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {
            **os.environ,
            "DXPORTAL_ENV": "demo",
            "DXPORTAL_PORT": str(port),
            "DXPORTAL_HOME": str(tmp_path / "d"),
        }

        done = subprocess.run(
            [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    assert done.returncode == 1
    assert done.stderr == (
        f"dxportal: Port {port} of 127.0.0.1 cannot be used (Address already in use): "
        f"choose another, such as DXPORTAL_PORT={port + 1} make demo.\n"
    )
    assert not (tmp_path / "d").exists()


def test_a_second_demo_on_the_same_data_is_refused(tmp_path):
    with demo.only_one(tmp_path), pytest.raises(demo.DemoError, match="already runs"), demo.only_one(tmp_path):
        pass


def test_a_full_disk_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "NEEDED_BYTES", 2**60)

    with pytest.raises(
        demo.DemoError, match=r"^The disk that holds .* is full: the demo needs \d+ MB of free space\.$"
    ):
        demo.check_disk(tmp_path / "not" / "there")


def test_the_browser_named_by_the_environment_is_the_only_one_taken(monkeypatch, tmp_path):
    chosen = tmp_path / "my browser"
    chosen.write_text("#!/bin/sh\n")
    monkeypatch.setenv("BROWSER_PATH", str(chosen))
    assert browser.find() is None

    chosen.chmod(0o755)
    assert browser.find() == str(chosen)


def test_without_a_browser_the_check_says_so_and_fails(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))

    assert browser.main() == 1
    assert "no Chromium, Chrome or Edge was found" in capsys.readouterr().err
