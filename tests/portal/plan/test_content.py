import calendar
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.people.domain.roster import Post
from dxportal.portal.domain.plan.content import (
    Due,
    Entry,
    Listing,
    Meeting,
    PlanFacts,
    PlanRow,
    PlanVersion,
    Skip,
    count,
    evenly,
    figures,
    percent,
)
from dxportal.portal.enums import Measure, PlanState

TOWNS = range(1, 31)
DAYS = st.dates(dt.date(2024, 4, 1), dt.date(2025, 3, 31))
KINDS = st.frozensets(st.sampled_from(["monthly", "hearing", "regional"]), max_size=3)
MEETINGS = st.lists(st.tuples(DAYS, KINDS, st.frozensets(st.integers(1, 5), max_size=3)), max_size=12).map(
    lambda rows: tuple(Meeting(pk, *row) for pk, row in enumerate(rows))
)


def month_ends(first: int = 4, number: int = 12) -> list[dt.date]:
    months = [(2024 + (first + n - 1) // 12, (first + n - 1) % 12 + 1) for n in range(number)]
    return [dt.date(year, month, calendar.monthrange(year, month)[1]) for year, month in months]


def row(measure: Measure, target: int, dues=(), kinds=(), pk: int = 1) -> PlanRow:
    return PlanRow(pk, "(2)", "月例", "回", measure, target, tuple(dues), frozenset(kinds))


MONTHLY = row(Measure.MEETINGS, 360, evenly(360, month_ends()), ["monthly"])


def months_of_meetings(number: int) -> tuple[Meeting, ...]:
    """One a town and month from April on."""
    days = month_ends()[:number]
    return tuple(
        Meeting(place * 100 + town, day, frozenset({"monthly"}), frozenset({town}))
        for place, day in enumerate(days)
        for town in TOWNS
    )


def test_ten_of_twelve_months_are_on_plan_at_83_per_cent():
    (figure,) = figures([MONTHLY], [], PlanFacts(months_of_meetings(10)), dt.date(2025, 1, 31))

    assert (figure.actual, figure.expected, figure.percent) == (300, 300, 83)
    assert (figure.due_days, figure.state) == ((10, 12), PlanState.ON_PLAN)


def test_the_same_meetings_as_of_an_earlier_day_are_those_held_until_then():
    (figure,) = figures([MONTHLY], [], PlanFacts(months_of_meetings(10)), dt.date(2024, 10, 30))

    assert (figure.actual, figure.expected, figure.due_days) == (180, 180, (6, 12))
    assert figure.next_due == dt.date(2024, 10, 31)


def test_a_hearing_inside_a_monthly_session_counts_in_both_rows_and_once_in_each():
    both = Meeting(1, dt.date(2024, 5, 8), frozenset({"monthly", "hearing"}), frozenset({7}))
    hearing = row(Measure.MUNICIPALITIES, 30, kinds=["hearing"], pk=2)

    assert count(MONTHLY, PlanFacts((both,)), dt.date(2024, 5, 8)) == 1
    assert count(hearing, PlanFacts((both,)), dt.date(2024, 5, 8)) == 1
    assert count(row(Measure.MEETINGS, 9, kinds=["monthly", "hearing"]), PlanFacts((both,)), dt.date(2024, 5, 8)) == 1


def test_a_municipality_heard_twice_is_one_municipality():
    heard = [Meeting(pk, dt.date(2024, 5, pk), frozenset({"hearing"}), frozenset({7, 8})) for pk in (1, 2)]

    assert count(row(Measure.MUNICIPALITIES, 30, kinds=["hearing"]), PlanFacts(tuple(heard)), dt.date(2024, 5, 31)) == 2


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (dt.date(2025, 1, 31), PlanState.NOT_DUE),
        (dt.date(2025, 3, 6), PlanState.NOT_DUE),
        (dt.date(2025, 3, 7), PlanState.BEHIND),
    ],
)
def test_what_is_not_due_yet_is_not_late(day, state):
    presentation = row(Measure.EVENTS, 1, [Due(dt.date(2025, 3, 7), 1)], ["presentation"])

    (figure,) = figures([presentation], [], PlanFacts(), day)

    assert (figure.actual, figure.percent, figure.state) == (0, 0, state)


