"""Doing a job once, even when its message comes twice: claim, work with a heartbeat, end."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pghistory
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from dxportal.core.jobs.domain.errors import JobError, JobLostError
from dxportal.core.jobs.domain.heartbeat import Heartbeat
from dxportal.core.jobs.domain.queueing import enqueue
from dxportal.core.jobs.enums import MAX_ATTEMPTS, STALE_AFTER, JobState
from dxportal.core.jobs.models import Job
from dxportal.core.jobs.registry import find
from dxportal.core.tracing import job_id as tracing_id

UNEXPECTED = "処理の途中で予期しないエラーが起きました。データは処理の前のまま変わっていません。"
TOO_LONG = "処理が制限時間を超えたため止めました。データは処理の前のまま変わっていません。管理者に連絡してください。"
UNKNOWN_KIND = "この処理は現在の版では実行できません。"
logger = logging.getLogger(__name__)


class JobHandle:
    """What a job function holds: who it is, and how to tell how far it is."""

    def __init__(self, job: Job, heartbeat: Heartbeat):
        self.job_id = job.pk
        self.prefecture_id = job.prefecture_id
        self._heartbeat = heartbeat

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Cheap at any rate and inside transactions: shown within a second. Raises JobLostError once taken over."""
        self._heartbeat.progress(done, total, message)


def run(job_id) -> bool:
    """Does the job unless another worker has it or it is over; True when this call did it."""
    with tracing(job_id):
        job = _claim(job_id)
        if job is None:
            logger.info("job %s: nothing to do, another worker has it or it is over", job_id)
            return False
        _attempt(job)
        return True


def _attempt(job: Job) -> None:
    """Works and writes the end, whatever it is. The history names who started the job, as that of a request does."""
    actor = pghistory.context(user=job.created_by_id, job=str(job.pk), task=job.kind)
    # Inside somebody's transaction (a command, a test) a failing job must leave it usable: a savepoint.
    savepoint = transaction.atomic() if connection.in_atomic_block else nullcontext()
    kind = find(job.kind)
    try:
        if kind is None:
            raise JobError(UNKNOWN_KIND)
        with actor, savepoint, Heartbeat(job.pk, job.claim) as heartbeat:
            outcome = kind.run(JobHandle(job, heartbeat), **job.params)
    except JobLostError:
        logger.warning("job %s: taken over by another worker", job.pk)
    except JobError as failure:
        _finish(job, JobState.FAILED, error=str(failure))
    except SoftTimeLimitExceeded:
        logger.error("job %s (%s): over the time limit", job.pk, job.kind)
        _finish(job, JobState.FAILED, error=TOO_LONG)
    except (OperationalError, InterfaceError):
        # The database went away: nothing can be written now, the reaper starts the job again.
        logger.exception("job %s (%s): the database is gone", job.pk, job.kind)
    except Exception:
        logger.exception("job %s (%s) failed, reference %s", job.pk, job.kind, reference(job))
        _finish(job, JobState.FAILED, error=f"{UNEXPECTED}（照会番号 {reference(job)}）")
    else:
        _finish(job, JobState.SUCCEEDED, outcome=outcome or {})


def drain(limit: int = 1000) -> int:
    """Does all waiting jobs here and now, oldest first: for commands and tests without a worker."""
    count = 0
    # Asked anew each time, as a job may queue others.
    while count < limit and (job := Job.objects.filter(state=JobState.QUEUED).order_by("created_at").first()):
        count += run(job.pk)
    return count


def reference(job: Job) -> str:
    """What the reader can quote and the operator finds in the log."""
    return f"{str(job.pk)[:8]}-{str(job.claim)[:4]}"


def _claim(job_id) -> Job | None:
    """Compare-and-set: of any number of callers one gets the job."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    claim = uuid.uuid4()
    # One statement that asks and writes: a second caller waits for the row, and finds it taken.
    # One that was tried often enough is left to the reaper, which ends it.
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING,
        claim=claim,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        error="",
    )
    return Job.objects.filter(pk=job_id, claim=claim).first() if taken else None


@contextmanager
def tracing(job_id) -> Iterator[None]:
    """Log lines inside carry the job's id."""
    token = tracing_id.set(str(job_id))
    try:
        yield
    finally:
        tracing_id.reset(token)


def _finish(job: Job, state: JobState, *, outcome: dict[str, Any] | None = None, error: str = "") -> None:
    """Writes the end if the job is still ours, and queues the follower that a change meanwhile asked for."""
    with transaction.atomic():
        # Locked against ``enqueue``, which notes ``again`` on a running job: saving the whole row would lose its note.
        mine = Job.objects.select_for_update().filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).first()
        if mine is None:
            return
        now = timezone.now()
        mine.state = state
        mine.outcome = outcome or {}
        mine.error = error
        mine.finished_at = mine.heartbeat_at = now
        if state == JobState.SUCCEEDED and mine.total:
            mine.done = mine.total
        follow = mine.again
        mine.again = False
        # Saved before the follower is queued: as long as this one counts as active, its key stands for it.
        mine.save()
        if follow:
            enqueue(
                mine.kind,
                label=mine.label,
                params=mine.params,
                prefecture=mine.prefecture,
                user=mine.created_by,
                key=mine.key,
            )
