"""What a contract wants of a year: the rows, what became of them, and what is counted by hand."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from dxportal.portal.enums import BY_HAND, Measure
from dxportal.portal.querysets import ExchangeMemberQuerySet, PlanItemQuerySet

LARGEST = 1_000_000


def tracked(name: str):
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, exclude=["revision"], model_name=name)


@tracked("PlanItemEvent")
class PlanItem(models.Model):
    """A row of a prefecture's contract in a fiscal year, as it was agreed first: the baseline.

    ``kinds``: codes of the kinds of meeting that count, or of capacities where a roster is counted. ``due_days`` and
    ``due_amounts`` run in parallel: how many more are due by the end of which day; their sum is the target, or there
    are none. Later changes of target and calendar are ``PlanChange``s, so that both are kept.
    """

    prefecture = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="plan_items")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    order = models.PositiveSmallIntegerField("並び順", default=0)
    section = models.CharField("区分", max_length=100)
    item = models.CharField("項目", max_length=100)
    measure = models.CharField("数え方", max_length=16, choices=Measure)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name="数える種別", default=list, blank=True)
    target = models.PositiveIntegerField("目標値", validators=[MaxValueValidator(LARGEST)])
    unit = models.CharField("単位", max_length=20)
    due_days = ArrayField(models.DateField(), verbose_name="期日", default=list, blank=True)
    due_amounts = ArrayField(models.PositiveIntegerField(), verbose_name="期日ごとの数", default=list, blank=True)
    note = models.CharField("備考", max_length=500, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        verbose_name = "計画の項目"
        ordering = ("prefecture", "fiscal_year", "order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("prefecture", "fiscal_year", "section", "item"), name="plan_item_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(due_days__len=F("due_amounts__len")), name="plan_item_amount_for_each_due_day"
            ),
        ]

    def __str__(self):
        return f"{self.section} {self.item}"

    @property
    def is_by_hand(self) -> bool:
        return self.measure in BY_HAND


@tracked("PlanChangeEvent")
class PlanChange(models.Model):
    """From ``day`` on the row's target and calendar are these, for ``reason``."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="changes", verbose_name="項目")
    day = models.DateField("変更日")
    target = models.PositiveIntegerField("目標値", validators=[MaxValueValidator(LARGEST)])
    due_days = ArrayField(models.DateField(), verbose_name="期日", default=list, blank=True)
    due_amounts = ArrayField(models.PositiveIntegerField(), verbose_name="期日ごとの数", default=list, blank=True)
    reason = models.CharField("理由", max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("記録日時", auto_now_add=True)

    class Meta:
        verbose_name = "計画の変更"
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(fields=("item", "day"), name="plan_change_once_a_day"),
            models.CheckConstraint(
                condition=Q(due_days__len=F("due_amounts__len")), name="plan_change_amount_for_each_due_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="plan_change_has_reason"),
        ]

    def __str__(self):
        return f"{self.item} {self.day}"


@tracked("HandCountEvent")
class HandCount(models.Model):
    """``amount`` more of a row (fewer, if negative) from ``day`` on: who entered it, when, and why."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="hand_counts", verbose_name="項目")
    day = models.DateField("日付")
    amount = models.IntegerField("数")
    reason = models.CharField("内容・根拠", max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("入力日時", auto_now_add=True)

    class Meta:
        verbose_name = "手入力の数"
        ordering = ("day", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="hand_count_is_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="hand_count_has_reason"),
        ]

    def __str__(self):
        return f"{self.item} {self.amount:+d}"


@tracked("ExchangeMemberEvent")
class ExchangeMember(models.Model):
    """A municipality in the place where towns exchange news (a chat tool), from a first to a last day."""

    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="exchange_memberships", verbose_name="団体"
    )
    first_day = models.DateField("参加日")
    last_day = models.DateField("最終日", null=True, blank=True)

    objects = ExchangeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "情報交換の場の参加団体"
        ordering = ("organization__sort_order", "organization__code", "first_day")
        constraints = [
            models.UniqueConstraint(
                fields=("organization",), condition=Q(last_day__isnull=True), name="exchange_member_once"
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="exchange_member_days_in_order",
            ),
        ]

    def __str__(self):
        return str(self.organization)
