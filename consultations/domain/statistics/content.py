"""Shapes of the statistics, and their arithmetic. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class YearToDay:
    """A fiscal year as of ``day``, which is in it: what took place after it is not counted."""

    year: int
    first_day: dt.date
    day: dt.date


@dataclass(frozen=True, slots=True)
class CountTable:
    """``rows``: the first cell is the row's name. ``note``: how it is counted."""

    key: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


def share(part: int, whole: int) -> str:
    """「300／341（88％）」; half up, whole, as published."""
    return f"{part:,}／{whole:,}（{(200 * part + whole) // (2 * whole)}％）" if whole else "0／0（—）"


def totals(rows: Iterable[Mapping[str, Any]], key: str) -> dict[Any, int]:
    """Sum of ``number`` by ``key``, in the order in which the keys come."""
    sums: dict[Any, int] = {}
    for row in rows:
        sums[row[key]] = sums.get(row[key], 0) + row["number"]
    return sums


class Cover(Enum):
    """What became of a town's month; ``label`` and ``tone`` of the mark."""

    HELD = ("実施", "green")
    PLANNED = ("予定", "blue")
    SKIPPED = ("希望しない", "gray")
    CALLED_OFF = ("中止・延期", "orange")
    MISSING = ("なし", "red")
    COMING = ("これから", "gray")
    OUTSIDE = ("対象外", "gray")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class CoverCell:
    """``held``: sessions that took place; ``reason``: why the town skipped the month."""

    state: Cover
    held: int = 0
    reason: str = ""

    @property
    def words(self) -> str:
        """As a file says it."""
        if self.state == Cover.HELD:
            return f"実施 {self.held}回"
        return f"{self.state.label}（{self.reason}）" if self.reason else self.state.label


@dataclass(frozen=True, slots=True)
class CoverRow:
    name: str
    bureau: str
    cells: tuple[CoverCell, ...]

    @property
    def held(self) -> int:
        return sum(cell.held for cell in self.cells)


@dataclass(frozen=True, slots=True)
class CoverFoot:
    """A month: ``covered`` of ``wanted`` towns, those left out that wanted none or did not exist."""

    covered: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Coverage:
    kind: str
    months: tuple[dt.date, ...]
    rows: tuple[CoverRow, ...]
    feet: tuple[CoverFoot, ...] = field(default=())


def cover(month: dt.date, frame: YearToDay, states: Mapping[str, int], reason: str) -> CoverCell:
    """``states``: "held", "planned" and "called_off" sessions of the month by their number."""
    if states.get("held"):
        return CoverCell(Cover.HELD, states["held"])
    if reason:
        return CoverCell(Cover.SKIPPED, reason=reason)
    if states.get("planned"):
        return CoverCell(Cover.PLANNED)
    if states.get("called_off"):
        return CoverCell(Cover.CALLED_OFF)
    # A month is missed when it is over.
    return CoverCell(Cover.MISSING if after(month) <= frame.day else Cover.COMING)


def after(month: dt.date) -> dt.date:
    """The first day of the next month."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def feet_of(rows: Sequence[CoverRow]) -> tuple[CoverFoot, ...]:
    columns = zip(*(row.cells for row in rows), strict=True)
    return tuple(
        CoverFoot(
            sum(cell.state == Cover.HELD for cell in column),
            sum(cell.state not in (Cover.SKIPPED, Cover.OUTSIDE) for cell in column),
        )
        for column in columns
    )
