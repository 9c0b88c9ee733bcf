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
    counts = {"requeued": 0, "failed": 0, "republished": 0}
    with transaction.atomic():
        # Rows that another reaper or a worker holds are theirs to deal with.
        silent = Job.objects.silent(timezone.now(), stale_after).select_for_update(skip_locked=True)
        for job in silent[:AT_ONCE]:
            # Silent need not mean dead: without its claim the earlier worker can write nothing more.
            job.claim = None
            if job.attempts < MAX_ATTEMPTS:
                logger.warning("job %s (%s): attempt %s fell silent, queued again", job.pk, job.kind, job.attempts)
                job.state = JobState.QUEUED
                job.published_at = None
                publish_on_commit(job)
                counts["requeued"] += 1
            else:
                logger.error("job %s (%s): given up after %s attempts", job.pk, job.kind, job.attempts)
                job.state = JobState.FAILED
                job.finished_at = timezone.now()
                job.error = GIVEN_UP.format(attempts=job.attempts)
                counts["failed"] += 1
            job.save(update_fields=["state", "claim", "published_at", "finished_at", "error"])
    # Outside the transaction, so that no row stays locked while the broker is waited for. A message that is sent twice
    # does no harm: the job is claimed once.
    waiting = Job.objects.unpublished(timezone.now(), lost_after=lost_after, grace=GRACE).order_by("created_at")
    for job in waiting[:AT_ONCE]:
        if not publish(job.pk, job.kind):
            break  # the broker is down: the next beat tries again
        counts["republished"] += 1
    return counts
