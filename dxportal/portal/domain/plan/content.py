"""Plan and actual of a contract: what a row counts, how much was due by a day, and what that says.

Everything is as of a day, the day included; a later entry, meeting or change of plan is not seen. Whole numbers
throughout; per cent as published (half up, whole), so 17 of 18 are 94 and 300 of 360 are 83.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from dxportal.core.people.domain.roster import Post, in_capacity
from dxportal.portal.enums import Measure, PlanState


@dataclass(frozen=True, slots=True)
class Due:
    """``amount`` more are due by the end of ``day``."""

    day: dt.date
    amount: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the contract. ``kinds``: codes of the kinds of meeting (or of capacities, for a roster) that count."""

    pk: int
    section: str
    item: str
    unit: str
    measure: Measure
    target: int
    dues: tuple[Due, ...] = ()
    kinds: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """The row's target and calendar from ``day`` on; the row itself is the baseline."""

    row: int
    day: dt.date
    target: int
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Held, and what it counts as. ``municipalities``: those for which it was held."""

    pk: int
    day: dt.date
    kinds: frozenset[str]
    municipalities: frozenset[int]


@dataclass(frozen=True, slots=True)
class Entry:
    """Counted by hand: ``amount`` more, or fewer, from ``day`` on."""

    row: int
    day: dt.date
    amount: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A municipality that is in what the row counts (answered, joined the exchange) from ``day`` on."""

    measure: Measure
    municipality: int
    day: dt.date
    last_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """A municipality wants no meeting of this kind in the month that begins on ``month``."""

    municipality: int
    kind: str
    month: dt.date


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """All that can be counted in the year; what came after the day asked for is left out by the rules themselves."""

    meetings: tuple[Meeting, ...] = ()
    posts: tuple[Post, ...] = ()
    entries: tuple[Entry, ...] = ()
    listings: tuple[Listing, ...] = ()
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFigures:
    """``row`` as the plan stood on the day; ``baseline``: its first target. ``adjusted``: ``expected`` without the
    months that municipalities skipped; None where the row has no monthly calendar. ``due_days``: (passed, all)."""

    row: PlanRow
    baseline: int
    actual: int
    expected: int
    adjusted: int | None
    due_days: tuple[int, int]
    next_due: dt.date | None
    state: PlanState

    @property
    def percent(self) -> int | None:
        """Of the target; None where nothing is wanted."""
        return percent(self.actual, self.row.target)


def percent(part: int, whole: int) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None


def figures(
    rows: Sequence[PlanRow], versions: Iterable[PlanVersion], facts: PlanFacts, day: dt.date
) -> list[RowFigures]:
    """Every row as of ``day``, in the order given."""
    changes = sorted((version for version in versions if version.day <= day), key=lambda version: version.day)
    latest = {version.row: version for version in changes}
    return [_figures(row, latest.get(row.pk), facts, day) for row in rows]


def _figures(baseline: PlanRow, version: PlanVersion | None, facts: PlanFacts, day: dt.date) -> RowFigures:
    row = replace(baseline, target=version.target, dues=version.dues) if version else baseline
    actual = count(row, facts, day)
    passed = [due for due in row.dues if due.day <= day]
    expected = sum(due.amount for due in passed)
    coming = [due.day for due in row.dues if due.day > day]
    return RowFigures(
        row=row,
        baseline=baseline.target,
        actual=actual,
        expected=expected,
        adjusted=expected - skipped(row, facts, day) if _may_be_skipped(row, facts) else None,
        due_days=(len(passed), len(row.dues)),
        next_due=min(coming, default=None),
        state=state_of(row, actual, expected),
    )


def state_of(row: PlanRow, actual: int, expected: int) -> PlanState:
    """A row of which nothing is due yet is not late, whatever its percentage."""
    if actual >= row.target:
        return PlanState.REACHED
    if actual < expected:
        return PlanState.BEHIND
    return PlanState.ON_PLAN if expected or actual else PlanState.NOT_DUE


def count(row: PlanRow, facts: PlanFacts, day: dt.date) -> int:
    """What the row's measure gives as of ``day``."""
    match row.measure:
        case Measure.MEETINGS | Measure.EVENTS:
            return len(meetings_of(row, facts, day))
        case Measure.MUNICIPALITIES:
            return len(set(chain.from_iterable(meeting.municipalities for meeting in meetings_of(row, facts, day))))
        case Measure.ROSTER:
            return in_capacity(facts.posts, row.kinds, day)
        case Measure.RESPONSES | Measure.EXCHANGE:
            return len({listing.municipality for listing in facts.listings if _is_in(listing, row, day)})
        case _:
            return sum(entry.amount for entry in facts.entries if entry.row == row.pk and entry.day <= day)


def meetings_of(row: PlanRow, facts: PlanFacts, day: dt.date) -> list[Meeting]:
    """Each once, however many of the row's kinds it counts as."""
    return [meeting for meeting in facts.meetings if meeting.day <= day and meeting.kinds & row.kinds]


def skipped(row: PlanRow, facts: PlanFacts, day: dt.date) -> int:
    """Meetings that were due by ``day`` and that a municipality did not want: one a municipality and month. Where it met
    in the month all the same, nothing was skipped."""
    due_months = {due.day.replace(day=1) for due in row.dues if due.day <= day}
    met = {
        (municipality, meeting.day.replace(day=1))
        for meeting in meetings_of(row, facts, day)
        for municipality in meeting.municipalities
    }
    unwanted = {
        (skip.municipality, skip.month) for skip in facts.skips if skip.kind in row.kinds and skip.month in due_months
    }
    return len(unwanted - met)


def _may_be_skipped(row: PlanRow, facts: PlanFacts) -> bool:
    return row.measure == Measure.MEETINGS and any(skip.kind in row.kinds for skip in facts.skips)


def _is_in(listing: Listing, row: PlanRow, day: dt.date) -> bool:
    is_in = listing.day <= day and (listing.last_day is None or day <= listing.last_day)
    return is_in and listing.measure == row.measure


def evenly(target: int, days: Sequence[dt.date]) -> tuple[Due, ...]:
    """``target`` spread over the days; what doesn't divide comes as early as possible. Their sum is the target."""
    if not days:
        return ()
    share, rest = divmod(target, len(days))
    return tuple(Due(day, share + (place < rest)) for place, day in enumerate(days) if share + (place < rest))
