import pghistory
from django.conf import settings
from django.db import models

from assessments.models import Response
from dxportal.portal.enums import RecheckFocus
from dxportal.portal.querysets import RecheckQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision"],
    model_name="RecheckEvent",
)
class Recheck(models.Model):
    """A town went through its answers again in a session: what of them, and how many it changed.

    Once a session, town and focus; entered again it is corrected. Changes only through ``domain.recheck``.
    """

    session = models.ForeignKey("consultations.Session", models.PROTECT, related_name="rechecks", verbose_name="相談")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="rechecks", verbose_name="団体"
    )
    response = models.ForeignKey(Response, models.PROTECT, related_name="rechecks", verbose_name="回答票")
    focus = models.CharField("確かめた設問", max_length=10, choices=RecheckFocus)
    changed = models.PositiveSmallIntegerField("直した設問の数", default=0)
    note = models.CharField("備考", max_length=200, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="記録した人"
    )
    by_name = models.CharField("氏名", max_length=100, default="")
    at = models.DateTimeField("記録日時", auto_now=True)
    revision = models.PositiveIntegerField("版", default=1, editable=False)

    objects = RecheckQuerySet.as_manager()

    class Meta:
        verbose_name = "回答の見直しの確認"
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("session", "organization", "focus"), name="recheck_once_a_session_and_focus"
            )
        ]

    def __str__(self):
        return f"{self.session_id} {self.organization_id} {self.focus}"
