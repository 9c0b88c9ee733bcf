"""Tiers and answers of a year whose towns have merged, become a city or moved to another bureau since."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Response
from dxportal.core.ui.japanese import era
from tests.support import changed as changes
from tests.support import factories as make
from tests.support.tiers import make_tier_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(cast):
    return changes.make_changed(cast)


@pytest.fixture
def read(client):
    def text_of(user, name, *args, **query):
        client.force_login(user)
        response = client.get(reverse(f"assessments:{name}", args=args), query)
        assert response.status_code == 200
        return re.sub(r"[ \t\r\n]+", "", strip_tags(response.content.decode("utf-8-sig")))

    return text_of


def test_lists_of_a_year_name_its_towns_and_bureaus_as_of_then(read, changed):
    for name in ("tiers", "survey_detail"):
        page = read(changed.staff, name, changed.before.pk)
        assert "あさひ町（現：まんなか市）" in page, name
        assert "つきの町（現：つきの市）" in page, name
    north = read(changed.staff, "tiers", changed.before.pk, bureau=changed.bureau.pk)
    later = read(changed.staff, "tiers", changed.after.pk, bureau=changed.bureau.pk)
    assert "やまの村北部振興局" in north
    assert "やまの村北部振興局" not in later
    assert "やまの村" in read(changed.staff, "survey_detail", changed.before.pk, bureau=changed.bureau.pk)


def test_files_of_a_year_have_the_code_of_then_and_the_name_of_now(client, changed):
    client.force_login(changed.staff)
    for name, town in (("tiers_export", "団体名"), ("survey_export", "団体")):
        response = client.get(reverse(f"assessments:{name}", args=[changed.before.pk]), {"format": "csv"})
        lines = [line.split(",") for line in response.content.decode("utf-8-sig").splitlines()]
        rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        moon = next(row for row in rows if row[town] == "つきの町")
        assert (moon["団体コード"], moon["現在の団体"], moon["現在の団体コード"]) == ("900900", "つきの市", "900903")
        assert len(rows) == 4


def test_a_merged_town_is_no_newcomer_and_stands_beside_those_before_it(read, changed):
    page = read(changed.staff, "tiers_movement", changed.after.pk)

    assert "新たに分類" not in page
    assert "統合（旧あさひ町・旧ゆうひ町）" in page
    assert re.search(r"まんなか市共創統合（旧あさひ町・旧ゆうひ町）旧あさひ町：共創、旧ゆうひ町：共創", page)
    assert "変わらず2団体" in page


def test_the_successors_people_see_the_tiers_of_those_before_as_theirs(read, changed):
    page = read(changed.city_officer, "tiers", changed.before.pk)

    assert "あさひ町（現：まんなか市）の分類" in page
    assert "ゆうひ町（現：まんなか市）の分類" in page
    assert "やまの村の分類" not in page
    years = read(changed.staff, "organization_tiers", changed.moon.pk)
    assert "つきの町（現：つきの市）" in years


def test_sheets_of_several_towns_are_told_apart_in_the_successors_list(read, changed):
    page = read(changed.city_officer, "response_list")
    sheet = Response.objects.get(survey=changed.before, organization=changed.town)

    assert "あさひ町（現：まんなか市）" in page
    assert "ゆうひ町（現：まんなか市）" in page
    assert "あさひ町（現：まんなか市）" in read(changed.city_officer, "response_detail", sheet.pk)
    assert "あさひ町（現：まんなか市）" in read(changed.city_officer, "response_print", sheet.pk)


def test_a_trial_names_the_towns_of_the_year_and_moves_those_of_then(read, changed):
    page = read(changed.staff, "tiers_trial", changed.before.pk, tier_4="50", tier_3="1", tier_2="0.5")

    assert "あさひ町（現：まんなか市）" in page
    assert "つきの町（現：つきの市）" in page
    assert "まんなか市（" not in page


@pytest.fixture
def imported(changed, scheme):
    """Scores of the year before the change, which come from a file."""
    return make.make_survey(
        changed.pref, source="imported", state="closed", fiscal_year=2023, title="公表された得点",
        opens_at=changed.before.opens_at, closes_at=changed.before.closes_at,
        priority_scheme=scheme, tier_scheme=make_tier_scheme("published"),
    )  # fmt: skip


def score_file(*towns):
    rows = ["団体コード,団体名,STEP0,STEP1,STEP2,STEP3", *(f"{code},{name},15,10,5,20" for code, name in towns)]
    return SimpleUploadedFile("scores.csv", "\n".join(rows).encode())


def test_scores_of_a_year_are_of_the_towns_of_then_under_their_names_and_codes_of_then(client, read, changed, imported):
    client.force_login(changed.staff)
    template = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("assessments:step_scores_template", args=[imported.pk])).content)
    )
    offered = [row[:2] for row in template.worksheets[0].iter_rows(min_row=2, values_only=True)]
    address = reverse("assessments:step_scores_import", args=[imported.pk])
    towns = [("", "あさひ町"), ("", "ゆうひ町"), ("900900", "つきの町"), ("900901", "やまの村")]

    refused = client.post(address, {"file": score_file(*towns[:1], ("900902", "まんなか市"))}).content.decode()
    preview = client.post(address, {"file": score_file(*towns)})
    taken = client.post(address, preview.context["confirmation"].initial)
    page = read(changed.staff, "priority", imported.pk)

    assert ("900900", "つきの町") in offered
    assert {name for _, name in offered} == {name for _, name in towns}
    assert f"{era(imported.day)}の県内の市町村にありません" in refused
    assert "あさひ町（現：まんなか市）" in preview.content.decode()
    assert taken.status_code == 302
    assert "あさひ町（現：まんなか市）" in page
    assert "つきの町（現：つきの市）" in page
    assert "北部振興局" in read(changed.staff, "tiers", imported.pk, bureau=changed.bureau.pk)
    exported = read(changed.staff, "priority_export", imported.pk, format="csv")
    assert "900900,つきの町" in exported
