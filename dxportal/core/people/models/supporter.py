"""Who supports the towns, and in which capacities."""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q

from dxportal.core.people.querysets import CapacityQuerySet, SupporterCapacityQuerySet, SupporterQuerySet

capacity_code_format = RegexValidator(r"^[a-z][a-z0-9_]*$", "コードは英小文字・数字・下線で入力してください。")


class Capacity(models.Model):
    """In what a person supports (総合プロデューサー, …): data, without ``prefecture`` everybody's.

    ``has_field``: held in a field, such as 人づくり.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="capacities",
        verbose_name="都道府県",
    )
    code = models.CharField("コード", max_length=40, validators=[capacity_code_format])
    name = models.CharField("名称", max_length=60)
    has_field = models.BooleanField("分野をもつ", default=False)
    is_active = models.BooleanField("使用中", default=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = "支援の役割"
        ordering = ("order", "code")
        constraints = [
            models.UniqueConstraint(fields=("prefecture", "code"), name="capacity_code_once", nulls_distinct=False),
            models.CheckConstraint(condition=~Q(name=""), name="capacity_has_name"),
        ]

    def __str__(self):
        return self.name


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision"],
    model_name="SupporterEvent",
)
class Supporter(models.Model):
    """A person of the support team of a prefecture, with an account or without.

    ``schemes``: national schemes of advisers in which the person is registered. ``note`` is the office's own.
    """

    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="supporters", verbose_name="都道府県"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="supporters",
        verbose_name="アカウント",
    )
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名（カナ）", max_length=100, blank=True, default="")
    affiliation = models.CharField("所属", max_length=200, blank=True, default="")
    schemes = ArrayField(
        models.CharField(max_length=100), verbose_name="登録している国の制度", default=list, blank=True
    )
    note = models.TextField("備考", blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    objects = SupporterQuerySet.as_manager()

    class Meta:
        verbose_name = "支援者"
        ordering = ("kana", "name", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="supporter_has_name"),
            models.UniqueConstraint(
                fields=("prefecture", "user"), condition=Q(user__isnull=False), name="supporter_account_once"
            ),
        ]

    def __str__(self):
        return self.name


class Point(Func):
    """A number as a range of one: GiST compares ranges without an extension, and no plain numbers."""

    template = "int8range((%(expressions)s)::bigint, (%(expressions)s)::bigint, '[]')"
    output_field = BigIntegerRangeField()


class DayRange(Func):
    function = "daterange"
    output_field = DateRangeField()


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision"],
    model_name="SupporterCapacityEvent",
)
class SupporterCapacity(models.Model):
    """A supporter in a capacity (and field) from ``first_day`` to ``last_day``, both included."""

    supporter = models.ForeignKey(Supporter, models.CASCADE, related_name="capacities", verbose_name="支援者")
    capacity = models.ForeignKey(Capacity, models.PROTECT, related_name="holders", verbose_name="役割")
    field = models.CharField("分野", max_length=100, blank=True, default="")
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = SupporterCapacityQuerySet.as_manager()

    class Meta:
        verbose_name = "支援者の役割"
        ordering = ("capacity__order", "first_day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="supporter_capacity_days_in_order",
            ),
            # The same capacity in the same field twice on one day would be one person counted as two posts.
            ExclusionConstraint(
                name="supporter_capacity_once_a_day",
                expressions=[
                    (Point(F("supporter")), RangeOperators.OVERLAPS),
                    (Point(F("capacity")), RangeOperators.OVERLAPS),
                    (Point(Func(F("field"), function="hashtext")), RangeOperators.OVERLAPS),
                    (DayRange("first_day", "last_day", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.capacity} {self.field}".strip()
