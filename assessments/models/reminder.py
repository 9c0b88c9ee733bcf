from django.conf import settings
from django.db import models

from assessments.models.response import Response


class Reminder(models.Model):
    """One reminder mail that went out for one response (the sent log)."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="reminders")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField("送信日時", auto_now_add=True)
    recipients = models.JSONField("宛先", default=list)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文")
    delivered_at = models.DateTimeField("配信日時", null=True, blank=True)
    error = models.TextField("配信エラー", blank=True, default="")

    class Meta:
        verbose_name = "督促"
        ordering = ("-sent_at", "-pk")

    def __str__(self):
        return f"{self.response} {self.sent_at:%Y-%m-%d %H:%M}"
