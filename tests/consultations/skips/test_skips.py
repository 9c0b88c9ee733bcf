"""Months that towns skip: who says so, what hinders it, and that the year's plan follows."""

import datetime as dt

import pytest

from consultations.domain.sessions import planning
from consultations.domain.sessions.planning import PlanWish
from consultations.domain.skips import write
from consultations.domain.skips.reading import months_of, unwanted_months
from consultations.models import AgreedFrequency, SkippedMonth
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.portal.domain.plan.content import Due, Meeting, PlanFacts, PlanRow, Skip, figures
from dxportal.portal.enums import Measure
from tests.support.consultations import a_session, day, get, post
from tests.support.reading import words

pytestmark = pytest.mark.django_db
NEXT = fiscal_year_of(day()) + 1
AUGUST = dt.date(NEXT, 8, 1)


def test_a_town_says_itself_in_which_months_it_wants_none_and_takes_it_back(client, cast):
    sent = {"organization": cast.town.pk, "months": [f"{NEXT}-08", f"{NEXT}-09"], "reason": "council", "note": "定例会"}

    saved = post(client, cast.officer, "skips", **sent)
    again = post(client, cast.staff, "skips", **(sent | {"months": [f"{NEXT}-08"], "reason": "busy"}))

    assert (saved.status_code, again.status_code) == (302, 302)
    rows = SkippedMonth.objects.values_list("month", "reason", "by_name")
    assert list(rows) == [(AUGUST, "busy", cast.staff.name), (AUGUST.replace(month=9), "council", cast.officer.name)]
    page = words(get(client, cast.officer, "skips"))
    assert f"{NEXT}年9月" in page
    assert "議会のため" in page
    assert "議会のため" not in words(get(client, cast.neighbour_officer, "skips")).split("備考")[-1]
    stranger = post(client, cast.officer, "skips", **(sent | {"organization": cast.neighbour.pk}))
    assert stranger.status_code == 200
    assert not SkippedMonth.objects.filter(organization=cast.neighbour).exists()
    row = SkippedMonth.objects.get(month=AUGUST)
    assert post(client, cast.officer, "skip_remove", row.pk).status_code == 302
    assert SkippedMonth.objects.count() == 1


def test_a_month_with_a_session_is_refused_with_its_day(client, cast):
    session = a_session(cast.staff, cast.town, due=3)
    month = session.occasion.day.replace(day=1)

    refused = post(
        client, cast.staff, "skips", organization=cast.town.pk, months=[f"{month:%Y-%m}"], reason="not_wanted"
    )

    assert f"{session.occasion.day.month}月{session.occasion.day.day}日に相談があります" in words(refused)
    assert not SkippedMonth.objects.exists()


def test_the_years_plan_leaves_the_month_out_and_says_why(cast):
    load_kinds()
    write.skip(cast.town.pk, [AUGUST], reason="not_wanted", note="", user=cast.officer)

    plan = planning.plan(PlanWish(NEXT, "monthly", (7, 8)), user=cast.staff)

    months = {slot.starts_at.month for slot in plan.slots if slot.town == cast.town.pk}
    assert months == {7}
    assert [(row.town, row.month, row.reason) for row in plan.left_out] == [(cast.town.pk, (NEXT, 8), "希望しない")]


def test_what_was_agreed_on_is_not_wanted_either(cast):
    AgreedFrequency.objects.create(organization=cast.town, fiscal_year=NEXT, every=2)
    write.skip(cast.town.pk, [AUGUST, AUGUST.replace(month=9)], reason="busy", note="", user=cast.officer)

    months = [month for town, _, month in unwanted_months(cast.pref.pk, NEXT) if town == cast.town.pk]

    assert months == [month for number, month in enumerate(months_of(NEXT)) if number % 2 or month == AUGUST]


def test_who_met_in_the_month_all_the_same_skipped_nothing():
    row = PlanRow(1, "", "月例", "回", Measure.MEETINGS, 2, (Due(dt.date(2024, 4, 30), 2),), frozenset({"monthly"}))
    skips = (Skip(1, "monthly", dt.date(2024, 4, 1)), Skip(2, "monthly", dt.date(2024, 4, 1)))
    meeting = Meeting(9, dt.date(2024, 4, 9), frozenset({"monthly"}), frozenset({1}))

    (figure,) = figures([row], [], PlanFacts(meetings=(meeting,), skips=skips), dt.date(2024, 5, 1))

    assert (figure.expected, figure.adjusted) == (2, 1)