def test_a_person_in_two_capacities_is_one_in_each():
    posts = (
        Post(1, "special", dt.date(2024, 4, 1), None),
        Post(1, "special", dt.date(2024, 6, 1), None),  # a second field is no second person
        Post(1, "concierge", dt.date(2024, 4, 1), dt.date(2024, 9, 30)),
        Post(2, "manager", dt.date(2024, 4, 1), None),
        Post(2, "staff", dt.date(2024, 4, 1), None),
    )
    facts = PlanFacts(posts=posts)

    assert count(row(Measure.ROSTER, 3, kinds=["special"]), facts, dt.date(2024, 9, 30)) == 1
    assert count(row(Measure.ROSTER, 6, kinds=["concierge"]), facts, dt.date(2024, 9, 30)) == 1
    assert count(row(Measure.ROSTER, 6, kinds=["concierge"]), facts, dt.date(2024, 10, 1)) == 0
    assert count(row(Measure.ROSTER, 4, kinds=["manager", "staff"]), facts, dt.date(2024, 10, 1)) == 2


def test_entries_by_hand_add_up_and_may_be_taken_back():
    entries = (Entry(1, dt.date(2024, 9, 1), 2), Entry(1, dt.date(2024, 9, 2), -1), Entry(2, dt.date(2024, 9, 1), 9))

    assert count(row(Measure.BY_HAND, 1), PlanFacts(entries=entries), dt.date(2024, 9, 1)) == 2
    assert count(row(Measure.BY_HAND, 1), PlanFacts(entries=entries), dt.date(2024, 9, 2)) == 1


def test_members_of_the_exchange_count_from_their_day_until_their_last():
    listings = (
        Listing(Measure.EXCHANGE, 1, dt.date(2024, 5, 1)),
        Listing(Measure.EXCHANGE, 2, dt.date(2024, 5, 2), dt.date(2024, 5, 3)),
        Listing(Measure.RESPONSES, 3, dt.date(2024, 5, 1)),
    )
    exchange = row(Measure.EXCHANGE, 30)

    counts = [count(exchange, PlanFacts(listings=listings), dt.date(2024, 5, day)) for day in (1, 2, 3, 4)]

    assert counts == [1, 2, 2, 1]


def test_a_changed_plan_holds_from_its_day_and_the_baseline_is_kept():
    changes = [
        PlanVersion(1, dt.date(2024, 10, 1), 240, evenly(240, month_ends())),
        PlanVersion(1, dt.date(2024, 12, 1), 120, evenly(120, month_ends())),
        PlanVersion(2, dt.date(2024, 4, 1), 1, ()),
    ]
    days = (dt.date(2024, 9, 30), dt.date(2024, 10, 1), dt.date(2025, 1, 31))

    seen = [figures([MONTHLY], changes, PlanFacts(), day)[0] for day in days]

    assert [figure.row.target for figure in seen] == [360, 240, 120]
    assert [figure.baseline for figure in seen] == [360, 360, 360]
    assert [figure.expected for figure in seen] == [180, 120, 100]


def test_months_that_a_town_skipped_lower_the_adjusted_expectation_only():
    skips = (
        Skip(1, "monthly", dt.date(2024, 6, 1)),
        Skip(1, "monthly", dt.date(2024, 6, 1)),
        Skip(2, "monthly", dt.date(2025, 2, 1)),  # not due yet
        Skip(3, "regional", dt.date(2024, 6, 1)),
    )

    (figure,) = figures([MONTHLY], [], PlanFacts(skips=skips), dt.date(2025, 1, 31))

    assert (figure.expected, figure.adjusted) == (300, 299)


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(300, 360, 83), (17, 18, 94), (8, 8, 100), (0, 30, 0), (1, 0, None)]
)
def test_per_cent_is_as_published(part, whole, shown):
    assert percent(part, whole) == shown


@given(st.integers(0, 500), st.integers(1, 12))
def test_an_even_calendar_adds_up_to_the_target_and_is_never_late(target, months):
    dues = evenly(target, month_ends(number=months))

    assert sum(due.amount for due in dues) == target
    assert all(due.amount > 0 for due in dues)
    assert all(earlier.amount >= later.amount for earlier, later in pairwise(dues))


@given(MEETINGS, DAYS, DAYS, st.sampled_from([Measure.MEETINGS, Measure.MUNICIPALITIES]))
def test_what_is_counted_never_shrinks_with_the_day(meetings, first, second, measure):
    counted = row(measure, 9, kinds=["monthly", "hearing"])

    assert count(counted, PlanFacts(meetings), min(first, second)) <= count(
        counted, PlanFacts(meetings), max(first, second)
    )


@given(MEETINGS, DAYS)
def test_a_row_of_several_kinds_counts_no_meeting_twice(meetings, day):
    counts = [
        count(row(Measure.MEETINGS, 9, kinds=kinds), PlanFacts(meetings), day) for kinds in (["monthly"], ["hearing"])
    ]
    together = count(row(Measure.MEETINGS, 9, kinds=["monthly", "hearing"]), PlanFacts(meetings), day)

    assert max(counts) <= together <= sum(counts)
