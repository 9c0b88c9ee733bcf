"""Queueing, running and rescuing jobs."""

from dxportal.core.jobs.domain.errors import JobError, JobLostError
from dxportal.core.jobs.domain.queueing import cancel, enqueue, retry
from dxportal.core.jobs.domain.reaping import reap
from dxportal.core.jobs.domain.running import JobHandle, drain, run

__all__ = ["JobError", "JobHandle", "JobLostError", "cancel", "drain", "enqueue", "reap", "retry", "run"]
