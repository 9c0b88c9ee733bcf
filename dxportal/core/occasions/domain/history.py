"""How the events of occasions and what hangs on them read."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dxportal.core.history.trail import HistoryList, Trail, events_of
from dxportal.core.occasions.enums import (
    AttendanceHow,
    BodyRole,
    BusyKind,
    FeedScope,
    OccasionMode,
    OccasionState,
)
from dxportal.core.occasions.models import (
    Attendance,
    BusyPeriod,
    CalendarFeed,
    Occasion,
    OccasionBody,
    OccasionCount,
)
from dxportal.core.ui.japanese import western

CEILING = 10_000
Show = Callable[[Any], str]


def _fields(*pairs: tuple[str, Show]) -> tuple[tuple[str, Show], ...]:
    """With a removal every value goes: its event holds the last ones."""
    return tuple(
        (label, lambda event, show=show: "" if event.pgh_label == "delete" else show(event)) for label, show in pairs
    )


def _text(name: str) -> Show:
    return lambda event: str(getattr(event, name) or "")


def _moment(event: Any) -> str:
    return timezone.localtime(event.starts_at).strftime("%Y-%m-%d %H:%M")


def _seen(user: Any) -> Any:
    return Occasion.objects.for_user(user).values("pk")


OCCASIONS = Trail(
    code="occasion",
    label="会合",
    events=events_of(Occasion),
    reach=lambda user: Q(pgh_obj__in=_seen(user)),
    organization="prefecture",
    related=("prefecture", "replaced_by"),
    fields=_fields(
        ("件名", _text("title")),
        ("開始日時", _moment),
        ("時間", lambda event: f"{event.minutes}分"),
        ("開催方法", lambda event: OccasionMode(event.mode).label),
        ("会場", _text("place")),
        ("接続先のアドレス", _text("address")),
        ("議題・次第", _text("agenda")),
        ("状態", lambda event: OccasionState(event.state).label),
        ("振替先", lambda event: str(event.replaced_by or "")),
    ),
    subject=lambda event: event.title,
    place=lambda event: event.prefecture.name,
    searched=("title", "place"),
)


def _part(code: str, label: str, model: Any, fields: tuple[tuple[str, Show], ...], related: Sequence[str]) -> Trail:
    """A trail of what hangs on an occasion."""
    return Trail(
        code=code,
        label=label,
        events=events_of(model),
        reach=lambda user: Q(occasion__in=_seen(user)),
        organization="occasion__prefecture",
        related=("occasion__prefecture", *related),
        fields=fields,
        subject=lambda event: event.occasion.title,
        place=lambda event: event.occasion.prefecture.name,
        searched=("occasion__title",),
    )


def _body(event: Any) -> str:
    return f"{event.organization or event.group or event.name} {event.section}".strip()


COUNTS = _part(
    "occasion_count", "会合の数え方", OccasionCount, _fields(("種別", lambda event: event.kind.name)), ("kind",)
)
BODIES = _part(
    "occasion_body",
    "会合の団体",
    OccasionBody,
    _fields(("団体", _body), ("立場", lambda event: BodyRole(event.role).label)),
    ("organization", "group"),
)
ATTENDANCES = _part(
    "attendance",
    "出席",
    Attendance,
    _fields(
        ("氏名", lambda event: event.name or str(event.supporter or event.user or "")),
        ("課", _text("section")),
        ("参加方法", lambda event: AttendanceHow(event.how).label),
        ("人数", lambda event: f"{event.persons}人"),
    ),
    ("user", "supporter"),
)
BUSY_PERIODS = Trail(
    code="busy_period",
    label="都合の悪い期間",
    events=events_of(BusyPeriod),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=_fields(
        ("期間", lambda event: f"{western(event.first_day)}～{western(event.last_day)}"),
        ("種類", lambda event: BusyKind(event.kind).label),
        ("備考", _text("note")),
    ),
    subject=lambda event: BusyKind(event.kind).label,
    place=lambda event: event.organization,
    searched=("note",),
)
FEEDS = Trail(
    code="calendar_feed",
    label="カレンダーの配信",
    events=events_of(CalendarFeed),
    # That an address was made, renewed or ended is the prefecture's to know; what stands behind it nobody's.
    reach=lambda user: user.reach("membership__organization"),
    organization="membership__organization",
    related=("user", "membership__organization"),
    fields=_fields(
        ("内容", lambda event: FeedScope(event.scope).label),
        ("アドレスを替えた日時", lambda event: str(event.renewed_at or "")),
    ),
    subject=lambda event: event.user.name,
    place=lambda event: event.membership.organization,
    searched=("user__name",),
)
PARTS = (COUNTS, BODIES, ATTENDANCES)
TRAILS: tuple[Trail, ...] = (OCCASIONS, *PARTS, BUSY_PERIODS, FEEDS)


def of_occasion(occasion: Occasion) -> HistoryList:
    """All events of an occasion, newest first; who may see it has been asked before."""
    parts = [(trail, trail.events.objects.filter(occasion=occasion.pk)) for trail in PARTS]
    return HistoryList([(OCCASIONS, OCCASIONS.events.objects.filter(pgh_obj=occasion.pk)), *parts], CEILING)
