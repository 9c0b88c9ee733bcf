"""A form opened under one membership changes nothing under another."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Survey
from dxportal.core.accounts.drawn_under import WITHOUT_MARK
from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.models import Group
from tests.support import factories as make
from tests.support.posting import save_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(cast):
    """Staff of two prefectures, acting under the first."""
    cast.second = make.make_membership(cast.admin, cast.other_pref, Role.PREFECTURE_ADMIN)
    cast.first = cast.admin.memberships.exclude(pk=cast.second.pk).get()
    return cast


@pytest.fixture
def signed_in(client, both):
    client.force_login(both.admin)
    switch(client, both.first)
    return client


def switch(client, membership):
    client.post(reverse("accounts:switch"), {"membership": membership.pk})


def group(mark=None, **more):
    mark = {"acting_membership": mark.pk} if mark else {}
    return {"name": "広域の会", "members": [], **mark, **more}


def test_every_page_prints_the_membership_into_its_forms(signed_in, both):
    page = signed_in.get(reverse("organizations:group_create")).content.decode()

    assert page.count('name="csrfmiddlewaretoken"') == page.count(f'name="acting_membership" value="{both.first.pk}"')


def test_a_form_of_the_membership_before_changes_nothing_and_keeps_the_input(signed_in, both):
    switch(signed_in, both.second)

    response = signed_in.post(reverse("organizations:group_create"), group(both.first, members=both.town.pk))

    page = response.content.decode()
    assert response.status_code == 409
    assert not Group.objects.exists()
    assert "みほん県｜" in page
    assert "となり県｜" in page
    assert '<input type="hidden" name="name" value="広域の会">' in page
    assert f'<input type="hidden" name="members" value="{both.town.pk}">' in page


def test_switching_back_and_sending_makes_it_where_it_was_meant(signed_in, both):
    switch(signed_in, both.second)

    response = signed_in.post(
        reverse("organizations:group_create"), group(both.first, members=both.town.pk, switch_back_and_send="1")
    )

    assert response.status_code == 302
    assert Group.objects.get().prefecture == both.pref
    assert signed_in.get(reverse("accounts:profile")).context["user"].acting == both.first


def test_files_are_named_to_be_chosen_again(signed_in, both):
    switch(signed_in, both.second)
    file = SimpleUploadedFile("名\u202e簿.xlsx", b"x")

    response = signed_in.post(reverse("organizations:code_list"), {"file": file, "acting_membership": both.first.pk})

    page = response.content.decode()
    assert response.status_code == 409
    assert "名簿.xlsx" in page
    assert re.search(r'<input type="file" name="file"[^>]* accept="\.xlsx">', page)
    assert "multipart/form-data" in page


def test_nothing_is_switched_to_that_is_not_the_persons_own(signed_in, both):
    strange = both.stranger_staff.memberships.get()

    response = signed_in.post(
        reverse("organizations:group_create"),
        group(strange, members=both.town.pk, switch_back_and_send="1"),
    )

    assert response.status_code == 409
    assert str(both.stranger_staff.name) not in response.content.decode()
    assert not Group.objects.exists()


def test_without_the_mark_it_is_refused_where_there_is_a_choice_only(client, signed_in, both):
    refused = signed_in.post(reverse("organizations:group_create"), group(members=both.town.pk))
    client.force_login(both.stranger_staff)
    taken = client.post(reverse("organizations:group_create"), group(members=both.other_town.pk))

    assert refused.status_code == 409
    assert taken.status_code == 302
    assert Group.objects.get().prefecture == both.other_pref


def test_numbers_longer_than_any_key_are_nobodys(client, cast):
    client.force_login(cast.admin)
    long = "9" * 5000

    switched = client.post(reverse("accounts:switch"), {"membership": long})
    made = client.post(reverse("organizations:group_create"), {"name": "広域の会", "members": [long, "x", "-1"]})

    assert switched.status_code == 404
    assert made.status_code == 200
    assert made.context["form"].errors["members"]


def test_two_memberships_in_one_prefecture_are_told_apart(client, cast):
    office = make.make_membership(cast.staff, cast.pref, Role.SUPPORT_STAFF)
    first = cast.staff.memberships.exclude(pk=office.pk).get()
    client.force_login(cast.staff)
    switch(client, office)

    refused = client.post(
        reverse("consultations:session_create"),
        {"acting_membership": first.pk, "organizations": [cast.town.pk, cast.neighbour.pk], "title": ""},
    )

    page = refused.content.decode()
    assert refused.status_code == 409
    for town in (cast.town, cast.neighbour):
        assert f'<input type="hidden" name="organizations" value="{town.pk}">' in page
    assert f"{first.organization}｜{first.get_role_display()}" in page


def test_an_ended_membership_is_told_and_the_input_shown(client, cast):
    client.force_login(cast.admin)

    response = client.post(reverse("organizations:group_create"), {"acting_membership": "1", "name": "広域の会"})

    assert response.status_code == 409
    assert "広域の会" in response.content.decode()
    assert not Group.objects.exists()


def test_autosave_says_why_and_offers_the_way_back(client, cast):
    second = make.make_membership(cast.officer, cast.neighbour, Role.OFFICER)
    first = cast.officer.memberships.exclude(pk=second.pk).get()
    survey = make.make_survey(cast.pref, make.make_questionnaire())
    sheet = make.make_response(survey, cast.town, state="in_progress")
    client.force_login(cast.officer)
    switch(client, second)

    response = client.post(
        save_url(sheet, "0-1"),
        {"q:0-1": "yes", "r:0-1": "0"},
        headers={"accept": "application/json", "x-acting-membership": str(first.pk)},
    )

    assert response.status_code == 409
    answer = response.json()
    assert answer["error"] == "membership"
    assert "あさひ町" in answer["message"]
    assert "ゆうひ町" in answer["message"]
    assert answer["back"] == {
        "membership": first.pk,
        "place": "あさひ町｜市町村担当者",
        "address": reverse("accounts:switch"),
    }
    assert not sheet.answers.exists()


def test_what_needs_no_mark_is_this_and_nothing_else():
    assert {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_from_key",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "accounts:demo_sign_in",
        "accounts:invitation",
        "accounts:switch",
        "ui:keep_alive",
    } == WITHOUT_MARK


def test_a_survey_is_not_made_in_the_other_prefecture(signed_in, both):
    make.make_questionnaire()
    page = signed_in.get(reverse("assessments:survey_create"))
    mark = page.content.decode().split('name="acting_membership" value="')[1].split('"')[0]
    switch(signed_in, both.second)

    response = signed_in.post(reverse("assessments:survey_create"), {"title": "調査", "acting_membership": mark})

    assert response.status_code == 409
    assert not Survey.objects.exists()
