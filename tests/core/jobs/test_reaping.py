import datetime as dt

import pytest
from django.utils import timezone

from dxportal.core.jobs import domain
from dxportal.core.jobs.enums import MAX_ATTEMPTS, JobState
from dxportal.core.jobs.models import Job
from tests.support import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
OLD = dt.timedelta(hours=1)


def aged(**fields):
    job = Job.objects.create(kind="tests.note", label="試し", prefecture=make.make_prefecture(), **fields)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - OLD)
    return job


def test_a_job_that_the_broker_never_took_is_published():
    job = aged()

    assert domain.reap() == {"requeued": 0, "failed": 0, "republished": 1}

    job.refresh_from_db()
    assert job.published_at is not None
    assert domain.reap() == {"requeued": 0, "failed": 0, "republished": 0}


def test_a_job_whose_message_got_lost_is_published_again():
    aged(published_at=timezone.now() - OLD)
    assert domain.reap()["republished"] == 1


def test_a_silent_job_is_queued_again():
    job = aged(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now() - OLD)

    assert domain.reap()["requeued"] == 1

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert domain.run(job.pk)


def test_a_job_that_fell_silent_too_often_fails_with_a_clear_sentence():
    job = aged(state=JobState.RUNNING, attempts=MAX_ATTEMPTS, heartbeat_at=timezone.now() - OLD)

    assert domain.reap()["failed"] == 1

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "途中で止まりました" in job.error


def test_a_job_that_gives_signs_of_life_is_left_alone():
    aged(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    assert domain.reap() == {"requeued": 0, "failed": 0, "republished": 0}
