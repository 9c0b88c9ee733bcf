import pghistory
from django.db import models
from django.db.models import F, Q

from dxportal.core.occasions.enums import BusyKind
from dxportal.core.occasions.querysets import BusyPeriodQuerySet


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="BusyEvent")
class BusyPeriod(models.Model):
    """Days on which a town would rather not be asked to a meeting (議会, 繁忙期), both ends included."""

    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="busy_periods", verbose_name="団体"
    )
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日")
    kind = models.CharField("種類", max_length=8, choices=BusyKind, default=BusyKind.BUSY)
    note = models.CharField("備考", max_length=200, blank=True, default="")

    objects = BusyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "都合の悪い期間"
        ordering = ("first_day", "organization", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="busy_period_days_in_order"),
            models.UniqueConstraint(fields=("organization", "first_day", "last_day", "kind"), name="busy_period_once"),
        ]

    def __str__(self):
        return f"{self.organization} {self.get_kind_display()}"
