"""Rules of sessions as pure functions: caps, a year's plan, texts of two writers."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.domain.actions.workdays import is_day_off
from consultations.domain.sessions.rules import KindRules
from consultations.domain.sessions.texts import conflicts
from consultations.domain.sessions.yearplan import PlanFrame, PlannedTown, next_fitting, plan_year
from dxportal.core.workflow.texts import TypedText, mark

TOKYO = dt.timezone(dt.timedelta(hours=9))
CLOCKS = (dt.time(10), dt.time(13, 30), dt.time(15, 30))
MONTHS = [(2026 + (month < 4), month) for month in (*range(4, 13), 1, 2, 3)]
days = st.dates(dt.date(2026, 4, 1), dt.date(2027, 3, 31))
spans = st.tuples(days, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + dt.timedelta(days=pair[1])))
towns = st.lists(
    st.builds(
        PlannedTown,
        key=st.integers(1, 10**6),
        name=st.just("町"),
        consultant=st.one_of(st.none(), st.integers(1, 3)),
        every=st.integers(0, 3),
        busy=st.lists(spans, max_size=3).map(tuple),
        has=st.frozensets(st.sampled_from(MONTHS), max_size=3),
    ),
    max_size=12,
    unique_by=lambda town: town.key,
)


def frame(**values) -> PlanFrame:
    known = {"months": MONTHS, "clocks": CLOCKS, "minutes": 90, "zone": TOKYO, "is_off": is_day_off}
    return PlanFrame(**(known | values))


@given(st.integers(0, 10), st.integers(1, 5), st.one_of(st.none(), st.integers(0, 6)))
def test_a_cap_is_never_passed_and_no_cap_lets_everything_through(held, more, cap):
    assert KindRules("optional", cap=cap).may_add(held, more) == (cap is None or held + more <= cap)


def test_optional_sessions_are_at_most_three_a_year():
    rules = KindRules("optional", cap=3)

    assert [rules.may_add(held) for held in range(5)] == [True, True, True, False, False]


@settings(max_examples=60, deadline=None)
@given(towns)
def test_a_plan_never_lies_on_days_off_or_busy_days_nor_twice_with_one_consultant(given_towns):
    plan = plan_year(given_towns, frame())
    by_key = {town.key: town for town in given_towns}

    for slot in plan.slots:
        town, day = by_key[slot.town], slot.starts_at.date()
        assert not is_day_off(day)
        assert day.weekday() < 5
        assert not any(first <= day <= last for first, last in town.busy)
        assert (day.year, day.month) not in town.has
        assert slot.starts_at.timetz().replace(tzinfo=None) in CLOCKS
    busy = [(slot.consultant, slot.starts_at) for slot in plan.slots if slot.consultant]
    assert len(busy) == len(set(busy))
    months = [(slot.town, slot.starts_at.year, slot.starts_at.month) for slot in plan.slots]
    assert len(months) == len(set(months))


@settings(max_examples=60, deadline=None)
@given(towns)
def test_every_town_and_month_is_planned_or_told_why_not(given_towns):
    plan = plan_year(given_towns, frame())
    told = {(each.town, each.month) for each in plan.left_out}
    planned = {(slot.town, (slot.starts_at.year, slot.starts_at.month)) for slot in plan.slots}

    assert not told & planned
    for town in given_towns:
        for number, month in enumerate(MONTHS):
            wanted = town.every == 0 or number % town.every == 0
            assert ((town.key, month) in told | planned) == wanted


def test_what_a_consultant_has_already_stands_in_the_way():
    town = PlannedTown(1, "あさひ町", consultant=7)
    free = plan_year([town], frame(months=[(2026, 6)])).slots[0].starts_at
    taken = {7: [(free, free + dt.timedelta(hours=2))]}

    assert plan_year([town], frame(months=[(2026, 6)], taken=taken)).slots[0].starts_at != free


def test_a_month_without_a_free_day_is_told():
    town = PlannedTown(1, "あさひ町", busy=((dt.date(2026, 6, 1), dt.date(2026, 6, 30)),))

    plan = plan_year([town], frame(months=[(2026, 6)]))

    assert (plan.slots, plan.left_out[0].reason) == ((), "空いている日がありません")


def test_the_digest_tells_plans_apart():
    town = PlannedTown(1, "あさひ町")

    assert plan_year([town], frame()).digest == plan_year([town], frame()).digest
    assert plan_year([town], frame()).digest != plan_year([town], frame(months=MONTHS[1:])).digest


@given(days, st.lists(spans, max_size=3))
def test_what_follows_goes_on_to_a_day_that_fits(day, busy):
    town = PlannedTown(0, "", busy=tuple(busy))
    moved = next_fitting(day, town, is_day_off, tries=400)

    assert moved is not None
    assert moved >= day
    assert town.suits(moved)
    assert not is_day_off(moved)


texts = st.text(max_size=30)


@given(texts, texts, texts)
def test_a_text_is_stored_only_over_what_its_writer_saw(stored, seen, typed):
    found = conflicts({"record": stored}, {"record": TypedText(typed, mark(seen))})

    assert bool(found) == (stored not in (seen, typed))
    assert [(each.stored, each.typed) for each in found] == ([(stored, typed)] if found else [])
