import pghistory
from django.db import models
from django.db.models import F, Q

from dxportal.core.accounts.models.membership import Membership
from dxportal.core.accounts.querysets import AssignmentQuerySet


@pghistory.track()
class Assignment(models.Model):
    """A consultant's charge of a municipality."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="assignments", verbose_name="所属")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="consultant_assignments", verbose_name="担当団体"
    )
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "担当"
        ordering = ("organization__sort_order", "organization", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="assignment_days_in_order"
            ),
            models.UniqueConstraint(
                fields=("membership", "organization", "first_day"), name="assignment_once_from_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.membership.user} → {self.organization}"
