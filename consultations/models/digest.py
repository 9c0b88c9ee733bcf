from django.conf import settings
from django.db import models

from consultations.querysets import DigestQuerySet


class DigestSetting(models.Model):
    """Whether a person gets the morning's mail about actions, and the last day on which one was claimed.

    ``last_day`` and, for questions, ``questions_day`` change by one conditional UPDATE (``domain.actions.digest.claim``):
    whoever changes the row sends.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="action_digest",
        verbose_name="利用者",
    )
    muted = models.BooleanField("受け取らない", default=False)
    last_day = models.DateField("最後に送った日", null=True, blank=True)

    questions_day = models.DateField("質問のお知らせを最後に送った日", null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "朝のお知らせの設定"

    def __str__(self):
        return str(self.user_id)
