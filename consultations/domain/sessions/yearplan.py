"""A whole year of monthly sessions at once: each town in each month at a time that suits it and its consultant. Pure."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlannedTown:
    """``consultant``: the key of who is in charge, None where nobody is yet; ``every``: months between sessions, 0: none.

    ``busy``: (first, last) days on which the town would rather not, both included. ``has``: (year, month) in which it has
    a session already; ``skips``: those in which it wants none.
    """

    key: int
    name: str
    consultant: int | None = None
    every: int = 1
    busy: tuple[tuple[dt.date, dt.date], ...] = ()
    has: frozenset[tuple[int, int]] = frozenset()
    skips: frozenset[tuple[int, int]] = frozenset()

    def wants(self, number: int, month: tuple[int, int]) -> bool:
        """``number``: the month's place in the plan."""
        return self.every > 0 and number % self.every == 0 and month not in self.skips

    def suits(self, day: dt.date) -> bool:
        return not any(first <= day <= last for first, last in self.busy)


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    town: int
    name: str
    consultant: int | None
    starts_at: dt.datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A town that has no session in a month, and why."""

    town: int
    name: str
    month: tuple[int, int]
    reason: str


@dataclass(frozen=True, slots=True)
class YearPlan:
    slots: tuple[PlannedSlot, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def without_consultant(self) -> tuple[str, ...]:
        """Towns with sessions and nobody in charge."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots if slot.consultant is None))

    @property
    def digest(self) -> str:
        """What tells this plan from another: whoever confirms names the one that was shown."""
        text = "\n".join(f"{slot.town} {slot.consultant} {slot.starts_at.isoformat()}" for slot in self.slots)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """``months``: (year, month) in order; ``clocks``: the times of day at which sessions begin; ``minutes``: how long.

    ``is_off``: whether offices are closed on a day; ``taken``: the times at which a consultant is elsewhere already.
    """

    months: Sequence[tuple[int, int]]
    clocks: Sequence[dt.time]
    minutes: int
    zone: dt.tzinfo
    is_off: Callable[[dt.date], bool]
    first_day: dt.date = dt.date.min
    taken: Mapping[int, Collection[tuple[dt.datetime, dt.datetime]]] = field(default_factory=dict)


def plan_year(towns: Sequence[PlannedTown], frame: PlanFrame) -> YearPlan:
    """Towns in their order, spread over each month; never on a day off, a busy day, or two at once for a consultant."""
    taken = {consultant: list(spans) for consultant, spans in frame.taken.items()}
    slots: list[PlannedSlot] = []
    left_out: list[LeftOut] = []
    for number, month in enumerate(frame.months):
        days = working_days(month, frame)
        for place, town in enumerate(towns):
            if not town.wants(number, month) or month in town.has:
                if reason := why_not(town, number, month):
                    left_out.append(LeftOut(town.key, town.name, month, reason))
                continue
            starts_at = first_free(town, in_turn(days, place, len(towns)), frame, taken)
            if starts_at is None:
                left_out.append(LeftOut(town.key, town.name, month, "空いている日がありません"))
                continue
            slots.append(PlannedSlot(town.key, town.name, town.consultant, starts_at))
    return YearPlan(tuple(slots), tuple(left_out))


def why_not(town: PlannedTown, number: int, month: tuple[int, int]) -> str:
    """ "" where nothing needs saying: a month between two sessions of a town that agreed on fewer."""
    if town.every == 0 or month in town.skips:
        return "希望しない"
    return "登録済み" if month in town.has and not number % town.every else ""


def working_days(month: tuple[int, int], frame: PlanFrame) -> list[dt.date]:
    day = dt.date(*month, 1)
    days = []
    while (day.year, day.month) == month:
        if day >= frame.first_day and not frame.is_off(day):
            days.append(day)
        day += dt.timedelta(days=1)
    return days


def in_turn(days: Sequence[dt.date], place: int, count: int) -> list[dt.date]:
    """The days beginning where the town's turn is, so that the towns are spread over the month."""
    start = place * len(days) // max(1, count)
    return [*days[start:], *days[:start]]


def first_free(
    town: PlannedTown,
    days: Sequence[dt.date],
    frame: PlanFrame,
    taken: dict[int, list[tuple[dt.datetime, dt.datetime]]],
) -> dt.datetime | None:
    """The first time that suits, which is taken from then on."""
    for starts_at in moments(town, days, frame):
        span = (starts_at, starts_at + dt.timedelta(minutes=frame.minutes))
        if town.consultant is None:
            return starts_at
        spans = taken.setdefault(town.consultant, [])
        if not any(span[0] < end and begin < span[1] for begin, end in spans):
            spans.append(span)
            return starts_at
    return None


def moments(town: PlannedTown, days: Sequence[dt.date], frame: PlanFrame) -> Iterator[dt.datetime]:
    for day in days:
        if town.suits(day):
            for clock in frame.clocks:
                yield dt.datetime.combine(day, clock, frame.zone)


def next_fitting(day: dt.date, town: PlannedTown, is_off: Callable[[dt.date], bool], tries: int = 60) -> dt.date | None:
    """The day itself, or the first one after it on which offices are open and the town is not busy."""
    for distance in range(tries):
        later = day + dt.timedelta(days=distance)
        if not is_off(later) and town.suits(later):
            return later
    return None
