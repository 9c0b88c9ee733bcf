"""Whom to call in a town."""

import pghistory
from django.db import models
from django.db.models import F, Q

from dxportal.core.people.querysets import ContactQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision"],
    model_name="ContactEvent",
)
class Contact(models.Model):
    """A contact person of an organisation without an account; those with one come from their memberships."""

    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="contacts", verbose_name="団体"
    )
    section = models.CharField("課", max_length=100, blank=True, default="")
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名（カナ）", max_length=100, blank=True, default="")
    role = models.CharField("役割・担当", max_length=100, blank=True, default="")
    email = models.EmailField("メールアドレス", blank=True, default="")
    telephone = models.CharField("電話番号", max_length=40, blank=True, default="")
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "連絡先の担当者"
        ordering = ("organization__sort_order", "organization", "section", "kana", "name", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_name"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="contact_days_in_order"
            ),
        ]

    def __str__(self):
        return self.name
