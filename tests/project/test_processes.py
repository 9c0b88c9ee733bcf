import os
import subprocess
import sys
import time

import psutil

from dxportal.running.processes import Processes

STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = """
import os, sys, time
from dxportal.running.processes import Processes
processes = Processes()
processes.start("child", [sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ))
print(processes._running["child"].pid, flush=True)
time.sleep(60)
"""


def test_stopping_ends_all_processes_even_stubborn_ones(monkeypatch, capfd):
    monkeypatch.setattr("dxportal.running.processes.STOP_SECONDS", 1)
    processes = Processes()
    processes.start("one", [sys.executable, "-c", "import time; time.sleep(60)"], os.environ)
    processes.start("two", [sys.executable, "-c", STUBBORN], os.environ)
    pids = [process.pid for process in processes._running.values()]
    while "two    | up" not in capfd.readouterr().out:
        time.sleep(0.05)

    processes.stop()

    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_process_that_ends_by_itself_is_named():
    with Processes() as processes:
        processes.start("lives", [sys.executable, "-c", "import time; time.sleep(60)"], os.environ)
        processes.start("ends", [sys.executable, "-c", ""], os.environ)
        until = time.monotonic() + 20
        while not processes.ended() and time.monotonic() < until:
            time.sleep(0.05)

        assert processes.ended() == "ends"


def test_a_killed_parent_takes_its_processes_along():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))

    parent.kill()
    parent.communicate()

    child.wait(10)
