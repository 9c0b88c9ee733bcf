import re
from urllib.parse import quote

import pytest

from casestudies.forms.search.address import LONGEST_TEXT
from dxportal.core.organizations.models import Profile
from dxportal.core.taxonomy.models import Term
from tests.support.cases import a_case
from tests.support.search_page import PAGE, found, show

pytestmark = pytest.mark.django_db


def test_without_words_all_that_one_may_see_is_listed_with_facets(client, officer):
    page = show(client)

    assert set(found(page)) == {"t-town", "t-city", "t-pref"}
    assert "すべての事例 <strong>3</strong>件" in page
    assert 'id="facet-step-3"' in page


def test_a_row_does_not_say_the_same_as_step_and_as_field(client, officer):
    a_case("認識の事例", source_id="t-same", step=0, field="awareness")
    Term.objects.filter(code="awareness").update(name="認識共有・機運醸成")
    Term.objects.filter(code="online").update(name="オンライン化")

    rows = {row.split('"')[0]: row for row in show(client).split('id="case-t-')[1:]}

    assert rows["same"].count("認識共有・機運醸成</span>") == 1
    assert "オンライン化</span>" in rows["town"]


def test_words_find_and_are_marked_in_title_and_snippet(client, officer):
    page = show(client, "q=窓口")

    assert set(found(page)) == {"t-town", "t-city"}
    assert "<mark>窓口</mark>のオンライン申請" in page
    assert "町が<mark>窓口</mark>の申請" in page


def test_keywords_show_where_nothing_else_tells_why_a_case_was_found(client, officer):
    a_case("体育館の無人化", keywords=["合鍵いらず", "スマートロック"], tags=["施設予約"])

    by_keyword, by_tag = show(client, "q=スマートロック"), show(client, "q=施設予約")
    assert "<mark>スマートロック</mark></li>" in by_keyword
    assert "合鍵いらず" not in by_keyword
    assert "<mark>施設予約</mark></li>" in by_tag
    assert "スマートロック" not in by_tag


def test_an_organisation_that_was_sought_is_marked(client, officer):
    page = show(client, "q=紫波町")

    assert found(page)[0] == "t-town"
    assert "岩手県<mark>紫波町</mark>" in page


def test_what_others_keep_to_themselves_shows_nowhere(client, officer):
    page = show(client, "q=窓口")

    for word in ("内部資料", "秘密町", "となり県", "下書き", "1999", "1998"):
        assert word not in page


def test_facets_narrow_count_and_leave_as_tags(client, officer):
    page = show(client, "q=窓口&step=3")

    assert found(page) == ["t-town"]
    assert re.search(r'id="facet-step-3"[^>]* checked', page)
    # A facet's own choice doesn't lower the counts of its other values.
    assert re.search(r'id="facet-step-2"(?:(?!</label>).)*facet-count">1<', page, re.DOTALL)
    assert f'class="filter-tag" href="/cases/?q={quote("窓口")}"' in page


def test_a_wish_in_the_words_becomes_a_tag_that_can_be_taken_back(client, officer):
    page = show(client, f"q={quote('窓口 人口5万人以下')}")
    back = re.search(r'class="filter-tag" href="([^"]*skip=[^"]*)"', page)[1].replace("&amp;", "&")

    assert found(page) == ["t-town"]
    assert "人口5万人以下" in page

    assert set(found(client.get(back).content.decode())) == {"t-town", "t-city"}


def test_all_conditions_go_at_once_and_the_words_stay(client, officer):
    page = show(client, f"q={quote('窓口')}&step=3&kind=town&cost=1")

    assert f'href="/cases/?q={quote("窓口")}">すべて外す' in page


def test_the_paper_says_what_was_searched_for(client, officer):
    page = show(client, "q=窓口&step=3")

    (paper,) = re.findall(r'<p class="print-only">(検索.*?)</p>', page)
    assert paper.startswith("検索のことば：窓口　条件：ステップ3")
    assert '<p class="print-only">検索' not in show(client)


def test_newest_first(client, officer):
    assert found(show(client, "sort=newest")) == ["t-city", "t-pref", "t-town"]


def test_the_nearest_place_of_a_case_is_named_first_where_cases_are_sorted_by_it(client, officer, cast):
    Profile.objects.create(organization=cast.town, fiscal_year=2025, population=8_000)
    places = [("福島県", f"大きな{n}市", "city", 300_000) for n in range(4)] + [("福島県", "そっくり町", "town", 8_100)]
    a_case("五団体の研修", source_id="t-five", places=places)

    nearest, best = show(client, "sort=nearest"), show(client)

    assert nearest.index("そっくり町") < nearest.index("大きな0市")
    assert "大きな2市" not in nearest
    assert "そっくり町" not in best


