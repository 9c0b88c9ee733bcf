"""Celery's way in: ids in, one domain call."""

from celery import shared_task
from celery.signals import worker_ready

from dxportal.portal.domain.brief.store import schedule_tomorrow
from dxportal.portal.domain.snapshots.schedule import schedule_all, schedule_outdated


@shared_task(name="portal.refresh_all", ignore_result=True, expires=3600)
def refresh_all() -> None:
    """Once a night: what no signal tells of (renamed bureaus and areas, deleted rows) reaches the figures too."""
    schedule_all()


@shared_task(name="portal.refresh_outdated", ignore_result=True, expires=3600)
def refresh_outdated() -> None:
    """After an update: rows whose format is older than the program."""
    schedule_outdated()


@shared_task(name="portal.prepare_briefs", ignore_result=True, expires=3600)
def prepare_briefs() -> None:
    """Every evening: what tomorrow's sessions begin with."""
    schedule_tomorrow()


@worker_ready.connect(dispatch_uid="portal.refresh_outdated")
def ask_after_update(**_: object) -> None:
    """Workers start anew with every update, so this is the moment at which older rows can be found."""
    refresh_outdated.delay()
