"""Old names of places as words of a search: a town's former names, and those of towns that went into it."""

import datetime as dt

import pytest

from casestudies.domain.search import index
from casestudies.domain.search.search import find
from casestudies.models import CasePlace
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import FormerName, Succession
from tests.support import factories as make
from tests.support.cases import a_case

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 4, 1)


def titles(cast, text):
    return [hit.title for hit in find(cast.officer, text).page(0, 9)]


@pytest.fixture
def cases(cast):
    """One of a town of today, one of a town that is gone."""
    gone = make.make_municipality(cast.bureau, "たそがれ村", last_day=DAY)
    for title, town in (("窓口の予約", cast.town), ("村の窓口", gone)):
        case = a_case(title, places=[("みほん県", town.name, "town", 9_000)])
        CasePlace.objects.filter(case=case).update(organization=town)
        index.write([case.pk])
    a_case("窓口の案内", places=[("みほん県", "ゆうひ町", "town", 9_000)])
    return gone


def test_a_former_name_finds_the_cases_of_the_town_of_today(cast, cases):
    assert titles(cast, "あけぼの村") == []

    name = FormerName.objects.create(
        organization=cast.town, name="あけぼの村", kana="あけぼのむら", last_day=DAY, kind=LifeEvent.RENAMED
    )
    assert titles(cast, "あけぼの村") == ["窓口の予約"]
    assert titles(cast, "あけぼの 窓口")[0] == "窓口の予約"

    name.delete()
    assert titles(cast, "あけぼの村") == []


def test_towns_that_were_joined_find_each_others_cases(cast, cases):
    assert titles(cast, "たそがれ村") == ["村の窓口"]

    Succession.objects.create(predecessor=cases, successor=cast.town, day=DAY, kind=LifeEvent.MERGER)

    assert set(titles(cast, "たそがれ村")) == {"村の窓口", "窓口の予約"}
    assert set(titles(cast, "あさひ町")) == {"村の窓口", "窓口の予約"}
