"""Putting work into the queue, again and out of it."""

from typing import Any

from django.db import IntegrityError, transaction

from dxportal.core.jobs.domain.publishing import publish_on_commit
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

ALREADY_ACTIVE = "同じ処理がすでに受け付けられています。その終了を待ってから、もう一度お試しください。"


def enqueue(
    kind: str,
    *,
    label: str,
    params: dict[str, Any],
    prefecture,
    user=None,
    key: str = "",
    again: bool = False,
    delay: int = 0,
) -> Job:
    """The job that will do this work: an active one of the same ``key``, or a new one, published on commit.

    ``again``: the caller has just changed what the job reads, so a job that is already running is followed by
    another one. A waiting job is locked until the caller commits and so reads the change. ``delay``: seconds to wait
    for more of the same.
    """
    fields = {"kind": kind, "label": label, "params": params, "key": key, "prefecture": prefecture}
    while True:
        with transaction.atomic():
            # The lock keeps a worker from beginning the job before the caller commits.
            existing = Job.objects.select_for_update().active().filter(key=key).first() if key else None
            if existing is not None:
                if existing.state == JobState.QUEUED and not delay:
                    publish_on_commit(existing)  # it may be waiting for its own delay
                if again and existing.state == JobState.RUNNING and not existing.again:
                    existing.again = True
                    existing.save(update_fields=["again"])
                return existing
        try:
            with transaction.atomic():
                job = Job.objects.create(created_by=user, **fields)
        except IntegrityError:
            if not key:
                raise
            continue  # somebody queued the same key in between
        publish_on_commit(job, delay)
        return job


def retry(job_id, *, user) -> Job:
    """Starts a failed, cancelled or stuck job again from the beginning; NotPossible when it is none of these."""
    with transaction.atomic():
        job = locked(Job.objects.editable_by(user), job_id)
        if not job.can_retry:
            raise NotPossible("この処理は動いているか、すでに完了しています。")
        job.state = JobState.QUEUED
        job.attempts = job.done = 0
        # A worker that was only thought dead holds the old claim, and so can't write into the new attempt.
        job.claim = job.published_at = job.heartbeat_at = job.finished_at = None
        job.error = job.message = ""
        # The index decides: a look for another active job would miss one that is queued at the same moment.
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError as error:
            raise NotPossible(ALREADY_ACTIVE) from error
        publish_on_commit(job)
    return job


def cancel(job_id, *, user) -> Job:
    """Takes a job that has not begun out of the queue; NotPossible when it has."""
    with transaction.atomic():
        job = locked(Job.objects.editable_by(user), job_id)
        # The lock makes a worker's claim wait, which then finds the job cancelled and leaves it alone.
        if job.state != JobState.QUEUED:
            raise NotPossible("すでに始まった処理は取り消せません。")
        job.state = JobState.CANCELLED
        job.save(update_fields=["state"])
    return job
