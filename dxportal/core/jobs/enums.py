"""States of a job, and how long silence is believed."""

import datetime as dt

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "待機中"
    RUNNING = "running", "実行中"
    SUCCEEDED = "succeeded", "完了"
    FAILED = "failed", "失敗"
    CANCELLED = "cancelled", "取消"

    @property
    def tone(self) -> str:
        return {"running": "blue", "succeeded": "green", "failed": "red"}.get(self.value, "gray")


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
RETRYABLE = (JobState.FAILED, JobState.CANCELLED)

HEARTBEAT_EVERY = dt.timedelta(seconds=1)
STALE_AFTER = dt.timedelta(seconds=60)  # a running job is silent for so long: its worker is gone
PICKED_UP_WITHIN = dt.timedelta(seconds=120)  # a queued job waits for so long: the broker may have lost it
MAX_ATTEMPTS = 3
