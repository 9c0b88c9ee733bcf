"""Writing the plan: its rows, changes of it, numbers by hand, and who is in the exchange."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from dxportal.core.organizations.fiscal import bounds
from dxportal.core.organizations.models import Organization
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked
from dxportal.portal.domain.plan.content import Due
from dxportal.portal.models import ExchangeMember, HandCount, PlanChange, PlanItem

TWICE = "同じ年度に、同じ区分と項目の行があります。区分か項目を変えてください。"


def columns_of(dues: Iterable[Due]) -> dict[str, Any]:
    """The two parallel columns of a calendar, by day."""
    rows = sorted(dues, key=lambda due: due.day)
    return {"due_days": [due.day for due in rows], "due_amounts": [due.amount for due in rows]}


def create(values: dict[str, Any], dues: Sequence[Due], *, fiscal_year: int, user) -> PlanItem:
    """A row at the end of the year's plan; NotPossible where there is one of that name."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    prefecture = user.acting.organization
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=prefecture.pk)  # two at once get two places
        rows = PlanItem.objects.filter(prefecture=prefecture, fiscal_year=fiscal_year)
        last = rows.aggregate(Max("order"))["order__max"] or 0
        item = PlanItem(prefecture=prefecture, fiscal_year=fiscal_year, order=last + 1)
        _store(item, values | columns_of(dues))
    return item


def correct(item_id: int, values: dict[str, Any], dues: Sequence[Due], *, user, revision: int) -> PlanItem:
    """Corrects the baseline, seen as ``revision``. What changes in the course of the year is ``change_plan``'s."""
    with transaction.atomic():
        item = locked(PlanItem.objects.editable_by(user), item_id)
        if item.revision != revision:
            raise Overtaken("この項目は、入力中にほかの人が変更しました。", item)
        item.revision += 1
        _store(item, values | columns_of(dues))
        return item


def _store(item: PlanItem, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise NotPossible({"item": TWICE}) from error


def delete(item_id: int, *, user) -> None:
    """With its numbers and changes, of which the history tells."""
    with transaction.atomic():
        locked(PlanItem.objects.editable_by(user), item_id).delete()


def move(item_id: int, places: int, *, user) -> None:
    """Up (negative) or down among the rows of its year."""
    with transaction.atomic():
        item = locked(PlanItem.objects.editable_by(user), item_id)
        rows = list(
            PlanItem.objects.filter(prefecture=item.prefecture_id, fiscal_year=item.fiscal_year).select_for_update()
        )
        index = next(place for place, row in enumerate(rows) if row.pk == item.pk)
        target = min(max(index + places, 0), len(rows) - 1)
        rows.insert(target, rows.pop(index))
        for place, row in enumerate(rows, start=1):
            row.order = place
        PlanItem.objects.bulk_update(rows, ["order"])


def change_plan(item_id: int, *, day: dt.date, target: int, dues: Sequence[Due], reason: str, user) -> PlanChange:
    """Another target and calendar from ``day`` on; one a day, the later entry of a day in place of the earlier."""
    with transaction.atomic():
        item = locked(PlanItem.objects.editable_by(user), item_id)
        _within_year(item, day)
        values = {"target": target, "reason": reason, "user": user, **columns_of(dues)}
        change, _ = PlanChange.objects.update_or_create(item=item, day=day, defaults=values)
        return change


def take_change_back(item_id: int, change_id: int, *, user) -> None:
    with transaction.atomic():
        item = locked(PlanItem.objects.editable_by(user), item_id)
        item.changes.filter(pk=change_id).delete()


def count_by_hand(item_id: int, *, day: dt.date, amount: int, reason: str, user) -> HandCount:
    """NotPossible where the row is counted from meetings or lists, or would fall below nothing."""
    with transaction.atomic():
        item = locked(PlanItem.objects.countable_by(user), item_id)
        if not item.is_by_hand:
            raise NotPossible("この項目は、会合や名簿から数えます。手では入力できません。")
        _within_year(item, day)
        so_far = sum(item.hand_counts.filter(day__lte=day).values_list("amount", flat=True))
        if so_far + amount < 0:
            raise NotPossible({"amount": f"この日までの数は{so_far}です。それより多くは減らせません。"})
        return HandCount.objects.create(item=item, day=day, amount=amount, reason=reason, user=user)


def _within_year(item: PlanItem, day: dt.date) -> None:
    first, last = bounds(item.fiscal_year)
    if not first <= day <= last:
        raise NotPossible(
            {"day": f"{item.fiscal_year}年度（{first:%Y-%m-%d}〜{last:%Y-%m-%d}）の日付を入力してください。"}
        )


def copy_year(from_year: int, to_year: int, *, user) -> int:
    """The rows of a year as the plan of another one that has none yet, their days moved; how many."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    prefecture = user.acting.organization
    with transaction.atomic():
        Organization.objects.select_for_update().get(
            pk=prefecture.pk
        )  # of two at once the second sees the first's rows
        rows = PlanItem.objects.filter(prefecture=prefecture)
        if rows.filter(fiscal_year=to_year).exists():
            raise NotPossible(f"{to_year}年度の計画はすでにあります。")
        items = list(rows.filter(fiscal_year=from_year))
        for item in items:
            item.pk = None
            item.due_days = [moved(day, to_year - from_year) for day in item.due_days]
            item.fiscal_year = to_year
            item.revision = 1
        PlanItem.objects.bulk_create(items)
        return len(items)


def moved(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; the last of February stays the last of February."""
    last_of_february = (day + dt.timedelta(days=1)).month == 3 and day.month == 2
    if last_of_february:
        return dt.date(day.year + years, 3, 1) - dt.timedelta(days=1)
    return day.replace(year=day.year + years)


def join_exchange(towns: Iterable[Organization], day: dt.date, *, user) -> int:
    """Those of ``towns`` that aren't in the exchange yet, from ``day`` on; how many."""
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    with transaction.atomic():
        rows = [ExchangeMember(organization=town, first_day=day) for town in towns]
        members = ExchangeMember.objects.filter(organization__in=[row.organization_id for row in rows])
        already = set(members.filter(last_day__isnull=True).values_list("organization", flat=True))
        fresh = [row for row in rows if row.organization_id not in already]
        ExchangeMember.objects.bulk_create(fresh, ignore_conflicts=True)
        return len(fresh)


def leave_exchange(member_id: int, day: dt.date, *, user) -> ExchangeMember:
    """``day`` is the last one. NotPossible before the first."""
    with transaction.atomic():
        member = locked(ExchangeMember.objects.editable_by(user), member_id)
        if day < member.first_day:
            raise NotPossible({"last_day": f"参加日（{member.first_day:%Y-%m-%d}）以後の日付を入力してください。"})
        member.last_day = day
        member.save(update_fields=["last_day"])
        return member
