import datetime as dt
import logging
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from dxportal.core.jobs import domain
from dxportal.core.jobs.domain.heartbeat import Heartbeat
from dxportal.core.jobs.enums import MAX_ATTEMPTS, JobState
from dxportal.core.jobs.models import Job
from tests.support import factories as make
from tests.support import job_kinds as kinds

LONG_AGO = dt.timedelta(hours=1)


@pytest.fixture
def pref(db):
    return make.make_prefecture()


def queued(pref, kind="tests.note", **fields):
    return Job.objects.create(kind=kind, label="試し", prefecture=pref, **fields)


def test_a_job_is_done_and_tells_its_outcome(pref):
    job = queued(pref, params={"n": 2})
    kinds.calls.clear()

    assert domain.run(job.pk)

    job.refresh_from_db()
    assert kinds.calls == [{"n": 2}]
    assert (job.state, job.done, job.total, job.attempts) == (JobState.SUCCEEDED, 3, 3, 1)
    assert job.outcome == {"message": "数えました。"}
    assert job.finished_at >= job.started_at


def test_a_message_delivered_twice_does_the_job_once(pref):
    job = queued(pref)
    kinds.calls.clear()

    assert domain.run(job.pk)
    assert not domain.run(job.pk)
    assert len(kinds.calls) == 1


def test_a_message_for_a_job_that_is_gone_is_no_error(db):
    assert not domain.run(uuid.uuid4())


def test_a_known_failure_is_shown_as_its_sentence(pref):
    job = queued(pref, "tests.known_failure")

    domain.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "回答がありません。")


def test_a_bug_shows_a_reference_and_keeps_its_detail_for_the_log(pref, caplog):
    job = queued(pref, "tests.bug")
    with caplog.at_level(logging.ERROR):
        domain.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "secret" not in job.error
    reference = job.error.split("照会番号 ")[1].rstrip("）")
    assert reference in caplog.text
    assert "secret detail" in caplog.text


def test_a_kind_that_this_version_does_not_know_fails_clearly(pref):
    job = queued(pref, "tests.vanished")

    domain.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "実行できません" in job.error


def test_a_job_that_another_worker_runs_is_left_alone_until_it_falls_silent(pref):
    job = queued(pref, state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    assert not domain.run(job.pk)

    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    assert domain.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)


def test_no_attempt_beyond_the_last(pref):
    job = queued(pref, attempts=MAX_ATTEMPTS)
    assert not domain.run(job.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_a_job_once():
    job = queued(make.make_prefecture())
    kinds.calls.clear()
    barrier, done = threading.Barrier(2), []

    def worker():
        try:
            barrier.wait()
            done.append(domain.run(job.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(done) == [False, True]
    assert len(kinds.calls) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_job_stops_and_writes_nothing():
    job = queued(make.make_prefecture(), state=JobState.RUNNING, claim=uuid.uuid4(), attempts=1)
    with Heartbeat(job.pk, job.claim) as heartbeat:
        Job.objects.filter(pk=job.pk).update(claim=uuid.uuid4())
        assert heartbeat.lost.wait(10)
        with pytest.raises(domain.JobLostError):
            heartbeat.progress(50, 100, "まだ動いているつもり")

    job.refresh_from_db()
    assert (job.done, job.message) == (0, "")


@pytest.mark.django_db(transaction=True)
def test_progress_shows_while_the_work_is_inside_a_transaction():
    from django.db import transaction  # noqa: PLC0415 -- beside its use

    job = queued(make.make_prefecture(), state=JobState.RUNNING, claim=uuid.uuid4(), attempts=1)
    with Heartbeat(job.pk, job.claim) as heartbeat, transaction.atomic():
        heartbeat.progress(7, 10, "半ば")
        for _ in range(50):
            threading.Event().wait(0.1)
            if Job.objects.get(pk=job.pk).done == 7:
                break

        seen = Job.objects.get(pk=job.pk)

    assert (seen.done, seen.total, seen.message) == (7, 10, "半ば")
    assert seen.heartbeat_at is not None
