"""The register of products: who reads how much of a row, when contracts end, and two writers at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.products import write
from consultations.domain.products.ending import ending_within_a_year, ends, months_on
from consultations.domain.products.lines import NAMELESS
from consultations.domain.products.write import ProductFacts
from consultations.models import ProductContract
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support.consultations import a_product, day, get, post
from tests.support.queries import assert_same_queries
from tests.support.reading import words


def test_a_month_ends_where_it_has_no_such_day():
    assert months_on(dt.date(2024, 8, 31), 6) == dt.date(2025, 2, 28)
    assert months_on(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert months_on(dt.date(2024, 12, 1), 12) == dt.date(2025, 12, 1)


@pytest.mark.django_db
def test_contracts_of_a_town_that_end_within_a_year(cast):
    today = dt.date(2024, 11, 27)
    for name, end in (
        ("昨日まで", dt.date(2024, 11, 26)),
        ("今日まで", today),
        ("一年後", dt.date(2025, 11, 27)),
        ("その次の日", dt.date(2025, 11, 28)),
        ("定めなし", None),
    ):
        a_product(cast.town, cast.officer, name, contract_end=end)
    a_product(cast.neighbour, cast.staff, "隣の製品", contract_end=today)

    assert [row.product for row in ending_within_a_year(cast.town.pk, today)] == ["今日まで", "一年後"]
    past = ProductContract.objects.filter(ends("past", today))
    assert [row.product for row in past] == ["昨日まで"]


@pytest.mark.django_db
def test_another_town_reads_no_more_than_the_owner_allows(client, cast):
    secret = {"vendor": "みほん商事", "yearly_cost": 1234567, "note": "値引きの経緯"}
    a_product(cast.town, cast.officer, "見せない製品", sharing="none", **secret)
    a_product(cast.town, cast.officer, "伏せる製品", sharing="nameless", **secret)
    shared = a_product(cast.town, cast.officer, "見せる製品", sharing="named", cost_shared=True, **secret)

    page = get(client, cast.neighbour_officer, "products")
    lines = {line.product: line for line in page.context["rows"]}
    assert set(lines) == {"伏せる製品", "見せる製品"}
    assert (lines["伏せる製品"].town, lines["伏せる製品"].cost) == (NAMELESS, None)
    assert (lines["見せる製品"].town, lines["見せる製品"].cost) == ("あさひ町", 1234567)
    detail = words(get(client, cast.neighbour_officer, "product", shared.pk))
    assert "値引きの経緯" not in detail
    assert "町 担当" not in detail  # the history is the town's own
    # No condition of the address tells what a row hides.
    assert [line.product for line in get(client, cast.neighbour_officer, "products", q="あさひ").context["rows"]] == [
        "見せる製品"
    ]
    narrowed = get(client, cast.neighbour_officer, "products", organization=cast.town.pk, q="値引き", sort="cost")
    assert len(narrowed.context["rows"]) == 0
    file = get(client, cast.neighbour_officer, "products", format="csv").content.decode("utf-8-sig")
    assert file.count("1234567") == 1
    assert file.count("あさひ町") == 1
    # The town itself, its bureau, the prefecture and its consultant read all of it; another prefecture nothing.
    for user in (cast.viewer, cast.bureau_staff, cast.pref_viewer, cast.consultant):
        assert {line.cost for line in get(client, user, "products").context["rows"]} == {1234567}
    assert len(get(client, cast.far_bureau_staff, "products").context["rows"]) == 2
    assert len(get(client, cast.stranger_staff, "products").context["rows"]) == 0
    assert get(client, cast.stranger_staff, "product", shared.pk).status_code == 404


@pytest.mark.django_db
def test_who_writes_whose_rows_and_each_name_once(cast):
    facts = ProductFacts("文書管理", "文書くん")
    for user in (cast.viewer, cast.bureau_staff, cast.pref_viewer, cast.neighbour_officer, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            write.create(cast.town.pk, facts, user=user)
    row = write.create(cast.town.pk, facts, user=cast.consultant)
    with pytest.raises(NotPossible):
        write.create(cast.town.pk, facts, user=cast.officer)
    assert write.create(cast.neighbour.pk, facts, user=cast.staff)
    for user in (cast.neighbour_officer, cast.viewer, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            write.change(row.pk, facts, user=user, revision=1)
        with pytest.raises(PermissionDenied):
            write.delete(row.pk, user=user)
    assert "文書くん" in write.delete(row.pk, user=cast.officer)


@pytest.mark.django_db
def test_a_stale_save_shows_what_is_stored_and_keeps_what_was_typed(client, cast):
    row = a_product(cast.town, cast.officer)
    write.change(row.pk, ProductFacts("文書管理", "先に直した製品"), user=cast.staff, revision=1)
    typed = {"task": "文書管理", "product": "後から直した製品", "sharing": "none", "revision": "1"}

    page = post(client, cast.officer, "product_edit", row.pk, **typed)

    assert page.status_code == 409
    assert "先に直した製品" in page.content.decode()
    assert "後から直した製品" in page.content.decode()
    assert post(client, cast.officer, "product_edit", row.pk, **typed | {"revision": "2"}).status_code == 302
    with pytest.raises(Overtaken):
        write.change(row.pk, ProductFacts("x", "y"), user=cast.officer, revision=1)


@pytest.mark.django_db
def test_the_list_is_filtered_and_costs_the_same_for_one_and_three(client, cast):
    client.force_login(cast.staff)

    def more(number):
        a_product(cast.neighbour, cast.staff, f"申請{number}", contract_end=day(600), manual_shareable=True)

    assert_same_queries(lambda: client.get(reverse("consultations:products")), more)
    a_product(cast.town, cast.officer, "文書くん", contract_end=day(30), may_be_asked=True)

    def products(**query):
        return [line.product for line in get(client, cast.staff, "products", **query).context["rows"]]

    assert products(ends="half_year") == ["文書くん"]
    assert products(answering=1) == ["文書くん"]
    assert products(manual=1, sort="-product") == ["申請3", "申請2", "申請1"]
    assert products(organization=cast.town.pk, q="ﾌﾞﾝｼｮ 文書") == []
    assert products(q="文書管理　文書くん") == ["文書くん"]
    assert products(ends="open") == []
    assert len(products(ends="x", year="0", organization="z", page="-1", sort="x")) == 4
