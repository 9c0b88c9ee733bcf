import socket
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from dxportal.core.jobs import domain
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job
from tests.support import factories as make
from tests.support import job_kinds as kinds


@pytest.fixture
def pref(db):
    return make.make_prefecture()


def enqueue(pref, kind="tests.note", **fields):
    return domain.enqueue(kind, label="試しの処理", params={"n": 1}, prefecture=pref, **fields)


def test_a_job_is_published_only_after_commit(pref, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = enqueue(pref)

    assert len(callbacks) == 1
    job.refresh_from_db()
    assert job.published_at is None
    callbacks[0]()
    job.refresh_from_db()
    assert job.published_at is not None


def test_the_same_key_gives_the_active_job(pref):
    first = enqueue(pref, key="survey:1")

    assert enqueue(pref, key="survey:1") == first
    assert enqueue(pref, key="survey:2") != first
    domain.drain()
    assert enqueue(pref, key="survey:1") != first


def test_jobs_without_a_key_are_never_merged(pref):
    assert enqueue(pref) != enqueue(pref)


def test_a_change_while_the_job_runs_is_followed_by_another_run(pref):
    job = enqueue(pref, key="survey:1")
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    kinds.calls.clear()

    assert enqueue(pref, key="survey:1", again=True) == job
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    domain.drain()

    assert len(kinds.calls) == 2
    assert sorted(Job.objects.values_list("state", "again")) == [("succeeded", False), ("succeeded", False)]


@pytest.mark.django_db(transaction=True)
def test_a_waiting_job_does_not_begin_before_the_change_that_it_must_read_is_committed():
    pref = make.make_prefecture()
    job = enqueue(pref, key="survey:1")
    begun = threading.Event()

    def worker():
        try:
            domain.run(job.pk)
            begun.set()
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    with transaction.atomic():
        assert enqueue(pref, key="survey:1", again=True) == job
        thread.start()
        assert not begun.wait(0.5)
    thread.join(5)

    assert begun.is_set()


@pytest.mark.django_db(transaction=True)
def test_two_enqueues_at_once_make_one_job():
    pref = make.make_prefecture()
    barrier, seen = threading.Barrier(2), []

    def one():
        try:
            barrier.wait()
            seen.append(enqueue(pref, key="survey:1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert Job.objects.count() == 1


@pytest.fixture
def mute_broker(settings):
    """Accepts connections and never answers: the worst kind of dead broker."""
    from celery import current_app  # noqa: PLC0415 -- configured by then

    with socket.create_server(("127.0.0.1", 0)) as server:
        before = current_app.conf.broker_url, current_app.conf.broker_write_url
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        current_app.conf.broker_url = current_app.conf.broker_write_url = url
        yield url
        current_app.conf.broker_url, current_app.conf.broker_write_url = before


def test_a_mute_broker_delays_the_job_but_neither_breaks_nor_hangs_the_request(
    pref, mute_broker, django_capture_on_commit_callbacks
):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(pref)

    job.refresh_from_db()
    assert (job.state, job.published_at) == (JobState.QUEUED, None)
    assert time.monotonic() - began < 5


def test_retry_starts_a_failed_job_from_the_beginning(cast):
    job = enqueue(cast.pref, "tests.known_failure")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, attempts=3, error="x", done=2)

    domain.retry(job.pk, user=cast.staff)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.done) == (JobState.QUEUED, 0, "", 0)


def test_retry_refuses_a_job_that_is_well(cast):
    job = enqueue(cast.pref)
    with pytest.raises(ValidationError):
        domain.retry(job.pk, user=cast.staff)


def test_retry_refuses_while_another_job_of_the_key_is_active(cast):
    failed = enqueue(cast.pref, key="survey:1")
    Job.objects.filter(pk=failed.pk).update(state=JobState.FAILED)
    enqueue(cast.pref, key="survey:1")

    with pytest.raises(ValidationError):
        domain.retry(failed.pk, user=cast.staff)


@pytest.mark.parametrize("act", [domain.retry, domain.cancel])
@pytest.mark.parametrize("who", ["stranger_staff", "officer", "bureau_staff", "pref_viewer", "nobody"])
def test_others_may_neither_retry_nor_cancel(cast, act, who):
    job = enqueue(cast.pref)
    with pytest.raises(PermissionDenied):
        act(job.pk, user=getattr(cast, who))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_cancel_takes_a_waiting_job_out(cast):
    job = enqueue(cast.pref)
    kinds.calls.clear()

    domain.cancel(job.pk, user=cast.staff)
    domain.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert kinds.calls == []
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    with pytest.raises(ValidationError):
        domain.cancel(job.pk, user=cast.staff)
