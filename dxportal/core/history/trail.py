"""Reads the events that database triggers keep (django-pghistory): who changed what, when, from what to what.

An app describes its audited kinds as ``Trail``s; the pages show ``Entry``s. Events are never written from here.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Model, OuterRef, QuerySet, Subquery, Value

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership

BY_CLOCK = "自動処理"
UNKNOWN = "システム"
UNRECORDED = "記録なし"
GONE = "削除された利用者"


def _never(event: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Trail:
    """How one kind's events are read. Paths are lookups from the event; ``fields`` are (label, event → text)."""

    code: str
    label: str
    events: type[Model]
    prefecture: str
    organization: str
    fields: Sequence[tuple[str, Callable[[Any], str]]]
    subject: Callable[[Any], str]
    place: Callable[[Any], str]
    related: Sequence[str] = ()
    searched: Sequence[str] = ()
    on_behalf: Callable[[Any], bool] = _never


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as people read it. ``changes`` of a creation have no old values."""

    at: dt.datetime
    who: str
    kind: str
    place: str
    subject: str
    created: bool
    changes: tuple[Change, ...]
    on_behalf: bool = False
    removed: bool = False

    @property
    def act(self) -> str:
        if self.removed:
            return "取消"
        return "登録" if self.created else "変更"


def entries(trail: Trail, ids: Iterable[int]) -> list[Entry]:
    """The events of these ids, newest first, each against the one before it of the same object; at most four queries."""
    model = trail.events
    earlier = model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    before_id = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    rows = model.objects.filter(pk__in=list(ids)).select_related("pgh_context", *trail.related)
    events = list(rows.annotate(before_id=before_id).order_by("-pgh_created_at", "-pgh_id"))
    before = model.objects.select_related(*trail.related).in_bulk({one.before_id for one in events if one.before_id})
    names = _names(events)
    return [_entry(trail, event, before.get(event.before_id), names) for event in events]


def newest(trail: Trail, events: QuerySet, limit: int = 100) -> list[Entry]:
    """The newest entries of an object's (or several objects') events."""
    return entries(trail, events.order_by("-pgh_created_at", "-pgh_id").values_list("pgh_id", flat=True)[:limit])


class Found(Sequence):
    """The events of several trails as one list, newest first; made for ``Paginator``.

    A slice asks one union for the rows' places, then each kind for its entries. ``ceiling`` bounds the count.
    ``rare``: few of many events fit (a text search), so they are found first and sorted then, rather than walking
    back through time until a page is full.
    """

    def __init__(self, parts: Sequence[tuple[Trail, QuerySet]], ceiling: int, *, rare: bool = False):
        self.parts = parts
        self.ceiling = ceiling
        self.rare = rare

    def __len__(self) -> int:
        return min(self.ceiling, sum(rows.order_by()[: self.ceiling].count() for _, rows in self.parts))

    def __getitem__(self, wanted: slice) -> list[Entry]:
        if not self.parts or wanted.stop == 0:  # an empty page: a union of empty queries cannot be ordered
            return []
        # Each kind gives at most as many as the slice reaches: the newest of all are among them.
        parts = [_places(trail, rows, rare=self.rare)[: wanted.stop] for trail, rows in self.parts]
        union = parts[0].union(*parts[1:], all=True).order_by("-at", "-event") if len(parts) > 1 else parts[0]
        places = [(row["trail"], row["event"]) for row in union[wanted]]
        made = {}
        for trail, _ in self.parts:
            ids = [event for code, event in places if code == trail.code]
            # ``entries`` keeps the union's order within a kind.
            made |= {(trail.code, pk): one for pk, one in zip(ids, entries(trail, ids), strict=True)} if ids else {}
        return [made[place] for place in places]


def _places(trail: Trail, rows: QuerySet, *, rare: bool) -> QuerySet:
    """A sum is no column: PostgreSQL can't take the index on time for it and sorts what it found."""
    at = F("pgh_created_at") + Value(dt.timedelta()) if rare else F("pgh_created_at")
    named = rows.annotate(at=at, event=F("pgh_id"), trail=Value(trail.code))
    return named.values("at", "event", "trail").order_by("-at", "-event")


def _entry(trail: Trail, event, before, names: dict[tuple[str, int], str]) -> Entry:
    created = event.pgh_label == "insert"
    # A row that came in without its history (a load) has no earlier event: its old values are not known.
    absent = "" if created else UNRECORDED
    pairs = ((label, show(before) if before else absent, show(event)) for label, show in trail.fields)
    return Entry(
        at=event.pgh_created_at,
        who=_who(event, names),
        kind=trail.label,
        place=trail.place(event),
        subject=trail.subject(event),
        created=created,
        changes=tuple(Change(*pair) for pair in pairs if pair[1] != pair[2] and (before or pair[2])),
        on_behalf=trail.on_behalf(event),
        removed=event.pgh_label == "delete",
    )


def _names(events: Sequence[Any]) -> dict[tuple[str, int], str]:
    """People by ("user", id), and the membership they acted under by ("membership", id); two queries at most."""
    people = get_user_model().objects.filter(pk__in=_ids(events, "user"))
    names = {("user", pk): name for pk, name in people.values_list("pk", "name")}
    if acting := _ids(events, "membership"):
        rows = Membership.objects.filter(pk__in=acting).values_list("pk", "organization__name", "role")
        names |= {("membership", pk): f"（{place}・{Role(role).label}）" for pk, place, role in rows}
    return names


def _ids(events: Sequence[Any], key: str) -> set[int]:
    return {pk for event in events if (pk := _told(event, key))}


def _told(event, key: str) -> int | None:
    value = event.pgh_context.metadata.get(key) if event.pgh_context else None
    return value if isinstance(value, int) else None


def _who(event, names: dict[tuple[str, int], str]) -> str:
    if user := _told(event, "user"):
        return names.get(("user", user), GONE) + names.get(("membership", _told(event, "membership")), "")
    return BY_CLOCK if event.pgh_context and event.pgh_context.metadata.get("task") else UNKNOWN
