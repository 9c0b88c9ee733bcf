"""Places of cases are tied to organisations by the one matcher."""

import datetime as dt

import pytest

from casestudies.domain.content import OrganizationPart
from casestudies.domain.contribution import loading
from casestudies.domain.contribution.ties import Ties
from tests.support import factories as make
from tests.support.cases import a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def nara():
    return make.make_prefecture("奈良県", code="290009")


@pytest.fixture
def katsuragi(nara):
    return make.make_municipality(nara, "葛城市", code="292117", kana="カツラギシ")


@pytest.mark.parametrize(
    ("name", "prefecture"),
    [
        ("葛\U000e0100城市", "奈良県"),
        ("葛 城市", "奈良県"),
        ("葛城", "奈良県"),
        ("奈良県葛城市", ""),
        ("かつらぎ市", "奈良県"),
    ],
)
def test_a_town_is_tied_however_its_name_is_written(katsuragi, name, prefecture):
    case = a_case("取組", places=[(prefecture, name, "city", None)])
    assert Ties.among(["奈良県"]).organization(name, prefecture) == katsuragi.pk
    assert loading.link([katsuragi]) == (1 if prefecture else 0)
    assert case.places.get().organization_id == (katsuragi.pk if prefecture else None)


def test_a_prefecture_is_tied_and_a_bare_name_of_several_is_not(nara):
    city = make.make_municipality(nara, "奈良市")
    ties = Ties.among(["奈良県"])
    assert ties.organization("奈良県", "奈良県") == nara.pk
    assert ties.organization("奈良市", "奈良県") == city.pk
    assert ties.organization("奈良", "奈良県") is None
    assert ties.organization("奈良市", "") is None
    assert ties.organization("奈良市", "三重県") is None


def test_of_two_towns_of_one_name_the_living_one_is_meant(nara):
    make.make_municipality(nara, "室生村", last_day=dt.date(2005, 12, 31), code=None)
    living = make.make_municipality(nara, "室生村", code="299999")
    assert Ties.among(["奈良県"]).organization("室生村", "奈良県") == living.pk


def test_two_living_towns_of_one_name_stay_apart(nara):
    make.make_municipality(nara, "泊村", code="299990", district="古宇郡")
    second = make.make_municipality(nara, "泊村", code="299991", district="国後郡")
    ties = Ties.among(["奈良県"])
    assert ties.organization("泊村", "奈良県") is None
    assert ties.organization("国後郡泊村", "奈良県") == second.pk


def test_a_town_that_comes_in_is_not_tied_while_another_is_called_so(nara):
    case = a_case("取組", places=[("奈良県", "泊村", "village", None)])
    first = make.make_municipality(nara, "泊村", code="299990", district="古宇郡")
    second = make.make_municipality(nara, "泊村", code="299991", district="国後郡")
    assert loading.link([first]) == loading.link([second]) == 0
    assert case.places.get().organization is None


def test_a_town_that_no_case_names_costs_one_query(nara, katsuragi, django_assert_num_queries):
    a_case("取組", places=[("奈良県", "橿原市", "city", None)])
    with django_assert_num_queries(3):  # two of them the savepoint
        assert loading.link([katsuragi]) == 0


def test_a_saved_case_is_tied_by_the_matcher(cast, write_case):
    part = OrganizationPart("あさひ", prefecture="みほん県", kind="town")
    case = write_case(cast.officer, organizations=(part,))
    place = case.places.get(role="main")
    assert (place.name, place.organization) == ("あさひ", cast.town)
