"""Rescuing jobs that the broker lost or whose worker died; runs every few seconds by beat."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from dxportal.core.jobs.domain.publishing import publish, publish_on_commit
from dxportal.core.jobs.enums import MAX_ATTEMPTS, PICKED_UP_WITHIN, STALE_AFTER, JobState
from dxportal.core.jobs.models import Job

GRACE = dt.timedelta(seconds=5)  # an own publish on commit may still be under way
AT_ONCE = 100
GIVEN_UP = "処理が{attempts}回とも途中で止まりました。データは前のままです。「もう一度実行」で再開します。"
logger = logging.getLogger(__name__)


def reap(*, stale_after: dt.timedelta = STALE_AFTER, lost_after: dt.timedelta = PICKED_UP_WITHIN) -> dict[str, int]:
    """Republishes lost messages, queues dead attempts again and fails those tried too often; counts of each."""
    requeued, failed = _rescue(stale_after)
    return {"requeued": requeued, "failed": failed, "republished": _republish(lost_after)}


def _republish(lost_after: dt.timedelta) -> int:
    waiting = Job.objects.unpublished(timezone.now(), lost_after=lost_after, grace=GRACE).order_by("created_at")
    count = 0
    for job in waiting[:AT_ONCE]:
        if not publish(job.pk, job.kind):
            break  # the broker is down: the next beat tries again
        count += 1
    return count


def _rescue(stale_after: dt.timedelta) -> tuple[int, int]:
    requeued = failed = 0
    with transaction.atomic():
        silent = Job.objects.silent(timezone.now(), stale_after).select_for_update(skip_locked=True)
        for job in silent[:AT_ONCE]:
            if job.attempts < MAX_ATTEMPTS:
                _queue_again(job)
                requeued += 1
            else:
                _give_up(job)
                failed += 1
    return requeued, failed


def _queue_again(job: Job) -> None:
    logger.warning("job %s (%s): attempt %s fell silent, queued again", job.pk, job.kind, job.attempts)
    job.state, job.claim, job.published_at = JobState.QUEUED, None, None
    job.save(update_fields=["state", "claim", "published_at"])
    publish_on_commit(job)


def _give_up(job: Job) -> None:
    logger.error("job %s (%s): given up after %s attempts", job.pk, job.kind, job.attempts)
    job.state, job.claim, job.finished_at = JobState.FAILED, None, timezone.now()
    job.error = GIVEN_UP.format(attempts=job.attempts)
    job.save(update_fields=["state", "claim", "finished_at", "error"])
