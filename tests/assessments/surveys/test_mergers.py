"""Two towns merge, one becomes a city: what was theirs is read by whoever followed, and nobody writes into the past."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain.surveys import moves
from assessments.models import Answer, Response
from dxportal.core.organizations.models import Group, Organization, Succession
from tests.support import answers
from tests.support import factories as make
from tests.support.posting import give, save_url, section_url, url


@pytest.fixture
def merged(world):
    """あさひ町 and ゆうひ町 answered, were scored, and stand as one city since a week ago."""
    give(world.sheet, "0-1", choices=["yes"], user=world.officer, note="あさひの根拠")
    give(world.neighbours, "0-1", choices=["no"])
    Response.objects.filter(survey=world.survey).update(state="submitted", submitted_at=timezone.now())
    answers.run(world.survey)
    day = timezone.localdate() - dt.timedelta(days=7)
    world.city = make.make_municipality(world.bureau, "まんなか市", first_day=day)
    for town in (world.town, world.neighbour):
        Organization.objects.filter(pk=town.pk).update(last_day=day - dt.timedelta(days=1))
        Succession.objects.create(predecessor=town, successor=world.city, day=day, kind="merger")
    world.city_officer = make.make_user(world.city, "officer", name="市 担当")
    return world


def read(client, user, address, status=200):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("who", ["city_officer", "officer", "neighbour_officer", "consultant", "staff"])
def test_the_answers_of_both_towns_are_read_by_whoever_reads_the_city(client, merged, who):
    user = getattr(merged, who)

    assert "あさひの根拠" in read(client, user, section_url(merged.sheet))
    assert "ゆうひ町" in read(client, user, section_url(merged.neighbours))


def test_nobody_else_reads_them(client, merged):
    read(client, merged.stranger_staff, section_url(merged.sheet), 404)
    other = make.make_user(make.make_municipality(merged.bureau, "べつの町"), "officer")
    read(client, other, section_url(merged.sheet), 404)


@pytest.mark.parametrize("who", ["city_officer", "officer", "staff"])
def test_nobody_writes_into_a_town_that_has_ended(client, merged, who):
    Response.objects.filter(pk=merged.sheet.pk).update(state="in_progress")
    client.force_login(getattr(merged, who))

    client.post(save_url(merged.sheet, "0-1"), {"q:0-1": "no", "r:0-1": "1"})
    client.post(section_url(merged.sheet), {"q:0-1": "no", "r:0-1": "1"})

    assert Answer.objects.get(response=merged.sheet).choices == ["yes"]


def test_people_move_on_with_the_city_without_a_second_membership(client, merged):
    later = make.make_survey(merged.pref, merged.survey.questionnaire, state="draft", previous=merged.survey)
    opening = moves.open_survey(later.pk, user=merged.staff)
    sheet = Response.objects.get(survey=later)
    client.force_login(merged.officer)

    client.post(section_url(sheet), {"q:0-1": "yes", "r:0-1": "0"})

    assert (opening.created, sheet.organization) == (1, merged.city)
    assert Answer.objects.get(response=sheet).updated_by == merged.officer
    assert merged.officer.memberships.get().organization == merged.town


def test_a_group_asks_the_city_in_the_place_of_its_members(merged):
    group = Group.objects.create(prefecture=merged.pref, name="広域")
    group.members.add(merged.town)
    survey = make.make_survey(merged.pref, merged.survey.questionnaire, state="draft", group=group)

    assert list(moves.targets(survey)) == [merged.city]


def test_earlier_years_stand_below_each_predecessor_and_are_not_added_up(client, merged):
    page = read(client, merged.staff, reverse("assessments:organization_tiers", args=[merged.city.pk]))

    assert "前身の団体：あさひ町" in page
    assert "前身の団体：ゆうひ町" in page
    assert "合算しません" in page
    assert page.count(reverse("assessments:tiers", args=[merged.survey.pk])) == 2


def test_the_kartes_of_city_and_town_lead_to_each_other(client, merged):
    city = read(client, merged.city_officer, reverse("portal:karte", args=[merged.city.pk]))
    town = read(client, merged.city_officer, reverse("portal:karte", args=[merged.town.pk]))

    assert reverse("portal:karte", args=[merged.town.pk]) in city
    assert "あさひ町" in city
    assert "この団体は廃止されています" in town
    assert "まんなか市" in town


def test_an_old_survey_leads_the_city_to_both_sheets(client, merged):
    client.force_login(merged.city_officer)

    page = client.get(reverse("assessments:survey_detail", args=[merged.survey.pk]), follow=True).content.decode()

    assert url("response_detail", merged.sheet) in page
    assert url("response_detail", merged.neighbours) in page


def test_the_staffs_choices_offer_who_lives(client, merged):
    page = read(client, merged.admin, reverse("accounts:member_invite"))

    assert "まんなか市" in page
    assert "あさひ町" not in page


def test_after_a_split_people_read_what_was_and_write_nothing(client, merged):
    second = make.make_municipality(merged.bureau, "もうひとつ市")
    Succession.objects.create(predecessor=merged.town, successor=second, day=merged.city.first_day, kind="merger")

    assert "あさひの根拠" in read(client, merged.officer, section_url(merged.sheet))
    read(client, merged.officer, section_url(merged.neighbours), 404)
    assert merged.officer.memberships.get().organization == merged.town


def test_a_town_that_becomes_a_city_goes_on_as_the_same_row(client, world):
    give(world.sheet, "0-1", choices=["yes"], note="町の根拠")
    Organization.objects.filter(pk=world.town.pk).update(name="あさひ市")

    assert "町の根拠" in read(client, world.officer, section_url(world.sheet))
    later = make.make_survey(world.pref, world.survey.questionnaire, state="draft", previous=world.survey)
    assert world.town in moves.targets(later)


def test_the_merged_towns_sheet_shows_the_answers_of_both_beside_and_takes_none_over(client, merged):
    later = make.make_survey(
        merged.pref, merged.survey.questionnaire, state="draft", previous=merged.survey, fiscal_year=2025
    )
    moves.open_survey(later.pk, user=merged.staff)
    sheet = Response.objects.get(survey=later, organization=merged.city)

    page = read(client, merged.city_officer, section_url(sheet))
    overview = read(client, merged.city_officer, url("response_detail", sheet))

    question = page[page.index('id="question-0-1"') : page.index('id="question-0-2"')]
    for town, answer in (("あさひ町", "定義している"), ("ゆうひ町", "定義していない")):
        label = question.index(f"旧{town}の昨年度（令和6年度）の回答")
        assert answer in question[label : label + 400]
    assert "あさひの根拠" in question
    assert "と同じにする" not in question
    for earlier in (merged.sheet, merged.neighbours):
        assert url("response_detail", earlier) in page
        assert url("response_detail", earlier) in overview
    assert not Answer.objects.filter(response=sheet).exists()
    assert "旧あさひ町" not in read(client, merged.city_officer, section_url(merged.sheet))
