import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dxportal.core.jobs.enums import ACTIVE, PICKED_UP_WITHIN, RETRYABLE, STALE_AFTER, JobState
from dxportal.core.jobs.querysets import JobQuerySet


class Job(models.Model):
    """One piece of long work: what it is, how far it is, how it ended.

    At most one active job per ``key``. ``state`` changes only through ``dxportal.core.jobs.domain``.
    ``heartbeat_at`` is renewed by the worker; an active job without a heartbeat is picked up again or failed.
    ``claim`` names the worker's attempt: whoever lost it may write nothing more. ``again``: its input changed while
    it ran, so a follower is queued when it ends. ``outcome`` may hold ``message`` and ``url`` for the reader.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("種類", max_length=60)
    label = models.CharField("内容", max_length=200)
    key = models.CharField("重複防止キー", max_length=200, blank=True, default="")
    state = models.CharField("状態", max_length=10, choices=JobState, default=JobState.QUEUED)
    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="jobs", verbose_name="都道府県"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="jobs", verbose_name="開始した人"
    )
    params = models.JSONField("引数", default=dict)
    done = models.PositiveIntegerField("済み", default=0)
    total = models.PositiveIntegerField("全体", default=0)
    message = models.CharField("経過", max_length=200, blank=True, default="")
    outcome = models.JSONField("結果", default=dict)
    error = models.TextField("エラー", blank=True, default="")
    claim = models.UUIDField("実行の識別子", null=True)
    again = models.BooleanField("終了後にもう一度", default=False)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    created_at = models.DateTimeField("受付日時", auto_now_add=True)
    published_at = models.DateTimeField("依頼日時", null=True)
    started_at = models.DateTimeField("開始日時", null=True)
    heartbeat_at = models.DateTimeField("最終応答", null=True)
    finished_at = models.DateTimeField("終了日時", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "処理"
        ordering = ("-created_at",)
        indexes = [models.Index(fields=("prefecture", "-created_at"), name="job_by_prefecture")]
        constraints = [
            # Of two requests at the same moment neither sees the other's job: the index is what lets one of them in.
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=ACTIVE) & ~Q(key=""), name="job_one_active_per_key"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def tone(self) -> str:
        return JobState(self.state).tone

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_stuck(self) -> bool:
        """Queued but not picked up, or running without a sign of life."""
        now = timezone.now()
        if self.state == JobState.RUNNING:
            return self.heartbeat_at is None or self.heartbeat_at < now - STALE_AFTER
        return self.state == JobState.QUEUED and self.created_at < now - PICKED_UP_WITHIN

    @property
    def is_unsent(self) -> bool:
        """Queued, but the broker was away when it should have been told."""
        return self.state == JobState.QUEUED and self.published_at is None

    @property
    def can_retry(self) -> bool:
        return self.state in RETRYABLE or self.is_stuck
