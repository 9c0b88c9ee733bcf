import datetime as dt

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from dxportal.core.organizations.enums import MunicipalityKind, OrganizationKind
from dxportal.core.organizations.querysets import OrganizationQuerySet
from dxportal.core.organizations.then import BureauThen, PlaceThen

code_format = RegexValidator(r"^\d{6}$", "団体コードは6桁の数字で入力してください。")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="OrganizationEvent",
    exclude=["sort_order"],
)
class Organization(models.Model):
    """A node of the tree prefecture → bureau → municipality.

    ``code`` is the national 6-digit code (全国地方公共団体コード); bureaus and unnamed towns have none.
    ``prefecture`` is the root that every row reaches (a prefecture points to itself). ``first_day`` and ``last_day``
    are the first and the last day of its life, both included; None is without known beginning, without end. An ended
    one stays, with its code and name, and points to whoever followed (``Succession``); one that only changed its name
    or code goes on as the same row (``FormerName``).
    """

    code = models.CharField("団体コード", max_length=6, null=True, blank=True, validators=[code_format])
    kind = models.CharField("種別", max_length=12, choices=OrganizationKind)
    municipality_kind = models.CharField("市町村の区分", max_length=8, choices=MunicipalityKind, blank=True, default="")
    name = models.CharField("名称", max_length=100)
    kana = models.CharField("カナ", max_length=100, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上位組織"
    )
    prefecture = models.ForeignKey("self", models.PROTECT, related_name="members", verbose_name="都道府県", null=True)
    sort_order = models.PositiveIntegerField("並び順", default=0)
    fictional = models.BooleanField("架空の団体", default=False)
    district = models.CharField("郡", max_length=20, blank=True, default="")
    first_day = models.DateField("設置日", null=True, blank=True)
    last_day = models.DateField("廃止日（最後の日）", null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()
    # What it was on a day that figures or answers are of: set by ``domain.chains.recall``.
    then: PlaceThen | None = None
    # Of one that has ended: until when it was, and what stands there now. Set by ``domain.chains.mark_ended``.
    ended = ""

    class Meta:
        verbose_name = "組織"
        ordering = ("sort_order", "code", "pk")
        constraints = [
            models.UniqueConstraint(fields=("code",), name="organization_code_once"),
            # A code tells namesakes apart (泊村 is there twice in one prefecture); an ended one's name may recur.
            models.UniqueConstraint(
                fields=("prefecture", "kind", "name", "district"),
                condition=Q(code__isnull=True, last_day__isnull=True),
                name="organization_name_once",
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="organization_ends_after_its_beginning",
            ),
            models.CheckConstraint(
                condition=Q(kind="prefecture", parent__isnull=True) | (~Q(kind="prefecture") & Q(parent__isnull=False)),
                name="organization_parent_fits_kind",
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="organization_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(kind="municipality") | Q(municipality_kind=""),
                name="organization_municipality_kind_only_there",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def shown(self) -> str:
        """Its name, on a page about a day gone by the one it had then."""
        return self.place.shown

    @property
    def marked(self) -> str:
        """For lists of today in which ended ones stand, too."""
        return f"{self.name}（{self.ended}）" if self.ended else self.name

    @property
    def place(self) -> PlaceThen:
        """As of the day that its page is about; without a bureau, of which ``bureau`` knows, where that is today."""
        return self.then or PlaceThen(self.name, self.kana, self.code or "", None)

    @property
    def bureau(self) -> BureauThen:
        """The head above it, on a page about a day gone by the one of then; of a prefecture a blank one."""
        if self.then and self.then.bureau:
            return self.then.bureau
        head = self.parent
        return BureauThen(head.pk, head.name, head.sort_order) if head else BureauThen(0, "")

    @property
    def is_municipality(self) -> bool:
        return self.kind == OrganizationKind.MUNICIPALITY

    def lives_on(self, day: dt.date) -> bool:
        """Whether it exists on the day; the queryset's ``living`` says the same."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)
