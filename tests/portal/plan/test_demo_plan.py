"""The demo's plan, counted by the rules from its meetings and lists, against the published table (source 004)."""

import datetime as dt

import pytest

from dxportal.core.occasions.models import Occasion
from dxportal.portal.domain.plan.reading import plan_table
from dxportal.portal.enums import PlanState
from dxportal.portal.models import PlanItem
from tests.support import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
# Target, actual, per cent as printed, in the order of the table.
PUBLISHED = [
    (1, 1, 100), (3, 3, 100), (6, 6, 100), (4, 4, 100), (30, 30, 100), (30, 30, 100), (360, 300, 83), (18, 17, 94),
    (8, 8, 100), (30, 0, 0), (4, 4, 100), (1, 1, 100), (30, 30, 100), (1, 1, 100), (1, 1, 100), (1, 1, 100), (1, 0, 0),
    (1, 1, 100),
]  # fmt: skip


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with worlds.inside("demo", django_db_blocker):
        yield


def rows_as_of(day):
    items = PlanItem.objects.filter(prefecture__name="みほん県", fiscal_year=2024)
    return plan_table(items, 2024, day).rows


def test_the_eighteen_published_rows_come_out_exactly():
    rows = rows_as_of(dt.date(2025, 1, 31))

    assert [(row.row.target, row.actual, row.percent) for row in rows] == PUBLISHED


def test_monthly_sessions_are_on_plan_and_what_comes_later_is_not_late():
    rows = {row.row.item: row for row in rows_as_of(dt.date(2025, 1, 31))}

    assert (rows["月例オンラインよろず相談"].expected, rows["月例オンラインよろず相談"].due_days) == (300, (10, 12))
    assert rows["月例オンラインよろず相談"].state == PlanState.ON_PLAN
    assert rows["プロデューサーヒアリング（後期）"].state == PlanState.NOT_DUE
    assert rows["公開型の成果報告会"].state == PlanState.NOT_DUE
    assert PlanState.BEHIND not in {row.state for row in rows.values()}


def test_as_of_the_end_of_october_the_table_shows_what_was_then():
    rows = {row.row.item: row for row in rows_as_of(dt.date(2024, 10, 31))}

    actual = {
        item: rows[item].actual
        for item in ("月例オンラインよろず相談", "地域別オンラインよろず相談", "動画の制作", "合同研修会")
    }
    assert actual == {
        "月例オンラインよろず相談": 210,
        "地域別オンラインよろず相談": 10,  # five regions, in July and September
        "動画の制作": 2,
        "合同研修会": 0,
    }
    assert rows["合同研修会"].state == PlanState.NOT_DUE


def test_some_hearings_were_inside_monthly_sessions_and_each_town_was_heard():
    inside = Occasion.objects.of_kind("special_hearing_first").of_kind("monthly").count()
    alone = Occasion.objects.of_kind("special_hearing_first").exclude(counts__kind__code="monthly").count()

    assert (inside, alone) == (20, 10)


def test_thirty_towns_meet_eight_times_from_june_to_january_and_sixty_times_before():
    monthly = Occasion.objects.of_kind("monthly").took_place()

    assert monthly.between(dt.date(2024, 6, 1), dt.date(2025, 1, 31)).count() == 240
    assert monthly.between(dt.date(2024, 4, 1), dt.date(2024, 5, 31)).count() == 60


def test_the_cost_of_the_table_does_not_depend_on_its_rows(django_assert_num_queries):
    items = PlanItem.objects.filter(prefecture__name="みほん県", fiscal_year=2024)

    for rows in (items, items.filter(order__lte=3)):
        with django_assert_num_queries(12):
            plan_table(rows, 2024, dt.date(2025, 1, 31))
