"""The register of supporters as of a day: who is in office, and how many a capacity has."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from dxportal.core.accounts.models import User
from dxportal.core.people.domain.roster import Post, in_capacity, people_on
from dxportal.core.people.models import Capacity, Supporter, SupporterCapacity


@dataclass(frozen=True, slots=True)
class RosterCount:
    """Posts and people of a prefecture on a day; ``capacities``: (name, people) of each that somebody holds."""

    posts: int
    people: int
    capacities: tuple[tuple[str, int], ...]


def posts_of(rows: Iterable[SupporterCapacity]) -> list[Post]:
    """As the pure rules take them; the rows have their capacity read along."""
    return [Post(row.supporter_id, row.capacity.code, row.first_day, row.last_day, row.field) for row in rows]


def count_on(day: dt.date, *, user: User) -> RosterCount:
    """One query."""
    rows = list(SupporterCapacity.objects.for_user(user).on_day(day).select_related("capacity"))
    posts = posts_of(rows)
    names = {row.capacity.code: row.capacity.name for row in rows}  # in the order of the capacities
    return RosterCount(
        posts=in_capacity(posts, names, day),
        people=people_on(posts, day),
        capacities=tuple((name, in_capacity(posts, [code], day)) for code, name in names.items()),
    )


def holding(
    rows: QuerySet[Supporter], day: dt.date | None, capacity: Capacity | None = None, field: str = ""
) -> QuerySet[Supporter]:
    """Those who hold such a capacity on ``day`` (None: ever)."""
    held = SupporterCapacity.objects.filter(supporter=OuterRef("pk"))
    if day is not None:
        held = held.on_day(day)
    if capacity is not None:
        held = held.filter(capacity=capacity)
    if field:
        held = held.filter(field=field)
    return rows.filter(Exists(held))


def fields_of(user: User) -> list[str]:
    """The fields in which somebody of the prefecture holds or held a capacity."""
    rows = SupporterCapacity.objects.for_user(user).exclude(field="")
    return list(rows.order_by("field").values_list("field", flat=True).distinct())
