import os
import signal

import pytest
from django.utils import timezone

from dxportal.core.jobs import domain
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job
from tests.support import factories as make
from tests.support.worker import celery_worker, children, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_whose_worker_is_killed_in_the_middle_is_picked_up_and_ends_well():
    job = domain.enqueue("tests.slow", label="長い処理", params={"seconds": 60}, prefecture=make.make_prefecture())

    with celery_worker("tests.support.job_kinds") as worker:
        wait_until(lambda: Job.objects.get(pk=job.pk).done > 0)
        for child in children(worker.pid):
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: _silence(job) > 2)
        assert domain.reap(stale_after=timezone.timedelta(seconds=2))["requeued"] == 1
        wait_until(lambda: not Job.objects.get(pk=job.pk).is_active)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)
    assert job.outcome == {"message": "2回目で終わりました。"}


def _silence(job):
    return (timezone.now() - Job.objects.get(pk=job.pk).heartbeat_at).total_seconds()
