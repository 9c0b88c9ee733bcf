"""States of a job."""

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "待機中"
    RUNNING = "running", "実行中"
    SUCCEEDED = "succeeded", "完了"
    FAILED = "failed", "失敗"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
