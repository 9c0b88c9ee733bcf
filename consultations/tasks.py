"""Work of the consultations that runs by the clock. Every task may run twice without harm."""

from celery import shared_task

from consultations.domain.actions import digest
from consultations.domain.questions import digest as question_digest
from consultations.domain.topics.sharing import contact, release
from consultations.domain.topics.sharing import digest as release_digest


@shared_task(name="consultations.send_digests", ignore_result=True, expires=3600)
def send_digests() -> None:
    digest.send_all()


@shared_task(name="consultations.send_question_digests", ignore_result=True, expires=3600)
def send_question_digests() -> None:
    question_digest.send_all()


@shared_task(name="consultations.release_topics", ignore_result=True, expires=3600)
def release_topics() -> None:
    """Summaries to which the town did not object in its days."""
    release.release_all()


@shared_task(name="consultations.send_release_digests", ignore_result=True, expires=3600)
def send_release_digests() -> None:
    release_digest.send_all()


@shared_task(name="consultations.lapse_contacts", ignore_result=True, expires=3600)
def lapse_contacts() -> None:
    """Requests to hear more that nobody answered in time."""
    contact.lapse_all()
