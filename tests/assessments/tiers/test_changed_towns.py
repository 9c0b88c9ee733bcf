"""Tiers and answers of a year whose towns have merged, become a city or moved to another bureau since."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Response
from tests.support import changed as changes

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
