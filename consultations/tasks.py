"""Work of the consultations that runs by the clock. Every task may run twice without harm."""

from celery import shared_task

from consultations.domain.actions import digest
from consultations.domain.questions import digest as question_digest


@shared_task(name="consultations.send_digests", ignore_result=True, expires=3600)
def send_digests() -> None:
    digest.send_all()


@shared_task(name="consultations.send_question_digests", ignore_result=True, expires=3600)
def send_question_digests() -> None:
    question_digest.send_all()
