"""After the yearly list: who a new survey asks, and where the answers of before are."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from assessments.domain.surveys import moves
from assessments.models import Response
from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.models import Organization
from tests.support import factories as make
from tests.support.code_list import (
    FUKUOKA,
    HAMAMATSU,
    NAKAGAWA_CITY,
    NAKAGAWA_TOWN,
    SHIMIZU,
    SHIZUOKA,
    SHIZUOKA_CITY,
    SHIZUOKA_DESIGNATED,
    UMI,
    write_book,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    def bring(*rows):
        call_command("import_municipalities", str(write_book(tmp_path / "codes.xlsx", *rows)), "--yes")

    return bring


def new_survey_goes_to(prefecture):
    """The names of those that a survey opened now goes to."""
    survey = make.make_survey(prefecture, state="draft")
    moves.open_survey(survey.pk)
    return sorted(Response.objects.filter(survey=survey).values_list("organization__name", flat=True))


def test_the_city_has_the_answers_and_the_people_of_the_town_that_it_was(bring, client):
    bring(FUKUOKA, NAKAGAWA_TOWN, UMI)
    prefecture = Organization.objects.get(name="福岡県")
    town = Organization.objects.get(name="那珂川町")
    officer = make.make_user(town, Role.OFFICER)
    sheet = make.make_response(make.make_survey(prefecture), town, state="submitted")

    bring(FUKUOKA, NAKAGAWA_CITY, UMI)

    client.force_login(officer)
    page = client.get(reverse("assessments:response_detail", args=[sheet.pk]))
    assert page.status_code == 200
    assert "那珂川市" in page.content.decode()
    assert new_survey_goes_to(prefecture) == ["宇美町", "那珂川市"]


def test_a_merged_city_is_asked_no_more_and_its_answers_stay(bring, client):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    prefecture = Organization.objects.get(name="静岡県")
    merged = Organization.objects.get(name="清水市")
    sheet = make.make_response(make.make_survey(prefecture), merged, state="submitted")

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)

    client.force_login(make.make_user(prefecture, Role.PREFECTURE_STAFF))
    assert client.get(reverse("assessments:response_detail", args=[sheet.pk])).status_code == 200
    assert new_survey_goes_to(prefecture) == ["浜松市", "静岡市"]
