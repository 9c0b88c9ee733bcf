import pytest

from casestudies.domain.search.suggestions import suggest
from casestudies.enums import Audience, CaseState
from tests.support.cases import a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(cast):
    a_case(
        "オンライン申請を広げる", source_id="t-open", field="online", areas=("online_procedures",),
        places=[("岩手県", "紫波町", "town", 32_000)],
    )  # fmt: skip
    hidden = {"audience": Audience.PREFECTURE, "prefecture": cast.other_pref}
    a_case("オンライン会議の秘密", source_id="t-other", places=[("となり県", "紫雲町", "town", 9_000)], **hidden)
    a_case("オンラインの下書き", source_id="t-draft", field="training", state=CaseState.DRAFT, published_at=None)


def offers(user, text, titles=()):
    return [(item.kind, item.label, item.value) for item in suggest(user, text, titles)]


def test_a_beginning_offers_organisations_with_their_prefecture(library, cast):
    assert offers(cast.officer, "紫") == [("organization", "岩手県紫波町", "紫波町")]


def test_a_prefecture_before_the_name_is_understood(library, cast):
    assert offers(cast.officer, "岩手県紫")[0] == ("organization", "岩手県紫波町", "紫波町")


def test_words_offer_fields_areas_and_titles(library, cast):
    assert offers(cast.officer, "オンライ") == [
        ("field", "オンライン化", "online"),
        ("area", "手続のオンライン化", "online_procedures"),
        ("title", "オンライン申請を広げる", "t-open"),
    ]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("廣野町", "広野"),
        ("竜郷町", "鹿児島縣龍"),
        ("龍ケ崎市", "竜が"),
        ("西之表市", "西ノ"),
        ("西之表市", "西の表"),
        ("葛城市", "葛\U000e0100"),
        ("梼原町", "檮"),
        ("富里市", "冨 里"),
    ],
)
def test_a_beginning_in_another_writing_offers_the_same(cast, name, typed):
    a_case("庭を守る", places=[("鹿児島県", name, "town", 9_000)])
    assert offers(cast.officer, typed) == [("organization", f"鹿児島県{name}", name)]


def test_titles_and_words_are_offered_in_any_writing(library, cast):
    a_case("邊地の學校と生成AI", source_id="t-old")
    assert ("title", "邊地の學校と生成AI", "t-old") in offers(cast.officer, "辺地の学校")
    assert ("title", "邊地の學校と生成AI", "t-old") in offers(cast.officer, "生成　ＡＩ")
    assert ("area", "手続のオンライン化", "online_procedures") in offers(cast.officer, "手續のｵﾝﾗｲﾝ")


def test_titles_with_the_letters_come_before_what_else_the_search_found_each_once(library, cast):
    results = [("t-x", "別の題名"), ("t-open", "オンライン申請を広げる")]

    titles = [offer for offer in offers(cast.officer, "オンライン", results) if offer[0] == "title"]

    assert titles == [("title", "オンライン申請を広げる", "t-open"), ("title", "別の題名", "t-x")]


def test_whoever_may_see_a_case_is_offered_it(library, cast):
    assert ("organization", "となり県紫雲町", "紫雲町") in offers(cast.stranger_staff, "紫")


@pytest.mark.parametrize("text", ["", " ", "紫" * 41, "%", "_", "\\", "\x00", "職員育成"])
def test_nothing_is_offered_for_nothing(library, cast, text):
    assert offers(cast.officer, text) == []


def test_nobody_without_a_membership_is_offered_anything(library, cast):
    assert offers(cast.nobody, "オンライン") == []
