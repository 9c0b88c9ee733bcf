"""Actions as lists show them: each with what today makes of its due day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.utils import timezone

from consultations.domain.actions.overdue import due_words, is_overdue, overdue_rows
from consultations.enums import ActionState
from consultations.models import Action
from dxportal.core.organizations.domain.chains import mark_ended

SOON = 7  # days ahead that count as soon
LATELY = 30  # days back in which something closed is still shown on the board
MOST_CARDS = 30


@dataclass(frozen=True, slots=True)
class ActionLine:
    """``words``: 「あと3日」, 「2日超過」, "" for what is closed."""

    action: Action
    overdue: bool
    words: str


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """``count`` of all, of which ``lines`` are the first; ``query``: the list with all of them."""

    key: str
    title: str
    count: int
    lines: tuple[ActionLine, ...]
    query: str

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def lines(actions: Iterable[Action], today: dt.date | None = None) -> list[ActionLine]:
    """The actions have their organisation read along; one that has ended says so (``marked``)."""
    today = today or timezone.localdate()
    actions = list(actions)
    mark_ended(action.organization for action in actions)
    return [
        ActionLine(
            action,
            is_overdue(action.state, action.due_day, today),
            due_words(action.state, action.due_day, today),
        )
        for action in actions
    ]


def overdue_first(rows: QuerySet[Action], today: dt.date) -> QuerySet[Action]:
    """Overdue ones (the longest first), then open ones by their day, then what was closed last."""
    place = Case(
        When(**overdue_rows(today), then=Value(0)), When(state=ActionState.OPEN, then=Value(1)), default=Value(2)
    )
    return rows.annotate(place=place).order_by("place", "-closed_at", "due_day", "pk")


def open_of(rows: QuerySet[Action], today: dt.date) -> QuerySet[Action]:
    return overdue_first(rows.filter(state=ActionState.OPEN), today)


@dataclass(frozen=True, slots=True)
class ActionSummary:
    """The first open actions, and how many there are."""

    lines: tuple[ActionLine, ...] = ()
    count: int = 0
    overdue: int = 0


def summary(rows: QuerySet[Action], limit: int, today: dt.date | None = None) -> ActionSummary:
    """One query: both numbers come along with each of the rows."""
    today = today or timezone.localdate()
    counted = open_of(rows, today).annotate(
        all_open=Window(Count("pk")), all_overdue=Window(Count("pk", filter=Q(**overdue_rows(today))))
    )
    first = list(counted.select_related("organization")[:limit])
    if not first:
        return ActionSummary()
    return ActionSummary(tuple(lines(first, today)), first[0].all_open, first[0].all_overdue)


def count_overdue(rows: QuerySet[Action], today: dt.date | None = None) -> int:
    return rows.filter(**overdue_rows(today or timezone.localdate())).count()


def board(rows: QuerySet[Action], today: dt.date) -> list[BoardColumn]:
    """Four columns by what comes next: overdue, within ``SOON`` days, later, closed lately. Two queries a column."""
    soon = today + dt.timedelta(days=SOON)
    begin = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=LATELY), dt.time()))
    still_open = rows.filter(state=ActionState.OPEN)
    parts = (
        ("overdue", "期限超過", rows.filter(**overdue_rows(today)), "overdue=1"),
        ("soon", f"{SOON}日以内", still_open.filter(due_day__range=(today, soon)), "state=open"),
        ("later", "それより後", still_open.filter(due_day__gt=soon), "state=open"),
        ("closed", f"この{LATELY}日の完了・取りやめ", rows.filter(closed_at__gte=begin), "state=closed"),
    )
    return [
        BoardColumn(key, title, part.count(), tuple(lines(overdue_first(part, today)[:MOST_CARDS], today)), query)
        for key, title, part, query in parts
    ]
