"""As what an occasion counts."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from dxportal.core.occasions.enums import CountingBook
from dxportal.core.occasions.models.occasion import Occasion
from dxportal.core.occasions.querysets import KindQuerySet

kind_code_format = RegexValidator(r"^[a-z][a-z0-9_]*$", "コードは英小文字・数字・下線で入力してください。")


class OccasionKind(models.Model):
    """What an occasion may count as, in one of the books; without ``prefecture`` for everybody."""

    prefecture = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="occasion_kinds",
        verbose_name="都道府県",
    )
    code = models.CharField("コード", max_length=40, validators=[kind_code_format])
    name = models.CharField("名称", max_length=60)
    book = models.CharField("帳簿", max_length=14, choices=CountingBook)
    is_active = models.BooleanField("使用中", default=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = "会合の種別"
        ordering = ("book", "order", "code")
        constraints = [
            models.UniqueConstraint(
                fields=("prefecture", "code"), name="occasion_kind_code_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(name=""), name="occasion_kind_has_name"),
        ]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="CountEvent")
class OccasionCount(models.Model):
    """An occasion counts as a kind: once in it, however many kinds it counts as."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="counts", verbose_name="会合")
    kind = models.ForeignKey(OccasionKind, models.PROTECT, related_name="counts", verbose_name="種別")

    class Meta:
        verbose_name = "会合の数え方"
        ordering = ("kind__book", "kind__order", "pk")
        constraints = [models.UniqueConstraint(fields=("occasion", "kind"), name="occasion_counts_once_as_a_kind")]

    def __str__(self):
        return str(self.kind)
