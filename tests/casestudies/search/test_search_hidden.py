import pytest

from casestudies.domain.search.search import SearchFilters, find
from casestudies.enums import Audience, CaseState
from tests.support.cases import a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(cast):
    place = [("となり県", "ひみつ町", "town", 9_000)]
    a_case("水道検針の自動化", source_id="t-open", places=[("みほん県", "あさひ町", "town", 8_000)], year=2020)
    a_case("水道検針の下書き", source_id="t-draft", state=CaseState.DRAFT, published_at=None, places=place, year=2021)
    a_case("水道検針の確認中", source_id="t-review", state=CaseState.IN_REVIEW, published_at=None, year=2021)
    a_case("水道検針の保管", source_id="t-archived", state=CaseState.ARCHIVED, places=place, year=2022)
    a_case(
        "水道検針のとなり", source_id="t-other", places=place, year=2023,
        audience=Audience.PREFECTURE, prefecture=cast.other_pref,
    )  # fmt: skip
    return ("t-draft", "t-review", "t-archived", "t-other")


@pytest.mark.parametrize("text", ["水道検針", '"水道検針"', "水道 AND 検針", "ひみつ町 OR 検針", "", "-研修"])
@pytest.mark.parametrize("sort", ["best", "nearest", "newest"])
def test_what_others_may_see_shows_nowhere(cast, hidden, text, sort):
    result = find(cast.officer, text, sort=sort)

    assert result.count == 1
    assert [hit.source_id for hit in result.page(0, 50)] == ["t-open"]
    assert result.around("t-open") == (1, None, None)
    assert [result.around(source_id) for source_id in hidden] == [None] * len(hidden)
    facets = result.facets()
    assert {one.count for ones in facets.values() for one in ones} == {1}
    assert [[one.value for one in facets[name]] for name in ("years", "prefectures")] == [["2020"], ["みほん県"]]


def test_a_choice_of_a_hidden_cases_value_counts_nothing(cast, hidden):
    result = find(cast.officer, "水道検針", SearchFilters({"years": frozenset({"2022", "2023"})}))

    assert (result.count, result.page(0, 9)) == (0, [])
    assert {one.value: one.count for one in result.facets()["years"]} == {"2020": 1, "2022": 0, "2023": 0}


def test_the_other_prefecture_sees_its_own(cast, hidden):
    assert {hit.source_id for hit in find(cast.stranger_staff, "水道検針").page(0, 9)} == {"t-open", "t-other"}


def test_whoever_belongs_nowhere_finds_nothing(cast, hidden):
    assert find(cast.nobody, "水道検針").count == 0


def test_no_word_of_a_hidden_case_is_offered_as_a_correction(cast):
    a_case("窓口の予約")
    a_case("ゼタヨミトリ", state=CaseState.DRAFT, published_at=None)

    result = find(cast.officer, "ゼタヨミドリ")

    assert (result.count, result.reading.corrections) == (0, ())


def test_hidden_cases_change_no_score(cast):
    """How rare a word is is counted among what the person may see."""
    for title in ("水道検針の自動化", "窓口の予約", "職員の研修と検針"):
        a_case(title)
    before = [(hit.title, hit.score) for hit in find(cast.officer, "水道検針 研修").page(0, 9)]
    for _ in range(5):
        a_case("水道の研修", state=CaseState.ARCHIVED)

    assert [(hit.title, hit.score) for hit in find(cast.officer, "水道検針 研修").page(0, 9)] == before
