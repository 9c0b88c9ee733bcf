import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.querysets import MembershipQuerySet


@pghistory.track()
class Membership(models.Model):
    """A person's role in an organisation from ``first_day`` to ``last_day`` inclusive; ended gives nothing.

    Changes only through ``dxportal.core.accounts.domain``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="利用者"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="memberships", verbose_name="組織"
    )
    role = models.CharField("役割", max_length=20, choices=Role)
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)
    section = models.CharField("所属課", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "所属"
        ordering = ("organization__sort_order", "organization", "role", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="membership_days_in_order"
            ),
            models.UniqueConstraint(
                fields=("user", "organization", "role", "first_day"), name="membership_once_from_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.user}（{self.organization}・{self.get_role_display()}）"

    def current_assignments(self):
        return self.assignments.on_day()
