import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.enums import SkipReason
from consultations.querysets import SkipQuerySet


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="SkipEvent")
class SkippedMonth(models.Model):
    """A town wants no session of a kind in a month. ``month`` is its first day; ``kind`` the code of an OccasionKind.

    Changes only through ``consultations.domain.skips``.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="skipped_months", verbose_name="団体"
    )
    kind = models.CharField("種別のコード", max_length=40, default="monthly")
    month = models.DateField("月")
    reason = models.CharField("理由", max_length=10, choices=SkipReason, default=SkipReason.NOT_WANTED)
    note = models.CharField("備考", max_length=200, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    by_name = models.CharField("氏名", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = SkipQuerySet.as_manager()

    class Meta:
        verbose_name = "相談を希望しない月"
        ordering = ("month", "organization__sort_order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("organization", "kind", "month"), name="skipped_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="skipped_month_is_a_first_day"),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.month:%Y-%m}"
