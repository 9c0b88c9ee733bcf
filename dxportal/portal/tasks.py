"""Celery's way in: ids in, one domain call."""

from celery import shared_task

from dxportal.portal.domain.snapshots import schedule_all


@shared_task(name="portal.refresh_all", ignore_result=True, expires=3600)
def refresh_all() -> None:
    """Once a night: what no signal tells of (names, populations, places on the map) reaches the figures too."""
    schedule_all()
