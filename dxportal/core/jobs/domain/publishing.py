"""Telling the broker that a job waits. A job is safe in the database first, so a dead broker only delays it."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from dxportal.core import outage
from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job
from dxportal.core.jobs.registry import queue_of

TASK = "jobs.run"
CONNECT_SECONDS = 1.0
logger = logging.getLogger(__name__)


def publish_on_commit(job: Job, delay: int = 0) -> None:
    """Publishes when the surrounding transaction has committed; at once outside one."""
    transaction.on_commit(partial(publish, job.pk, job.kind, delay))


def publish(job_id, kind: str, delay: int = 0) -> bool:
    """Sends the message; False when the broker does not answer in about a second (the reaper tries again)."""
    # Several jobs of one request would each wait for a broker that is known to be away.
    if outage.broker.is_open():
        return False
    # An own connection: the pooled one would retry a dead broker for as long as the worker's settings say.
    options = {
        **current_app.conf.broker_transport_options,
        "max_retries": 0,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": CONNECT_SECONDS,
        "retry_on_timeout": False,
    }
    message = {
        "args": [str(job_id)],
        "queue": queue_of(kind),
        "countdown": delay,
        "retry": False,
        "ignore_result": True,
    }
    try:
        with current_app.connection(connect_timeout=CONNECT_SECONDS, transport_options=options) as connection:
            current_app.send_task(TASK, connection=connection, **message)
    except (OperationalError, OSError) as error:
        outage.broker.trip()
        logger.warning("job %s: the broker does not answer (%s)", job_id, type(error).__name__)
        return False
    outage.broker.reset()
    # Only while it is queued: a quick worker may have the job already, or even have ended it.
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(published_at=timezone.now())
    return True
