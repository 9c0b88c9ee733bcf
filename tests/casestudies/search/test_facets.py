import importlib
import re
from io import BytesIO

import pytest
from django.db import connection
from django.http import QueryDict
from openpyxl import load_workbook

from casestudies.domain.search import facets, index
from casestudies.forms.search.address import SearchForm
from casestudies.models import Case, CaseIndex
from dxportal.core.organizations.domain.population import POPULATION_BANDS, band_of
from tests.support.cases import a_case
from tests.support.search_page import found

pytestmark = pytest.mark.django_db
STAFFED = facets.Facet(
    "staffed",
    "staff",
    "職員数",
    held=lambda row: ["known"] if any(place.population for place in row["main"]) else ["unknown"],
    labels=facets.out_of({"known": "人口がわかる団体", "unknown": "人口がわからない団体"}),
    shape=re.compile("known|unknown"),
    former={"yes": ("known",)},
)


@pytest.fixture
def one_more_facet(monkeypatch):
    monkeypatch.setattr(facets.FACETS, "rows", (*facets.FACETS.rows, STAFFED))


@pytest.fixture
def library(client, cast):
    a_case("窓口の予約", source_id="t-known", places=[("岩手県", "紫波町", "town", 32_000)])
    a_case("窓口の研修", source_id="t-unknown", places=[("岩手県", "矢巾町", "town", None)])
    client.force_login(cast.officer)


def test_a_facet_is_one_row_of_the_table(one_more_facet, library, client):
    """Index, counts, labels, address, narrowing, condition and file: all know it from the table."""
    page = client.get("/cases/").content.decode()
    assert "<legend>職員数</legend>" in page
    assert 'id="facet-staff-known"' in page
    assert "人口がわからない団体" in page

    narrowed = client.get("/cases/", {"staff": "known", "sort": "newest"}, headers={"HX-Request": "true"})
    page = narrowed.content.decode()
    assert found(page) == ["t-known"]
    assert '<span class="filter-tag-kind">職員数</span>人口がわかる団体' in page
    assert narrowed["HX-Push-Url"] == "/cases/?staff=known&sort=newest"

    assert "職員数：人口がわかる団体" in str(export_notes(client, "staff=known"))
    assert "「職員数」の条件を外す" in client.get("/cases/", {"staff": "known", "q": "研修"}).content.decode()


def test_an_old_value_of_an_address_means_what_it_means_now(one_more_facet, library, client):
    assert found(client.get("/cases/", {"staff": "yes"}).content.decode()) == ["t-known"]


def export_notes(client, query: str) -> list[tuple]:
    book = load_workbook(BytesIO(client.get(f"/cases/export/?{query}").content))
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def test_keys_and_parameters_are_told_apart():
    keys = [facet.key for facet in facets.FACETS]
    parameters = [facet.parameter for facet in facets.FACETS if facet.parameter]

    assert len(set(keys)) == len(keys)
    assert len(set(parameters)) == len(parameters)
    assert not any(":" in key for key in keys)


def test_only_values_that_are_there_get_a_label(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert [dict(facet.labels([])) for facet in facets.FACETS] == [{}] * len(facets.FACETS.rows)
        labels = {facet.key: facet.labels(["3", "2021"]) for facet in facets.FACETS if facet.key in ("steps", "years")}

    assert labels == {"steps": {"3": "ステップ3 取組の実行"}, "years": {"3": "3年度", "2021": "2021年度"}}


@pytest.mark.parametrize("band", POPULATION_BANDS, ids=lambda band: band.code)
def test_the_library_and_the_dashboard_have_the_same_bands(cast, client, band):
    a_case("小さな町", source_id="t-inside", places=[("岩手県", "紫波町", "town", band.low)])
    outside = band.low - 1 if band.high is None else band.high
    a_case("別の町", source_id="t-outside", places=[("岩手県", "矢巾町", "town", outside)])
    client.force_login(cast.officer)

    page = client.get("/cases/", {"band": band.code}).content.decode()

    assert found(page) == ["t-inside"]
    assert band.label in page


def test_the_band_of_old_addresses_is_understood(cast, client):
    for name, population in {"below": 4_999, "from": 5_000, "last": 9_999, "over": 10_000}.items():
        a_case(f"町の{name}", source_id=f"t-{name}", places=[("岩手県", "紫波町", "town", population)])
    client.force_login(cast.officer)

    page = client.get("/cases/", {"band": "to1"}, headers={"HX-Request": "true"})

    assert set(found(page.content.decode())) == {"t-below", "t-from", "t-last"}
    assert page["HX-Push-Url"] == "/cases/?band=5kto1&band=to5k"


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("to1", 0, 9_999),
        ("1to3", 10_000, 29_999),
        ("3to5", 30_000, 49_999),
        ("5to10", 50_000, 99_999),
        ("10to30", 100_000, 299_999),
        ("from30", 300_000, 3_000_000),
    ],
)
def test_every_band_of_old_addresses_holds_the_towns_that_it_held(code, low, high):
    form = SearchForm(QueryDict(f"band={code}"))

    bands = set(form.values.band)

    assert bands <= {band.code for band in POPULATION_BANDS}
    assert {band_of(low).code, band_of(high).code} == bands
    assert low == 0 or band_of(low - 1).code not in bands
    assert code == "from30" or band_of(high + 1).code not in bands


def test_the_index_of_the_version_before_gets_the_bands_of_now(cast):
    places = [
        ("岩手県", "甲町", "town", 4_999),
        ("岩手県", "乙町", "town", 5_000),
        ("岩手県", "岩手県", "prefecture", 9_000),
    ]
    case = a_case("合同の研修", places=places, year=2021)
    a_case("大きな市", places=[("岩手県", "丙市", "city", 300_000)])
    now = dict(CaseIndex.objects.values_list("pk", "facets"))
    migration = importlib.import_module("casestudies.migrations.0007_population_bands")

    with connection.cursor() as cursor:
        cursor.execute(migration.JOIN)
        before = CaseIndex.objects.get(pk=case.pk).facets
        assert "bands:to1" in before
        assert not {"bands:to5k", "bands:5kto1"} & set(before)
        cursor.execute(migration.SPLIT)

    assert dict(CaseIndex.objects.values_list("pk", "facets")) == now


def test_an_index_row_holds_its_facets_in_order(cast):
    case = a_case("窓口の予約", field="online", areas=("training",), year=2020, step=0)
    index.write([Case.objects.get(pk=case.pk).pk])

    assert CaseIndex.objects.get(pk=case.pk).facets == ["areas:training", "fields:online", "steps:0", "years:2020"]
