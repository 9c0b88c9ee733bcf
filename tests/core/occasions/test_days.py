"""Days, months and what stands in the way of a plan: pure rules."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.occasions.domain.conflicts import BusyDays, Slot, find_conflicts
from dxportal.core.occasions.domain.days import (
    FIRST_YEAR,
    LAST_YEAR,
    TOKYO,
    Day,
    Month,
    by_day,
    days_of,
    read_month,
    weeks_of,
)
from tests.core.occasions.conftest import at

months = st.builds(Month, st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 12))
moments = st.datetimes(dt.datetime(2024, 4, 1), dt.datetime(2024, 4, 5), timezones=st.just(TOKYO))  # noqa: DTZ001
spans = st.tuples(moments, st.integers(1, 24 * 60))
NAMES = {"town:1": "あさひ町", "town:2": "ゆうひ町", "user:1": "伴走 花子"}


@given(months)
def test_a_month_is_whole_weeks_from_sunday_that_hold_each_of_its_days_once(month):
    weeks = weeks_of(month)
    days = [day for week in weeks for day in week]
    inside = [day.date for day in days if day.inside]

    assert all(len(week) == 7 and week[0].date.weekday() == 6 for week in weeks)
    assert all(later.date - day.date == dt.timedelta(days=1) for day, later in pairwise(days))
    assert (inside[0], inside[-1]) == (month.first_day, month.last_day)
    assert len(inside) == (month.last_day - month.first_day).days + 1
    assert all(any(day.inside for day in week) for week in weeks)  # no week of strangers


@given(months, st.integers(-2000, 2000))
def test_as_many_months_back_as_forth_is_the_same_month(month, number):
    there = month.shifted(number)
    assert there is None or there.shifted(-number) == month
    assert read_month(str(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-13", "2024-00", "1949-12", "2091-01", "２０２４-06", "2024-6", "a-b"]
)
def test_what_is_no_month_is_none(text):
    assert read_month(text) is None


def test_holidays_and_their_substitutes_have_their_names():
    days = {day.date.day: day for week in weeks_of(Month(2026, 5)) for day in week if day.inside}

    assert [days[n].holiday for n in (3, 4, 5)] == ["憲法記念日", "みどりの日", "こどもの日"]
    assert "振替休日" in days[6].holiday
    assert (days[7].is_off, days[9].is_off, days[6].is_weekend) == (False, True, False)


@given(st.lists(st.dates(dt.date(2024, 1, 1), dt.date(2024, 3, 1))))
def test_a_list_by_day_loses_nothing_and_keeps_the_order(dates):
    rows = list(enumerate(dates))
    groups = by_day(rows, lambda row: row[1])

    assert [day.date for day, _ in groups] == sorted(set(dates))
    for day, mine in groups:
        assert mine == [row for row in rows if row[1] == day.date]


@given(spans)
def test_the_days_of_a_meeting_are_those_on_which_it_goes_on(span):
    start, minutes = span
    end = start + dt.timedelta(minutes=minutes)
    days = days_of(start, end)

    assert days[0] == start.date()
    assert days[-1] in {end.date(), end.date() - dt.timedelta(days=1)}
    assert (days[-1] == end.date()) == (end.time() != dt.time() or end.date() == start.date())


def slot(span, *, towns=(1,), people=(), title="会議", key=None):
    start, minutes = span
    end = start + dt.timedelta(minutes=minutes)
    return Slot(title, start, end, frozenset(towns), frozenset(people), key)


@given(spans, spans)
def test_two_meetings_are_in_each_others_way_exactly_when_a_minute_is_both(one, other):
    mine, theirs = slot(one), slot(other)
    last_start = max(mine.starts_at, theirs.starts_at)
    both = last_start < min(mine.ends_at, theirs.ends_at)

    for slots in ((mine, theirs), (theirs, mine)):
        warnings = find_conflicts(slots[0], [slots[1]], [], NAMES)
        assert any(warning.kind == "town" for warning in warnings) == both


@given(spans, st.dates(dt.date(2024, 3, 30), dt.date(2024, 4, 7)), st.integers(0, 3))
def test_a_busy_period_counts_on_both_of_its_ends(span, first, length):
    mine = slot(span)
    last = first + dt.timedelta(days=length)
    touched = any(first <= day <= last for day in days_of(mine.starts_at, mine.ends_at))
    warnings = find_conflicts(mine, [], [BusyDays(1, first, last, "議会")], NAMES)

    assert [warning for warning in warnings if warning.kind == "busy"] == [
        warning for warning in warnings if "議会" in warning.sentence
    ]
    assert any(warning.kind == "busy" for warning in warnings) == touched
    assert not any(w.kind == "busy" for w in find_conflicts(mine, [], [BusyDays(2, first, last, "議会")], NAMES))


def test_each_warning_says_who_when_and_what():
    mine = slot((at("2024-05-03"), 60), towns=(1, 2), people=("user:1",))
    others = [
        slot((at("2024-05-03", "10:59"), 10), towns=(2,), people=("user:1",), title="別の会"),
        slot((at("2024-05-03", "11:00"), 10), towns=(1, 2), title="すぐ後の会"),
    ]
    busy = [BusyDays(1, dt.date(2024, 5, 1), dt.date(2024, 5, 10), "議会（臨時会）")]

    assert [warning.sentence for warning in find_conflicts(mine, others, busy, NAMES)] == [
        "5月3日（金）は祝日です（憲法記念日）。",
        "あさひ町は5月1日（水）～5月10日（金）が「議会（臨時会）」です。",
        "ゆうひ町は、同じ時間に「別の会」の予定があります。",
        "伴走 花子さんは、同じ時間に「別の会」の予定があります。",
    ]


def test_the_stored_meeting_is_not_in_its_own_way():
    mine = slot((at("2024-05-08"), 60), key=7)
    assert find_conflicts(mine, [slot((at("2024-05-08"), 60), key=7)], [], NAMES) == ()
    assert len(find_conflicts(slot((at("2024-05-08"), 60)), [slot((at("2024-05-08"), 60))], [], NAMES)) == 1


def test_a_weekend_is_told_unless_it_is_a_holiday_anyway():
    kinds = {
        day: [warning.kind for warning in find_conflicts(slot((at(day), 60)), [], [], NAMES)]
        for day in ("2024-05-08", "2024-05-11", "2024-05-05")
    }
    assert kinds == {"2024-05-08": [], "2024-05-11": ["weekend"], "2024-05-05": ["holiday"]}
    assert Day(dt.date(2024, 5, 8)).is_off is False
