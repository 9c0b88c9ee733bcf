import pghistory
from django.db import models
from django.db.models import Q

from casestudies.enums import Basis, FigureKind, PlaceKind, PlaceRole
from casestudies.models.case import Case


def every_change() -> tuple[pghistory.RowEvent, ...]:
    """Parts come and go with a save: their removal is told in the history too."""
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


@pghistory.track(*every_change(), model_name="CasePlaceEvent")
class CasePlace(models.Model):
    """An organisation that did the case, or does something similar.

    ``name`` has no prefecture ("酒田市"); ``organization`` is set where the portal knows it. Population is in persons
    at ``population_date``.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="places", verbose_name="事例")
    position = models.PositiveSmallIntegerField("並び順", default=0)
    role = models.CharField("役割", max_length=8, choices=PlaceRole, default=PlaceRole.MAIN)
    name = models.CharField("団体名", max_length=100)
    kana = models.CharField("団体名のかな", max_length=100, blank=True, default="")
    prefecture_name = models.CharField("都道府県名", max_length=10, blank=True, default="")
    kind = models.CharField("区分", max_length=10, choices=PlaceKind)
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    population_date = models.DateField("人口の時点", null=True, blank=True)
    staff = models.PositiveIntegerField("一般行政部門の職員数", null=True, blank=True)
    basis = models.CharField("団体名の根拠", max_length=12, choices=Basis, default=Basis.PRINTED)
    url = models.URLField("アドレス", max_length=500, blank=True, default="")
    note = models.CharField("備考", max_length=200, blank=True, default="")
    organization = models.ForeignKey(
        "organizations.Organization", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="団体"
    )

    class Meta:
        verbose_name = "事例の団体"
        ordering = ("case", "role", "position", "pk")
        indexes = [models.Index(fields=("name", "prefecture_name"), name="case_place_name")]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        """With the prefecture before it, which a prefecture itself does not need."""
        return self.name if self.name == self.prefecture_name else f"{self.prefecture_name}{self.name}"


@pghistory.track(*every_change(), model_name="CaseFigureEvent")
class CaseFigure(models.Model):
    """A key figure or an amount of money (in yen), as number and as printed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="figures", verbose_name="事例")
    position = models.PositiveSmallIntegerField("並び順", default=0)
    kind = models.CharField("種類", max_length=8, choices=FigureKind, default=FigureKind.FIGURE)
    value = models.DecimalField("値", max_digits=18, decimal_places=4)
    unit = models.CharField("単位", max_length=20, blank=True, default="")
    meaning = models.CharField("意味", max_length=200)
    printed = models.CharField("資料の表記", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "事例の数値"
        ordering = ("case", "kind", "position", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(kind="cost") | Q(value__gte=0), name="case_cost_not_negative")
        ]

    def __str__(self):
        return f"{self.meaning} {self.value}{self.unit}"


@pghistory.track(*every_change(), model_name="CaseLinkEvent")
class CaseLink(models.Model):
    """An address where one can read on."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="links", verbose_name="事例")
    position = models.PositiveSmallIntegerField("並び順", default=0)
    label = models.CharField("表示名", max_length=200)
    url = models.URLField("アドレス", max_length=500)

    class Meta:
        verbose_name = "関連アドレス"
        ordering = ("case", "position", "pk")

    def __str__(self):
        return self.label


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), model_name="CaseAreaEvent")
class CaseArea(Case.areas.through):
    """A case's area, so that the history knows it."""

    class Meta:
        proxy = True
        verbose_name = "事例の分野"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), model_name="CaseTermEvent")
class CaseTerm(Case.terms.through):
    """A case's outcome or mindset, so that the history knows it."""

    class Meta:
        proxy = True
        verbose_name = "事例の用語"
