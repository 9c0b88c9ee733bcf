"""Which town had its monthly session in which month."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, Value, When
from django.db.models.functions import TruncMonth

from consultations.domain.skips.reading import MONTHLY, months_of
from consultations.domain.statistics.content import (
    Cover,
    Coverage,
    CoverCell,
    CoverRow,
    YearToDay,
    after,
    cover,
    feet_of,
)
from consultations.domain.statistics.counts import bodies_of, sessions_in
from consultations.enums import SkipReason
from consultations.models import AgreedFrequency, SkippedMonth
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import CALLED_OFF, TOOK_PLACE
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.fiscal import bounds
from dxportal.core.organizations.models import Organization

AGREED = "決めた回数による"


def towns_in(frame: YearToDay, user: User) -> list[Organization]:
    """Every town in reach that lived on a day of the year up to ``frame.day``, called as on its last day of it."""
    prefecture = user.acting.organization.prefecture_id
    rows = Organization.objects.for_user(user).municipalities().filter(prefecture=prefecture)
    rows = rows.select_related("parent").order_by("parent__sort_order", "sort_order", "code", "pk")
    towns = [town for town in rows if lives_within(town, frame.first_day, frame.day)]
    recall((town, min(frame.day, town.last_day or frame.day)) for town in towns)
    return towns


def lives_within(town: Organization, first: dt.date, last: dt.date) -> bool:
    return (town.first_day is None or town.first_day <= last) and (town.last_day is None or town.last_day >= first)


def coverage(frame: YearToDay, user: User, towns: list[Organization], kind: str = MONTHLY) -> Coverage:
    """Of the towns of ``towns_in``; a number of queries that depends neither on them nor on sessions."""
    months = months_of(frame.year)
    states = states_of(frame, user, kind)
    reasons = reasons_of(frame.year, towns)
    rows = [
        CoverRow(
            town.shown,
            town.bureau.name,
            tuple(
                cover(month, frame, states.get((town.pk, month), {}), reasons.get((town.pk, month), ""))
                if lives_within(town, month, after(month) - dt.timedelta(days=1))
                else CoverCell(Cover.OUTSIDE)
                for month in months
            ),
        )
        for town in towns
    ]
    return Coverage(kind, tuple(months), tuple(rows), feet_of(rows))


def states_of(frame: YearToDay, user: User, kind: str) -> dict[tuple[int, dt.date], dict[str, int]]:
    """By town and first day of the month: how many took place by ``frame.day``, are planned, were called off."""
    sort = Case(
        When(occasion__state__in=TOOK_PLACE, then=Value("held")),
        When(occasion__state__in=CALLED_OFF, then=Value("called_off")),
        default=Value("planned"),
    )
    sessions = sessions_in(frame.first_day, bounds(frame.year)[1], user).filter(kind__code=kind)
    rows = bodies_of(sessions).filter(organization__kind="municipality").order_by()
    rows = rows.exclude(occasion__state__in=TOOK_PLACE, occasion__starts_at__date__gt=frame.day)
    counted = rows.annotate(month=TruncMonth("occasion__starts_at"), sort=sort).values("organization", "month", "sort")
    by_month: dict[tuple[int, dt.date], dict[str, int]] = {}
    for row in counted.annotate(number=Count("occasion", distinct=True)):
        by_month.setdefault((row["organization"], row["month"].date()), {})[row["sort"]] = row["number"]
    return by_month


def reasons_of(year: int, towns: list[Organization]) -> dict[tuple[int, dt.date], str]:
    keys = [town.pk for town in towns]
    reasons: dict[tuple[int, dt.date], str] = {}
    agreed: Any = AgreedFrequency.objects.filter(organization__in=keys, fiscal_year=year)
    for town, every in agreed.order_by().values_list("organization", "every"):
        for number, month in enumerate(months_of(year)):
            if not every or number % every:
                reasons[town, month] = AGREED
    entered = SkippedMonth.objects.filter(organization__in=keys, kind=MONTHLY, month__range=bounds(year))
    for town, month, reason, note in entered.values_list("organization", "month", "reason", "note"):
        label = SkipReason(reason).label
        reasons[town, month] = f"{label}：{note}" if note else label
    return reasons
