import io
from urllib.parse import quote

import openpyxl
import pytest

from casestudies.enums import Audience
from tests.support.cases import a_case
from tests.support.search_page import found, show

pytestmark = pytest.mark.django_db


def ask(client, query: str) -> dict:
    return client.get(f"/cases/search.json?{query}").json()


def test_the_answer_has_count_and_results_and_nothing_else(client, officer):
    answer = ask(client, "q=窓口&limit=1")

    assert set(answer) == {"count", "results"}
    assert answer["count"] == 2
    assert [set(result) for result in answer["results"]] == [{"source_id", "title", "score"}]


@pytest.mark.parametrize("query", ["q=窓口", "sort=newest", "q=職員&sort=newest", "step=3", "q=窓口&kind=city"])
def test_the_order_is_the_pages(client, officer, query):
    assert [result["source_id"] for result in ask(client, query)["results"]] == found(show(client, query))


def test_the_limit_is_kept_within_bounds(client, officer):
    for number in range(100):
        a_case(f"庁内の会議その{number}")
    expected = {"": 20, "x": 20, "0": 1, "-3": 20, "21": 21, "9999": 100}

    assert {limit: len(ask(client, f"limit={limit}")["results"]) for limit in expected} == expected


def test_suggestions_come_only_when_asked_for_and_lead_somewhere(client, officer):
    answer = ask(client, "q=オンライン&suggest=1")

    assert {"kind": "field", "label": "オンライン化", "url": "/cases/?field=online"} in answer["suggestions"]
    assert {"kind": "title", "label": "窓口のオンライン申請", "url": "/cases/t-town/"} in answer["suggestions"]
    for suggestion in answer["suggestions"]:
        assert client.get(suggestion["url"]).status_code == 200


def test_an_organisation_is_offered_with_its_prefecture(client, officer):
    (offer, *_) = ask(client, "q=紫波&suggest=1")["suggestions"]

    assert offer["label"] == "岩手県紫波町"
    assert found(client.get(offer["url"]).content.decode()) == ["t-town"]


def test_hidden_cases_are_neither_counted_nor_offered(client, officer, cast):
    assert ask(client, "q=内部資料&suggest=1")["suggestions"] == []

    client.force_login(cast.stranger_staff)
    assert "t-other" in [result["source_id"] for result in ask(client, "q=窓口")["results"]]


def test_who_is_not_signed_in_gets_nothing(client, library):
    response = client.get("/cases/search.json?q=窓口")

    assert response.status_code == 302
    assert "/account/login/" in response.url


def test_the_search_alone_takes_few_statements(client, officer, django_assert_max_num_queries):
    ask(client, "q=窓口")

    with django_assert_max_num_queries(8):
        ask(client, "q=窓口")


def test_the_file_holds_the_search_in_its_order(client, officer):
    response = client.get("/cases/export/?sort=newest&q=窓口")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["事例"]
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][:4] == ("順位", "事例番号", "題名", "団体")
    assert [row[1] for row in rows[1:]] == ["t-city", "t-town"]
    assert rows[1][3:9] == ("山形県酒田市", "山形県", "市", 100_000, None, 2022)


def test_the_file_comes_as_csv_too(client, officer):
    response = client.get(f"/cases/export/?format=csv&q={quote('紫波町')}")

    assert "t-town" in response.content.decode("utf-8-sig")
    assert response["Content-Type"].startswith("text/csv")


def test_the_file_asks_as_much_for_many_cases_as_for_one(client, cast, django_assert_max_num_queries):
    client.force_login(cast.officer)
    for number in range(30):
        a_case(f"窓口の改革{number}", audience=Audience.EVERYONE, places=[("岩手県", "紫波町", "town", 32_000)])

    with django_assert_max_num_queries(13):
        client.get("/cases/export/?q=窓口")
