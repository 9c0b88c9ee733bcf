"""What became of an organisation: who followed it, and what it was called before."""

import pghistory
from django.db import models
from django.db.models import F, Q

from dxportal.core.organizations.enums import LifeEvent, MunicipalityKind
from dxportal.core.organizations.models.organization import Organization


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="SuccessionEvent",
)
class Succession(models.Model):
    """From ``day`` on, ``successor`` stands in the place of ``predecessor``, whose last day was the one before.

    Several predecessors may have one successor (a merger), and one predecessor several (a split): each pair is a row.
    Either both are municipalities or both bureaus.
    """

    predecessor = models.ForeignKey(
        Organization, models.PROTECT, related_name="successions", verbose_name="引き継がれた団体"
    )
    successor = models.ForeignKey(Organization, models.PROTECT, related_name="inheritances", verbose_name="承継団体")
    day = models.DateField("施行日")
    kind = models.CharField("異動の種類", max_length=12, choices=LifeEvent)

    class Meta:
        verbose_name = "団体の承継"
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_not_to_itself"),
        ]

    def __str__(self):
        return f"{self.predecessor}→{self.successor}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="FormerNameEvent",
)
class FormerName(models.Model):
    """What an organisation was called, and below which bureau, up to and including ``last_day``.

    All of it is kept as it stood, whether it changed or not; ``kind`` says what changed it the day after. ``code`` is
    None where there was none.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="former_names", verbose_name="組織")
    code = models.CharField("団体コード", max_length=6, null=True, blank=True)
    name = models.CharField("名称", max_length=100)
    kana = models.CharField("カナ", max_length=100, blank=True, default="")
    municipality_kind = models.CharField("市町村の区分", max_length=8, choices=MunicipalityKind, blank=True, default="")
    district = models.CharField("郡", max_length=20, blank=True, default="")
    parent = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上位組織"
    )
    last_day = models.DateField("最後の日")
    kind = models.CharField("異動の種類", max_length=12, choices=LifeEvent)

    class Meta:
        verbose_name = "旧名称・旧団体コード"
        # Two changes on one day are both kept: a file may hold the code in between.
        ordering = ("organization", "last_day", "pk")
        indexes = [models.Index(fields=("code",), name="former_name_by_code")]

    def __str__(self):
        return self.name
