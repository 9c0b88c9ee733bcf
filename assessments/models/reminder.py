import uuid

from django.conf import settings
from django.db import models

from assessments.models.response import Response


class Reminder(models.Model):
    """One reminder mail for one response (the sent log); written before sending, so that a crash can't send twice.

    ``batch`` is the sending form's token: the same form sent twice reminds nobody twice. A worker claims the row by
    setting ``claimed_at``; then ``delivered_at`` or ``error`` tells how it ended. No recipients: nobody to reach.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="reminders")
    batch = models.UUIDField("送信のまとまり", default=uuid.uuid4, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField("送信日時", auto_now_add=True)
    recipients = models.JSONField("宛先", default=list)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文")
    claimed_at = models.DateTimeField("送信開始日時", null=True, blank=True)
    delivered_at = models.DateTimeField("配信日時", null=True, blank=True)
    error = models.TextField("配信エラー", blank=True, default="")

    class Meta:
        verbose_name = "督促"
        ordering = ("-sent_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("batch", "response"), name="reminder_once_per_batch")]
        indexes = [
            models.Index(fields=("id",), condition=models.Q(claimed_at__isnull=True), name="reminder_waiting"),
        ]

    def __str__(self):
        return f"{self.response} {self.sent_at:%Y-%m-%d %H:%M}"
