"""Celery's way in."""

from celery import shared_task

from dxportal.core.uploads import domain


@shared_task(name="uploads.purge", ignore_result=True, expires=1800)
def purge() -> None:
    domain.purge()
