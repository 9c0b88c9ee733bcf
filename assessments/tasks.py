"""Work of the assessments that runs by the clock. Every task may run twice without harm."""

import pghistory
from celery import shared_task
from django.utils import timezone

from assessments.domain.surveys import moves


@shared_task(name="assessments.close_due")
def close_due() -> None:
    """Opens the surveys whose opening time has come (where asked for) and closes those past their time."""
    with pghistory.context(task="assessments.close_due"):
        moves.open_and_close_due(timezone.now())
