"""Reads the events that database triggers keep (django-pghistory): who changed what, when, from what to what.

A room describes its audited kinds as ``Trail``s; the pages show ``HistoryEntry``s. Events are never written from here.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, overload

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, Value

from dxportal.core.history.actors import Actors

UNRECORDED = "記録なし"


def events_of(model: type[Model]) -> Any:
    """The model of a tracked model's events, which ``pghistory.track`` makes and hangs on it."""
    return model.pgh_event_model  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Trail:
    """How one kind's events are read. Paths are lookups from the event; ``fields`` are (label, event → text).

    ``reach``: the events of which a person may know, which is what ``for_user`` says of the objects themselves. What
    became of a deleted object's events it decides too: whoever may not have seen the object does not see them.
    ``place`` gives an organisation, which says itself where it has ended (``say_marks``), or a text.
    """

    code: str
    label: str
    events: Any
    reach: Callable[[Any], Q]
    organization: str
    fields: Sequence[tuple[str, Callable[[Any], str]]]
    subject: Callable[[Any], str]
    place: Callable[[Any], Any]
    related: Sequence[str] = ()
    searched: Sequence[str] = ()
    on_behalf: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an event: its label, and its value before and after in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event as people read it. ``changes`` of a creation have no old values."""

    at: dt.datetime
    who: str
    kind: str
    place: str
    subject: str
    created: bool
    changes: tuple[FieldChange, ...]
    on_behalf: bool = False
    removed: bool = False

    @property
    def act(self) -> str:
        if self.removed:
            return "取消"
        return "登録" if self.created else "変更"


Marker = Callable[[Iterable[Any]], None]
_markers: list[Marker] = []


def say_marks(marker: Marker) -> None:
    """The room of the organisations marks those that have ended (``marked``); this room stands below it and asks."""
    if marker not in _markers:
        _markers.append(marker)


def places_of(trail: Trail, events: Iterable[Any]) -> dict[int, str]:
    """The place of each event by its ``pgh_id``, in words."""
    places = {event.pgh_id: trail.place(event) for event in events}
    for marker in _markers:
        marker(place for place in places.values() if hasattr(place, "marked"))
    return {pk: getattr(place, "marked", place) for pk, place in places.items()}


def entries(trail: Trail, ids: Iterable[int]) -> list[HistoryEntry]:
    """The events of these ids, newest first, each against the one before it of the same object; at most four queries."""
    rows = trail.events.objects.select_related(*trail.related)
    # By id and not by time: all events of one transaction carry the same moment.
    earlier = trail.events.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    before_id = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    asked_for = rows.select_related("pgh_context", *trail.related).filter(pk__in=list(ids))
    events = list(asked_for.annotate(before_id=before_id).order_by("-pgh_created_at", "-pgh_id"))
    before = rows.in_bulk({event.before_id for event in events if event.before_id})
    actors = Actors.of(events)
    places = places_of(trail, events)
    return [
        read_entry(trail, event, before.get(event.before_id), who=actors.who(event), place=places[event.pgh_id])
        for event in events
    ]


def read_entry(trail: Trail, event: Any, before: Any, *, who: str, place: str) -> HistoryEntry:
    created = event.pgh_label == "insert"
    # A row that came in without its history (a load) has no earlier event: its old values are not known.
    absent = "" if created else UNRECORDED
    changes = [FieldChange(label, text(before) if before else absent, text(event)) for label, text in trail.fields]
    return HistoryEntry(
        at=event.pgh_created_at,
        who=who,
        kind=trail.label,
        place=place,
        subject=trail.subject(event),
        created=created,
        changes=tuple(change for change in changes if change.old != change.new and (before or change.new)),
        on_behalf=trail.on_behalf is not None and trail.on_behalf(event),
        removed=event.pgh_label == "delete",
    )


def newest(trail: Trail, events: QuerySet, limit: int = 100) -> list[HistoryEntry]:
    """The newest entries of an object's (or several objects') events."""
    return entries(trail, events.order_by("-pgh_created_at", "-pgh_id").values_list("pgh_id", flat=True)[:limit])


class HistoryList(Sequence[HistoryEntry]):
    """The events of several trails as one list, newest first; made for ``Paginator``, which only slices it.

    A slice asks one union for the rows' places, then each kind for its entries. ``ceiling`` bounds the count.
    ``rare``: few of many events fit (a text search), so they are found first and sorted then, rather than walking
    back through time until a page is full.
    """

    def __init__(self, parts: Sequence[tuple[Trail, QuerySet]], ceiling: int, *, rare: bool = False):
        self.parts = parts
        self.ceiling = ceiling
        self.rare = rare

    def __len__(self) -> int:
        # Each kind is counted up to the ceiling and no further: a count of all would walk through the whole audit.
        return min(self.ceiling, sum(rows.order_by()[: self.ceiling].count() for _, rows in self.parts))

    @overload
    def __getitem__(self, wanted: SupportsIndex) -> HistoryEntry: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[HistoryEntry]: ...
    def __getitem__(self, wanted: SupportsIndex | slice) -> HistoryEntry | list[HistoryEntry]:
        if not isinstance(wanted, slice):
            start = wanted.__index__()
            return self[start : start + 1][0]
        if not self.parts or wanted.stop == 0:  # an empty page: a union of empty queries cannot be ordered
            return []
        # Each kind gives at most as many as the slice reaches: the newest of all are among them.
        parts = [self._positions(trail, rows)[: wanted.stop] for trail, rows in self.parts]
        # UNION ALL: no event is of two kinds, so the database need not look for doubles.
        # Each kind counts its own events: of two of one moment and one number the kind decides, or pages would overlap.
        order = ("-event_at", "-event_id", "event_trail")
        union = parts[0].union(*parts[1:], all=True).order_by(*order) if len(parts) > 1 else parts[0]
        positions = [(row["event_trail"], row["event_id"]) for row in union[wanted]]
        read: dict[tuple[str, int], HistoryEntry] = {}
        for trail, _ in self.parts:
            # ``entries`` keeps the union's order within a kind.
            if ids := [event for code, event in positions if code == trail.code]:
                read |= {(trail.code, pk): entry for pk, entry in zip(ids, entries(trail, ids), strict=True)}
        return [read[position] for position in positions]

    def _positions(self, trail: Trail, rows: QuerySet) -> QuerySet:
        """When each event was, its id and its kind: what the union sorts by."""
        at: Any = F("pgh_created_at")
        if self.rare:
            # A sum is no column: PostgreSQL can't take the index on time for it and sorts what it found.
            at += Value(dt.timedelta())
        # Names that no audited model uses for a column.
        named = rows.annotate(event_at=at, event_id=F("pgh_id"), event_trail=Value(trail.code))
        return named.values("event_at", "event_id", "event_trail").order_by("-event_at", "-event_id")
