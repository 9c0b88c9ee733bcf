"""The plan of a year and what can be counted for it, out of the rooms that hold it.

A number of queries that depends neither on the rows of the plan nor on other years: each reads one prefecture's year.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils import timezone

from assessments.models import Response
from consultations.domain.skips.reading import unwanted_months
from dxportal.core.occasions.models import Occasion, OccasionBody, OccasionCount
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import bounds
from dxportal.core.organizations.models import Organization
from dxportal.core.people.domain.roster import Post
from dxportal.core.people.models import SupporterCapacity
from dxportal.portal.domain.plan.content import (
    Due,
    Entry,
    Listing,
    Meeting,
    PlanFacts,
    PlanRow,
    PlanVersion,
    RowFigures,
    Skip,
    figures,
)
from dxportal.portal.enums import Measure
from dxportal.portal.models import ExchangeMember, HandCount, PlanChange, PlanItem


@dataclass(frozen=True, slots=True)
class PlanTable:
    """Every row of a year's plan as of ``day``."""

    fiscal_year: int
    day: dt.date
    rows: tuple[RowFigures, ...]


def plan_table(items: Iterable[PlanItem], fiscal_year: int, day: dt.date) -> PlanTable:
    """Of ``items``, all of one prefecture and year, in their order."""
    rows = list(items)
    pks = [item.pk for item in rows]
    if not rows:
        return PlanTable(fiscal_year, day, ())
    changes = PlanChange.objects.filter(item__in=pks, day__lte=day).order_by("day", "pk")
    versions = [version_of(change) for change in changes]
    facts = facts_of(rows[0].prefecture_id, fiscal_year, pks)
    return PlanTable(fiscal_year, day, tuple(figures([row_of(item) for item in rows], versions, facts, day)))


def row_of(item: PlanItem) -> PlanRow:
    return PlanRow(
        pk=item.pk,
        section=item.section,
        item=item.item,
        unit=item.unit,
        measure=Measure(item.measure),
        target=item.target,
        dues=dues_of(item),
        kinds=frozenset(item.kinds),
        note=item.note,
    )


def version_of(change: PlanChange) -> PlanVersion:
    return PlanVersion(change.item_id, change.day, change.target, dues_of(change))


def dues_of(row: PlanItem | PlanChange) -> tuple[Due, ...]:
    return tuple(Due(day, amount) for day, amount in zip(row.due_days, row.due_amounts, strict=True))


def facts_of(prefecture_id: int, fiscal_year: int, items: Iterable[int]) -> PlanFacts:
    return PlanFacts(
        meetings=meetings_of(prefecture_id, fiscal_year),
        posts=posts_of(prefecture_id),
        entries=tuple(
            Entry(*row) for row in HandCount.objects.filter(item__in=items).values_list("item", "day", "amount")
        ),
        listings=(*responses_of(prefecture_id, fiscal_year), *exchange_of(prefecture_id)),
        skips=tuple(Skip(*month) for month in unwanted_months(prefecture_id, fiscal_year)),
    )


def meetings_of(prefecture_id: int, fiscal_year: int) -> tuple[Meeting, ...]:
    """Those of the year that took place. A municipality is in by itself; groups and bureaus bring nobody along.

    Municipalities are those who lived on the meeting's day: of two that have merged since there are two, and a meeting
    that was entered for one of them and held after the merger is their successor's.
    """
    occasions = Occasion.objects.filter(prefecture=prefecture_id).between(*bounds(fiscal_year)).took_place()
    # Three plain reads instead of one join: kinds times bodies would multiply the rows of a regional meeting.
    kinds = defaultdict(set)
    for occasion, code in OccasionCount.objects.filter(occasion__in=occasions).values_list("occasion", "kind__code"):
        kinds[occasion].add(code)
    days = {pk: timezone.localdate(at) for pk, at in occasions.order_by().values_list("pk", "starts_at")}
    bodies = OccasionBody.objects.filter(
        occasion__in=occasions, organization__kind=OrganizationKind.MUNICIPALITY
    ).select_related("organization")
    towns = towns_then([(body.occasion_id, body.organization) for body in bodies if body.organization], days)
    return tuple(Meeting(pk, day, frozenset(kinds[pk]), frozenset(towns[pk])) for pk, day in days.items())


def towns_then(bodies: Sequence[tuple[int, Organization]], days: Mapping[int, dt.date]) -> Mapping[int, set[int]]:
    """By occasion those who lived on its day; three queries more where one of the towns did not."""
    towns: dict[int, set[int]] = defaultdict(set)
    lives = None
    if not all(town.lives_on(days[occasion]) for occasion, town in bodies):
        lives = read_lives(town.pk for _, town in bodies)
    for occasion, town in bodies:
        towns[occasion].update(lives.standing(town.pk, days[occasion]) if lives else (town.pk,))
    return towns


def posts_of(prefecture_id: int) -> tuple[Post, ...]:
    rows = SupporterCapacity.objects.filter(supporter__prefecture=prefecture_id)
    return tuple(Post(*row) for row in rows.values_list("supporter", "capacity__code", "first_day", "last_day"))


def responses_of(prefecture_id: int, fiscal_year: int) -> list[Listing]:
    """Towns that submitted in a survey of the year, from the local day of their submission."""
    rows = Response.objects.filter(
        survey__prefecture=prefecture_id, survey__fiscal_year=fiscal_year, submitted_at__isnull=False
    )
    return [
        Listing(Measure.RESPONSES, town, timezone.localdate(at))
        for town, at in rows.values_list("organization", "submitted_at")
    ]


def exchange_of(prefecture_id: int) -> list[Listing]:
    """Of a town that has ended: itself until then, and then whoever followed it, as long as it was in."""
    rows = ExchangeMember.objects.filter(organization__prefecture=prefecture_id).order_by()
    members = list(rows.values_list("organization", "first_day", "last_day"))
    ended = rows.filter(organization__last_day__isnull=False).exists()
    lives = read_lives(town for town, _, _ in members) if ended else None
    stretches = chain.from_iterable(lives.stretches(*member) for member in members) if lives else members
    return [Listing(Measure.EXCHANGE, *stretch) for stretch in stretches]


def in_exchange(prefecture_id: int, day: dt.date) -> set[int]:
    """The municipalities that are in the exchange on the day."""
    return {
        listing.municipality
        for listing in exchange_of(prefecture_id)
        if listing.day <= day and (listing.last_day is None or day <= listing.last_day)
    }
