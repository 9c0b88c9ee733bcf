import pghistory
from django.db import models

from dxportal.core.organizations.models.organization import Organization


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="ProfileEvent",
)
class Profile(models.Model):
    """Figures of an organisation in one fiscal year; the place on the tile map counts from 1."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="profiles", verbose_name="組織")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    population_date = models.DateField("人口の時点", null=True, blank=True)
    staff = models.PositiveIntegerField("一般行政部門の職員数", null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField("タイル地図の行", null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField("タイル地図の列", null=True, blank=True)

    class Meta:
        verbose_name = "年度別の基本情報"
        ordering = ("organization", "-fiscal_year")
        constraints = [models.UniqueConstraint(fields=("organization", "fiscal_year"), name="profile_once_per_year")]

    def __str__(self):
        return f"{self.organization} {self.fiscal_year}"
