"""The surveys' part of the handover page."""

import pytest
from django.urls import reverse

from assessments.models import Response
from tests.support import factories as make


def handed_over(client, user):
    client.force_login(user)
    return client.get(reverse("accounts:handover")).content.decode()


def test_an_officers_successor_finds_the_sheets_not_handed_in(client, world):
    Response.objects.filter(pk=world.sheet.pk).update(state="in_progress", answered=1, required=2)

    page = handed_over(client, world.officer)

    assert "提出していない回答" in page
    assert "入力中 1／2問" in page
    assert reverse("assessments:response_detail", args=[world.sheet.pk]) in page
    assert reverse("assessments:response_detail", args=[world.neighbours.pk]) not in page


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_a_sheet_handed_in_is_not_open_work(client, world, state):
    Response.objects.filter(pk=world.sheet.pk).update(state=state, receipt_number="R-1")

    assert reverse("assessments:response_detail", args=[world.sheet.pk]) not in handed_over(client, world.officer)


def test_the_prefectures_successor_finds_running_surveys_and_returned_sheets_of_the_own_prefecture(client, world):
    Response.objects.filter(pk=world.neighbours.pk).update(state="returned")
    foreign = make.make_survey(world.other_pref, state="draft", title="よその調査")

    page = handed_over(client, world.staff)

    assert reverse("assessments:survey_detail", args=[world.survey.pk]) in page
    assert "提出 0／2団体" in page
    assert reverse("assessments:response_detail", args=[world.neighbours.pk]) in page
    assert reverse("assessments:response_detail", args=[world.sheet.pk]) not in page
    assert foreign.title not in page
