"""What stands in the way of a planned meeting, told as warnings: whoever plans may go on all the same. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dxportal.core.occasions.domain.days import Day, days_of, holidays

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting at its time: the towns that come (members of groups too) and the people (keys that tell them apart)."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    towns: frozenset[int] = frozenset()
    people: frozenset[str] = frozenset()
    key: int | None = None

    def meets(self, other: "Slot") -> bool:
        """Whether both go on at the same moment; one that begins as the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class BusyDays:
    """Days on which a town would rather not come, both ends included; ``words``: 「議会（6月定例会）」."""

    town: int
    first_day: dt.date
    last_day: dt.date
    words: str


@dataclass(frozen=True, slots=True)
class PlanningWarning:
    """``kind``: "weekend", "holiday", "busy", "town" or "person"; the sentence for whoever plans."""

    kind: str
    sentence: str


def find_conflicts(
    slot: Slot, others: Collection[Slot], busy: Sequence[BusyDays], names: Mapping[str, str]
) -> tuple[PlanningWarning, ...]:
    """In the order of: the day itself, busy periods, other meetings. ``names``: of towns ("town:5") and of people.

    A row of ``others`` with the key of the slot is the slot itself as it is stored, and in nobody's way.
    """
    return (*_of_the_days(slot), *_of_busy_towns(slot, busy, names), *_of_other_meetings(slot, others, names))


def short(day: dt.date) -> str:
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def _of_the_days(slot: Slot) -> Iterator[PlanningWarning]:
    days = days_of(slot.starts_at, slot.ends_at)
    names = holidays(days[0], days[-1])
    for day in (Day(date, names.get(date, "")) for date in days):
        if day.holiday:
            yield PlanningWarning("holiday", f"{short(day.date)}は祝日です（{day.holiday}）。")
        elif day.is_weekend:
            yield PlanningWarning("weekend", f"{short(day.date)}は土曜日・日曜日です。")


def _of_busy_towns(slot: Slot, busy: Sequence[BusyDays], names: Mapping[str, str]) -> Iterator[PlanningWarning]:
    days = days_of(slot.starts_at, slot.ends_at)
    for period in busy:
        if period.town in slot.towns and period.first_day <= days[-1] and days[0] <= period.last_day:
            span = f"{short(period.first_day)}～{short(period.last_day)}"
            yield PlanningWarning("busy", f"{names[f'town:{period.town}']}は{span}が「{period.words}」です。")


def _of_other_meetings(slot: Slot, others: Collection[Slot], names: Mapping[str, str]) -> Iterator[PlanningWarning]:
    meeting = [other for other in others if other.meets(slot) and (slot.key is None or other.key != slot.key)]
    for other in sorted(meeting, key=lambda row: (row.starts_at, row.title)):
        for town in sorted(slot.towns & other.towns):
            yield PlanningWarning("town", f"{names[f'town:{town}']}は、同じ時間に「{other.title}」の予定があります。")
        for person in sorted(slot.people & other.people):
            yield PlanningWarning("person", f"{names[person]}さんは、同じ時間に「{other.title}」の予定があります。")
