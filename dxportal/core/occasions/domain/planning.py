"""Reads what may stand in the way of planned meetings. Only what the person may see is told."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dxportal.core.accounts.models import User
from dxportal.core.occasions.domain.conflicts import BusyDays, PlanningWarning, Slot, find_conflicts
from dxportal.core.occasions.domain.draft import OccasionDraft
from dxportal.core.occasions.models import Attendance, BusyPeriod, Occasion, OccasionBody
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.people.models import Supporter

LONGEST = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting as somebody plans it. ``users``, ``supporters``: keys of who is to come; ``key``: of the stored one."""

    draft: OccasionDraft
    users: frozenset[int] = frozenset()
    supporters: frozenset[int] = frozenset()
    key: int | None = None


def warnings_for(wishes: Sequence[Wish], *, user: Any) -> list[tuple[PlanningWarning, ...]]:
    """The warnings of each wish, also about the others among them; as many queries for a year's worth as for one."""
    if not wishes:
        return []
    members = members_of(part.group for wish in wishes for part in wish.draft.bodies)
    accounts = accounts_of({pk for wish in wishes for pk in wish.supporters})
    slots = [slot_of(wish, members, accounts) for wish in wishes]
    first = min(slot.starts_at for slot in slots)
    last = max(slot.ends_at for slot in slots)
    planned = {slot.key for slot in slots if slot.key is not None}
    others = [slot for slot in stored_slots(first, last, user) if slot.key not in planned]
    busy = busy_days({town for slot in slots for town in slot.towns}, first, last, user)
    names = names_of(slots)
    return [
        find_conflicts(slot, [*others, *(other for other in slots if other is not slot)], busy, names) for slot in slots
    ]


def accounts_of(supporters: Collection[int]) -> dict[int, str]:
    """Under which key each supporter is the same person as somebody with an account."""
    if not supporters:
        return {}
    rows = Supporter.objects.filter(pk__in=supporters).values_list("pk", "user")
    return {pk: f"user:{account}" if account else f"supporter:{pk}" for pk, account in rows}


def slot_of(wish: Wish, members: dict[int, set[int]], accounts: dict[int, str]) -> Slot:
    draft = wish.draft
    towns = {part.organization for part in draft.bodies if part.organization}
    towns |= {town for part in draft.bodies if part.group for town in members[part.group]}
    return Slot(
        title=draft.title,
        starts_at=draft.starts_at,
        ends_at=draft.starts_at + dt.timedelta(minutes=draft.minutes),
        towns=frozenset(towns),
        people=frozenset(f"user:{pk}" for pk in wish.users) | {accounts[pk] for pk in wish.supporters},
        key=wish.key,
    )


def stored_slots(first: dt.datetime, last: dt.datetime, user: Any) -> list[Slot]:
    """What the person sees between the two moments and takes place."""
    near = Occasion.objects.for_user(user).taking_place().filter(starts_at__gt=first - LONGEST, starts_at__lt=last)
    rows = list(near)
    keys = [row.pk for row in rows]
    bodies = list(OccasionBody.objects.filter(occasion__in=keys))
    members = members_of(body.group_id for body in bodies)
    towns: dict[int, set[int]] = defaultdict(set)
    for body in bodies:
        towns[body.occasion_id] |= {body.organization_id} if body.organization_id else members[body.group_id or 0]
    people: dict[int, set[str]] = defaultdict(set)
    named = Q(user__isnull=False) | Q(supporter__isnull=False)
    attending = Attendance.objects.filter(named, occasion__in=keys)
    for occasion, account, supporter, behind in attending.values_list(
        "occasion", "user", "supporter", "supporter__user"
    ):
        # A supporter with an account is one person under both names.
        people[occasion] |= {f"user:{pk}" for pk in (account, behind) if pk}
        people[occasion] |= {f"supporter:{supporter}"} if supporter and not behind else set()
    return [
        Slot(row.title, row.starts_at, row.ends_at, frozenset(towns[row.pk]), frozenset(people[row.pk]), row.pk)
        for row in rows
    ]


def members_of(groups: Iterable[int | None]) -> dict[int, set[int]]:
    """The organisations of each group."""
    members: dict[int, set[int]] = defaultdict(set)
    if keys := {key for key in groups if key}:
        links = Group.members.through.objects.filter(group__in=keys)
        for group, organization in links.values_list("group", "organization"):
            members[group].add(organization)
    return members


def busy_days(towns: Collection[int], first: dt.datetime, last: dt.datetime, user: Any) -> list[BusyDays]:
    rows = busy_between(timezone.localdate(first), timezone.localdate(last), user).filter(organization__in=towns)
    return [BusyDays(row.organization_id, row.first_day, row.last_day, words_of(row)) for row in rows]


def busy_between(first_day: dt.date, last_day: dt.date, user: Any) -> QuerySet[BusyPeriod]:
    return BusyPeriod.objects.for_user(user).between(first_day, last_day).select_related("organization")


def words_of(period: BusyPeriod) -> str:
    """「議会（6月定例会）」."""
    return f"{period.get_kind_display()}（{period.note}）" if period.note else period.get_kind_display()


def names_of(slots: Sequence[Slot]) -> dict[str, str]:
    towns = Organization.objects.filter(pk__in={town for slot in slots for town in slot.towns})
    people = {key for slot in slots for key in slot.people}
    names = {f"town:{pk}": name for pk, name in towns.values_list("pk", "name")}
    for kind, rows in (("user", User.objects.all()), ("supporter", Supporter.objects.all())):
        if keys := [int(key.partition(":")[2]) for key in people if key.startswith(f"{kind}:")]:
            names |= {f"{kind}:{pk}": name for pk, name in rows.filter(pk__in=keys).values_list("pk", "name")}
    return names
