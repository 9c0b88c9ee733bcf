"""Celery's way in: ids in, one domain call."""

from celery import shared_task
from django.conf import settings

from dxportal.core.jobs import domain
from dxportal.core.jobs.domain import signs


@shared_task(name="jobs.run", ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def run(job_id: str) -> None:
    """Safe to deliver twice: the job is claimed by compare-and-set."""
    domain.run(job_id)


# Beat sends one every 15 seconds: what has waited for two of them is dropped, so that they don't pile up.
@shared_task(name="jobs.reap", ignore_result=True, expires=30)
def reap() -> None:
    domain.reap()
    if settings.SIGNS_OF_LIFE:
        signs.note("worker")
