"""The sign of life of a running job, written by a thread on a connection of its own.

So progress shows while the work is inside a long transaction, and a long query does not look like death.
"""

import logging
import threading
from typing import Self
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from dxportal.core.jobs.domain.errors import JobLostError
from dxportal.core.jobs.enums import HEARTBEAT_EVERY, JobState
from dxportal.core.jobs.models import Job

logger = logging.getLogger(__name__)


class Heartbeat:
    """Writes the latest progress every second until it is left; notices when the claim was lost."""

    def __init__(self, job_id: UUID, claim: UUID | None):
        self._mine = Job.objects.filter(pk=job_id, claim=claim, state=JobState.RUNNING)
        self._latest: dict[str, object] = {}
        self._stop = threading.Event()
        self.lost = threading.Event()
        # Another connection cannot see a job that is itself inside an open transaction (commands, tests).
        self._thread = None if connection.in_atomic_block else threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
        # The last second's progress. Not after an error: the transaction around may be broken and take no statement.
        if self._latest and not self.lost.is_set() and error[0] is None:
            self._mine.update(heartbeat_at=timezone.now(), **self._latest)

    def progress(self, done: int, total: int, message: str) -> None:
        if self.lost.is_set():
            raise JobLostError
        self._latest = {"done": done, "total": total, "message": message[:200]}

    def _beat(self) -> None:
        try:
            while not self._stop.wait(HEARTBEAT_EVERY.total_seconds()):
                try:
                    if not self._mine.update(heartbeat_at=timezone.now(), **self._latest):
                        self.lost.set()
                except DatabaseError:
                    # A broken connection is closed, so that the next beat opens a new one.
                    logger.warning("heartbeat not written", exc_info=True)
                    connection.close()
        finally:
            connection.close()
