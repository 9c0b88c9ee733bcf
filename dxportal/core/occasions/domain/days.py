"""Days, weeks and months as calendars show them. Pure."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

import jpholiday

T = TypeVar("T")
TOKYO = ZoneInfo("Asia/Tokyo")
# The law of the holidays is of 1948; far ahead nobody knows the equinoxes.
FIRST_YEAR = 1950
LAST_YEAR = 2090
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar. ``holiday``: its name, "" where it is none; ``inside``: whether it is of the month shown."""

    date: dt.date
    holiday: str = ""
    inside: bool = True

    @property
    def is_weekend(self) -> bool:
        return self.date.weekday() >= SATURDAY

    @property
    def is_off(self) -> bool:
        """Whether offices are closed, but for the days around New Year, which each sets for itself."""
        return bool(self.holiday) or self.is_weekend


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a calendar between ``FIRST_YEAR`` and ``LAST_YEAR``."""

    year: int
    month: int

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def shifted(self, months: int) -> "Month | None":
        """None beyond the years of the calendar."""
        index = self.year * 12 + self.month - 1 + months
        shifted = Month(index // 12, index % 12 + 1)
        return shifted if FIRST_YEAR <= shifted.year <= LAST_YEAR else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def read_month(text: str) -> Month | None:
    """「2024-06」; None for anything else, and beyond the years of the calendar."""
    year, _, month = text.partition("-")
    if not (text.isascii() and len(year) == 4 and len(month) == 2 and year.isdigit() and month.isdigit()):
        return None
    known = FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12
    return Month(int(year), int(month)) if known else None


def holidays(first_day: dt.date, last_day: dt.date) -> dict[dt.date, str]:
    """The national holidays from the one day to the other, both included, by their names."""
    return dict(jpholiday.between(first_day, last_day))


def weeks_of(month: Month) -> tuple[tuple[Day, ...], ...]:
    """The weeks that the month touches, each from Sunday to Saturday, with the days of its neighbours."""
    weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(month.year, month.month)
    names = holidays(weeks[0][0], weeks[-1][-1])
    return tuple(tuple(Day(date, names.get(date, ""), Month.of(date) == month) for date in week) for week in weeks)


def by_day(rows: Iterable[T], day: Callable[[T], dt.date]) -> list[tuple[Day, list[T]]]:
    """The rows in their order below the day of each; only days that have any, earliest first."""
    groups: dict[dt.date, list[T]] = {}
    for row in rows:
        groups.setdefault(day(row), []).append(row)
    if not groups:
        return []
    names = holidays(min(groups), max(groups))
    return [(Day(date, names.get(date, "")), groups[date]) for date in sorted(groups)]


def days_of(starts_at: dt.datetime, ends_at: dt.datetime) -> Sequence[dt.date]:
    """The days in Japan on which something that ends after it starts goes on; midnight ends the day before."""
    first = starts_at.astimezone(TOKYO).date()
    last = (ends_at - dt.timedelta(microseconds=1)).astimezone(TOKYO).date()
    return [first + dt.timedelta(days=n) for n in range((max(first, last) - first).days + 1)]
