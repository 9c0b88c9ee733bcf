import pghistory
from django.conf import settings
from django.db import models

from casestudies.enums import UPTAKE_TONES, UptakeState
from casestudies.models.case import Case
from casestudies.querysets import UptakeQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["created_at", "updated_at"],
    model_name="UptakeEvent",
)
class Uptake(models.Model):
    """「参考にする」: a municipality takes a case as a model. Changes only through ``casestudies.domain.reading.uptake``."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="uptakes", verbose_name="事例")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="case_uptakes", verbose_name="団体"
    )
    state = models.CharField("状態", max_length=12, choices=UptakeState, default=UptakeState.CONSIDERING)
    note = models.TextField("メモ", blank=True, default="")
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = UptakeQuerySet.as_manager()

    class Meta:
        verbose_name = "参考にした事例"
        ordering = ("-updated_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("case", "organization"), name="uptake_once")]

    def __str__(self):
        return f"{self.organization_id} {self.case_id}"

    @property
    def tone(self) -> str:
        return UPTAKE_TONES[UptakeState(self.state)]
