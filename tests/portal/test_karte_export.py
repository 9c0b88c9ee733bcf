"""The karte as files: the page's figures, the reader's reach, nothing before its publication."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Classification
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import answers as builders
from tests.support.dashboard import get, page, rows_of

pytestmark = pytest.mark.django_db
SHEETS = ["概要", "経年", "変化", "強みと課題", "回答一覧", "事例", "説明"]


def book(client, user, town, **query):
    """The cells by sheet, None left as it is."""
    response = get(client, user, "karte_export", town.pk, **query)
    assert response.status_code == 200
    loaded = load_workbook(BytesIO(response.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in loaded}


def said(cells):
    """Every text and number of a workbook, as one text."""
    return "\n".join(str(value) for rows in cells.values() for row in rows for value in row if value is not None)


def test_the_workbook_holds_what_the_pages_show(client, cast):
    survey = builders.two_years(cast, towns=4)

    found = book(client, cast.staff, cast.town, survey=survey.pk)

    assert list(found) == SHEETS
    assert found["概要"][1] == ["総合点", 60, 60, 50, 48, 60]
    assert [row[:5] for row in found["経年"][1:]] == [
        ["2024年度調査", 2024, "初回", 60, 60],
        ["2023年度調査", 2023, "初回", 0, 60],
    ]
    assert [row[5:8] for row in found["経年"][1:]] == [["A 共創", "決定・公表", 50], ["D 関与", "決定・公表", 0]]
    assert [row[0] for row in found["変化"][1:]] == ["0-1", "1-1"]
    assert ["認識共有", "強み", 100, 83, 17] in [row[:5] for row in found["強みと課題"]]
    assert [row[1:] for row in found["回答一覧"] if row[1] == "1-1"] == [
        ["1-1", "設問1-1", "策定済み", "予定はない", 10, 10]
    ]
    notes = dict(found["説明"])
    assert notes["団体"] == "あさひ町"
    assert notes["出典"] == "令和6年度（2024年度） 2024年度調査"
    assert "総合点の計算" in notes


def test_an_earlier_survey_gives_its_own_sheets(client, cast):
    survey = builders.two_years(cast)

    found = book(client, cast.staff, cast.town, survey=survey.previous_id)

    assert found["概要"][1][:3] == ["総合点", 0, 60]
    assert len(found["変化"]) == 1
    assert get(client, cast.staff, "karte_export", cast.town.pk, survey=999_999).status_code == 404


@pytest.mark.parametrize(
    ("sheet", "first"), [("", "区分"), ("history", "調査"), ("areas", "分野"), ("answers", "区分"), ("x", "区分")]
)
def test_a_csv_is_the_sheet_of_the_tab(client, cast, sheet, first):
    builders.two_years(cast)

    rows = rows_of(get(client, cast.staff, "karte_export", cast.town.pk, format="csv", sheet=sheet))

    assert rows[0][0] == first
    assert len(rows) > 1


def test_shift_jis_is_offered_too(client, cast):
    builders.two_years(cast)

    response = get(client, cast.staff, "karte_export", cast.town.pk, format="csv-sjis", sheet="history")

    assert "2024年度調査" in response.content.decode("cp932")


@pytest.mark.parametrize("step", ["computed", "hearing", "proposed"])
@pytest.mark.parametrize("role", ["officer", "approver", "viewer"])
def test_before_publication_a_municipality_gets_answers_without_score_or_tier(client, cast, role, step):
    builders.two_years(cast, towns=4, step=step)

    found = book(client, getattr(cast, role), cast.town)

    for name in ("概要", "経年", "強みと課題"):
        assert len(found[name]) == 1, name
    assert {row[5] for row in found["回答一覧"][1:]} == {None}
    assert "策定済み" in said(found)
    assert "共創" not in said(found)
    assert not {row[0] for row in found["説明"]} & {"支援分類", "支援優先度", "県平均の団体数", "同規模団体"}


def test_an_unpublished_year_stays_away_beside_a_published_one(client, cast):
    survey = builders.two_years(cast, towns=4)
    Classification.objects.filter(survey=survey.previous_id).update(step="proposed")
    refresh(cast.pref.pk)

    own = book(client, cast.officer, cast.town)
    staff = book(client, cast.staff, cast.town)

    assert [row[0] for row in own["経年"][1:]] == ["2024年度調査"]
    assert {row[5] for row in own["概要"][1:]} == {None}
    assert len(staff["経年"]) == 3
    assert staff["概要"][1][5] == 60


def test_after_publication_a_municipality_gets_its_own_figures_and_no_other_name(client, cast):
    builders.two_years(cast, towns=4)

    found = book(client, cast.officer, cast.town)

    assert found["概要"][1][:2] == ["総合点", 60]
    assert found["経年"][1][5] == "A 共創"
    assert "ゆうひ町" not in said(found)


def test_means_of_too_few_others_stay_away_from_municipalities(client, cast):
    builders.two_years(cast)

    found = book(client, cast.officer, cast.town)

    assert found["概要"][1] == ["総合点", 60, 60, None, None, 60]
    assert found["経年"][1][7] is None
    assert len(found["強みと課題"]) == 1


@pytest.mark.parametrize("role", ["neighbour_officer", "far_bureau_staff", "stranger_staff"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv-sjis"])
def test_a_karte_out_of_reach_has_no_file(client, cast, role, kind):
    builders.two_years(cast)

    assert get(client, getattr(cast, role), "karte_export", cast.town.pk, format=kind).status_code == 404


@pytest.mark.parametrize("role", ["bureau_staff", "consultant"])
def test_those_who_support_a_town_get_its_file_alone(client, cast, role):
    builders.two_years(cast, step="proposed")

    assert book(client, getattr(cast, role), cast.town)["経年"][1][5] == "A 共創"
    assert get(client, getattr(cast, role), "karte_export", cast.neighbour.pk).status_code == 404


def test_a_town_without_figures_has_no_file(client, cast):
    assert get(client, cast.officer, "karte_export", cast.town.pk).status_code == 404


@pytest.mark.parametrize(
    ("name", "sheet"),
    [("karte", "overview"), ("karte_areas", "areas"), ("karte_history", "history"), ("karte_answers", "answers")],
)
def test_every_tab_offers_its_file(client, cast, name, sheet):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, name, cast.town.pk)

    address = reverse("portal:karte_export", args=[cast.town.pk])
    for kind in ("xlsx", "csv", "csv-sjis"):
        assert f'href="{address}?format={kind}&amp;sheet={sheet}&amp;survey={survey.pk}"' in text


@pytest.mark.parametrize("towns", [1, 3])
def test_it_takes_few_queries(client, cast, django_assert_max_num_queries, towns):
    builders.two_years(cast, towns=towns)
    client.force_login(cast.staff)

    with django_assert_max_num_queries(9):
        client.get(reverse("portal:karte_export", args=[cast.town.pk]))