def test_nearest_first_for_those_who_have_a_municipality(client, officer, cast):
    assert 'value="nearest"' not in show(client)
    Profile.objects.create(organization=cast.town, fiscal_year=2024, population=90_000)

    page = show(client, "sort=nearest")

    assert found(page) == ["t-city", "t-town", "t-pref"]
    assert 'value="nearest" selected' in page


def test_staff_choose_the_municipality_to_be_near_to(client, library, cast):
    client.force_login(cast.staff)
    Profile.objects.create(organization=cast.town, fiscal_year=2024, population=30_000)
    Profile.objects.create(organization=cast.other_town, fiscal_year=2024, population=30_000)

    assert found(show(client, f"town={cast.town.pk}&near=1")) == ["t-town"]
    assert found(show(client, f"town={cast.town.pk}&sort=nearest"))[0] == "t-town"
    outside = show(client, f"town={cast.other_town.pk}&near=1")
    assert len(found(outside)) == 3
    assert cast.other_town.name not in outside


def test_nothing_found_offers_what_would_find_something(client, officer):
    page = show(client, f"q={quote('窓口')}&step=0")

    assert found(page) == []
    assert "「ステップ」の条件を外す</a>（2件）" in page
    assert 'href="/cases/">すべての事例を見る' in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%F0%9F%98%80", "q=%22%22%22", "q=AND", "q=-", "q=%27%29%3B--", "q=%ED%A0%80", "q=%FF%FE",
        "q=a&q=b", "q=%5C", "q=%E3%80%8C", "page=999", "page=-1", "page=abc", "page=%EF%BC%91", "page=99999999999999",
        "step=9&step=x&step=", "field=unknown&area=%00&document=zzz", "prefecture=%00", "year=99999", "band=nowhere",
        "kind=%27", "town=0", "town=999999999", "town=x", "near=1", "cost=2", "sort=worst", "skip=%00", "skip=unknown",
        "sort=nearest", "unknown=1", "limit=0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["/cases/", "/cases/search.json"])
def test_no_address_is_an_error(client, officer, door, query):
    assert client.get(f"{door}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["step=9", "field=unknown", "area=zz&document=zz", "year=x", "kind=zz", "page=7"])
def test_what_an_address_cannot_mean_is_left_out(client, officer, query):
    assert len(found(show(client, query))) == 3


def test_ten_thousand_characters_are_cut_and_said(client, officer):
    page = show(client, f"q={'窓口' * 5000}")

    assert f"はじめの{LONGEST_TEXT}文字で探しました" in page


def test_pages_hold_twenty_and_a_stale_number_shows_the_last(client, officer):
    for number in range(20):
        a_case(f"庁内の会議その{number}", source_id=f"t-x{number:02}")

    assert "（1～20件目を表示）" in show(client)
    page = show(client, "page=99")
    assert "（21～23件目を表示）" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


def test_htmx_gets_the_parts_and_the_one_address(client, officer):
    response = client.get(f"{PAGE}?sort=best&step=3&q={quote('窓口')}&page=1&unknown=1", headers={"HX-Request": "true"})

    assert response["HX-Push-Url"] == f"/cases/?q={quote('窓口')}&step=3"
    assert "HX-Request" in response["Vary"]
    assert b"<html" not in response.content
    assert b'id="search-facets"' in response.content


def test_going_back_gets_the_whole_page(client, officer):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert b"<html" in client.get(PAGE, headers=headers).content


def test_a_result_leads_to_its_page_and_from_there_to_its_neighbours(client, officer):
    query = f"q={quote('窓口')}&sort=newest"
    first, second = found(show(client, query))
    assert f"/cases/{first}/?{query.replace('&', '&amp;')}&amp;n=1" in show(client, query)

    page = client.get(f"/cases/{second}/?{query}&n=2").content.decode()

    assert "2件中2件目" in page
    assert f'href="/cases/{first}/?{query.replace("&", "&amp;")}&amp;n=1" rel="prev"' in page
    assert f'href="/cases/?{query.replace("&", "&amp;")}"' in page


def test_a_case_opened_by_itself_has_no_neighbours(client, officer):
    assert "件中" not in client.get("/cases/t-town/").content.decode()


def test_words_are_never_markup(client, officer):
    page = show(client, f"q={quote('<script>alert(1)</script>')}")

    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_asks_as_much_for_many_results_as_for_one(client, cast, django_assert_max_num_queries, count):
    for number in range(count):
        a_case(
            f"窓口の改革{number}", places=[("岩手県", "紫波町", "town", 32_000)], field="online", areas=("training",)
        )
    client.force_login(cast.officer)
    show(client, "q=窓口")

    with django_assert_max_num_queries(20):
        show(client, "q=窓口")
