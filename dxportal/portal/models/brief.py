from django.conf import settings
from django.db import models

from dxportal.portal.querysets import BriefQuerySet


class Brief(models.Model):
    """What a session with a town begins with, as of ``made_at``: read again, or made anew over it.

    ``data`` is a ``StoredBrief`` of ``format``; it holds no memo. Changes only through ``dxportal.portal.domain.brief``.
    """

    session = models.ForeignKey("consultations.Session", models.CASCADE, related_name="briefs", verbose_name="相談")
    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="briefs", verbose_name="団体"
    )
    data = models.JSONField("内容")
    format = models.PositiveSmallIntegerField("形式の版")
    made_at = models.DateTimeField("作成日時")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="作成者"
    )

    objects = BriefQuerySet.as_manager()

    class Meta:
        verbose_name = "事前資料"
        ordering = ("session", "organization")
        constraints = [
            models.UniqueConstraint(fields=("session", "organization"), name="brief_once_a_session_and_town")
        ]

    def __str__(self):
        return f"{self.session_id} {self.organization_id}"
