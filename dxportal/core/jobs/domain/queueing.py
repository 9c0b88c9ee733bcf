"""Putting work into the queue, again and out of it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from dxportal.core.jobs.domain.publishing import publish_on_commit
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job

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
            if existing := _active(key):
                if existing.state == JobState.QUEUED and not delay:
                    publish_on_commit(existing)  # it may be waiting for its own delay
                return _follow(existing) if again else existing
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
    """Starts a failed, cancelled or stuck job again from the beginning; ValidationError when it is neither."""
    with transaction.atomic():
        job = _locked(job_id, user)
        if not job.can_retry:
            raise ValidationError("この処理は動いているか、すでに完了しています。")
        job.state, job.attempts, job.claim, job.error, job.message = JobState.QUEUED, 0, None, "", ""
        job.done, job.published_at, job.heartbeat_at, job.finished_at = 0, None, None, None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError as error:
            raise ValidationError(ALREADY_ACTIVE) from error
        publish_on_commit(job)
    return job


def cancel(job_id, *, user) -> Job:
    """Takes a job that has not begun out of the queue; ValidationError when it has."""
    with transaction.atomic():
        job = _locked(job_id, user)
        if job.state != JobState.QUEUED:
            raise ValidationError("すでに始まった処理は取り消せません。")
        job.state = JobState.CANCELLED
        job.save(update_fields=["state"])
    return job


def _active(key: str) -> Job | None:
    """The active job of the key, its row locked: no worker can begin it before the caller commits."""
    return Job.objects.select_for_update().active().filter(key=key).first() if key else None


def _follow(job: Job) -> Job:
    if job.state == JobState.RUNNING and not job.again:
        job.again = True
        job.save(update_fields=["again"])
    return job


def _locked(job_id, user) -> Job:
    job = Job.objects.select_for_update().get(pk=job_id)
    if not Job.objects.editable_by(user).filter(pk=job.pk).exists():
        raise PermissionDenied
    return job
