"""The web server: the application is loaded once, frozen for the garbage collector, and shared by forked workers.

A worker that collects garbage walks every live object. Frozen objects are skipped, and their pages stay shared
with the parent: without that, the slowest requests are collections of the framework itself.
"""

import gc
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from dxportal.running.embedded.account import die_with_parent

TARGET = "dxportal.wsgi:application"
PROBE = Path(__file__).with_name("probe")
BETWEEN_RESPAWNS = 0.5  # seconds


class WebServer(Granian):
    """Replaces a worker that died however soon after the one before it.

    Granian takes one that dies within some seconds of its start for broken and ends together with the healthy ones. Ours
    cannot fail to load, as the parent has loaded the application: what dies was killed, by the kernel or by somebody.
    """

    def _respawn_workers(self, *args: Any, **kwargs: Any) -> None:
        super()._respawn_workers(*args, **kwargs)
        self.respawned_wrks.clear()
        time.sleep(BETWEEN_RESPAWNS)


def serve(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM; a worker that fails is replaced."""
    if sys.platform.startswith("linux"):
        multiprocessing.set_start_method("fork")
    server = WebServer(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_enabled=True,
        log_level="warning",
        backlog=1024,
        # Answered by the server itself: the threads for requests may all wait for something, and a supervisor that got no
        # answer would end a healthy process.
        static_path_route=["/healthz"],
        static_path_mount=[PROBE],
        static_path_dir_to_file="healthz.json",
        static_path_expires=0,
    )
    server.serve(target_loader=preload())


def preload() -> Callable[..., Any]:
    """Load the application in the parent; the result gives it to each worker."""
    from django.db import connections  # noqa: PLC0415 -- the application sets Django up first
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 -- the same
    from django.urls import get_resolver  # noqa: PLC0415 -- the same

    from dxportal import hanging  # noqa: PLC0415 -- the same
    from dxportal.wsgi import application  # noqa: PLC0415 -- loading it is the point

    get_resolver().url_patterns  # noqa: B018 -- imports every view, which Django leaves to the first request
    MigrationLoader(None)  # imports every migration: the first /readyz has a second
    connections.close_all()
    gc.collect()
    gc.freeze()

    def load(*args: Any, **kwargs: Any) -> Any:
        if end_with_parent := die_with_parent():
            end_with_parent()
        hanging.start()
        return application

    return load
