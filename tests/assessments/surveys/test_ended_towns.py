"""What becomes of the answers of a town that has ended: what it handed in is finished, nothing is begun."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain.answering import moves as answering
from assessments.domain.surveys import moves, reminders
from assessments.domain.surveys.submissions import submissions
from assessments.models import Response
from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import Organization, Succession
from dxportal.core.workflow.errors import NotPossible
from tests.support import factories as make


@pytest.fixture
def merged(world):
    """Today あさひ町 and ゆうひ町 became まんなか市, in the middle of the survey."""
    today = timezone.localdate()
    world.city = make.make_municipality(world.bureau, "まんなか市", first_day=today)
    for town in (world.town, world.neighbour):
        life_changes.record_end(town.pk, [world.city], day=today, kind=LifeEvent.MERGER, user=world.admin)
    return world


def be(response, state):
    Response.objects.filter(pk=response.pk).update(state=state)
    return Response.objects.select_related("organization", "survey").get(pk=response.pk)


def test_what_was_handed_in_is_confirmed_by_the_prefecture(merged):
    sheet = be(merged.sheet, "submitted")

    assert answering.possible_moves(sheet, merged.staff) == {"confirm"}
    assert answering.confirm(sheet.pk, user=merged.staff).state == "confirmed"


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("submitted", lambda pk, user: answering.return_to(pk, user=user, comment="直してください")),
        ("confirmed", lambda pk, user: answering.return_to(pk, user=user, comment="直してください")),
        ("not_started", lambda pk, user: answering.begin(pk, user=user)),
        ("in_progress", lambda pk, user: answering.submit(pk, user=user, accept_unanswered=True)),
        ("returned", lambda pk, user: answering.submit(pk, user=user, accept_unanswered=True)),
        (
            "in_progress",
            lambda pk, user: moves.extend(pk, until=timezone.now() + dt.timedelta(30), reason="合併", user=user),
        ),
    ],
)
def test_nothing_else_is_done_in_its_place(merged, state, act):
    sheet = be(merged.sheet, state)

    with pytest.raises(NotPossible, match="廃止された団体") as refused:
        act(sheet.pk, merged.staff)

    assert refused.value.code == "ended"
    assert answering.possible_moves(sheet, merged.staff) == ({"confirm"} if state == "submitted" else set())
    assert be(sheet, state).extended_until is None


def test_the_pages_of_these_acts_say_so_and_lists_do_not_offer_them(client, merged):
    sheet = be(merged.sheet, "submitted")
    client.force_login(merged.staff)

    page = client.get(reverse("assessments:response_return", args=[sheet.pk]), follow=True).content.decode()
    listed = client.get(reverse("assessments:survey_detail", args=[merged.survey.pk])).content.decode()

    assert "廃止された団体" in page
    assert reverse("assessments:response_accept", args=[sheet.pk]) in listed
    assert reverse("assessments:response_return", args=[sheet.pk]) not in listed
    assert reverse("assessments:response_extend", args=[merged.neighbours.pk]) not in listed


def test_the_successor_is_not_asked_in_a_survey_that_asked_those_before_it(client, merged):
    client.force_login(merged.staff)
    page = client.get(reverse("assessments:survey_open", args=[merged.survey.pk])).content.decode()

    opening = moves.open_survey(merged.survey.pk, user=merged.staff)

    assert "まんなか市" not in page
    assert opening.created == 0
    assert Response.objects.filter(survey=merged.survey).count() == 2


def test_a_town_that_is_new_without_predecessors_is_asked(merged):
    town = make.make_municipality(merged.bureau, "あたらし町")

    assert moves.open_survey(merged.survey.pk, user=merged.staff).created == 1
    assert Response.objects.filter(survey=merged.survey, organization=town).exists()


def test_reminders_reach_the_people_where_they_work_now_and_nobody_for_the_past(merged):
    later = make.make_survey(merged.pref, merged.survey.questionnaire, state="draft")
    moves.open_survey(later.pk, user=merged.staff)
    now = submissions(Response.objects.filter(survey=later), later)
    past = submissions(Response.objects.filter(survey=merged.survey), merged.survey)

    assert set(reminders.reachable(now)) == {merged.city.pk}
    assert set(reminders.reachable(now)[merged.city.pk]) == {
        merged.officer.email, merged.approver.email, merged.neighbour_officer.email, merged.neighbour_approver.email,
    }  # fmt: skip
    assert reminders.reachable(past) == {}


def test_the_successors_home_has_nothing_left_to_do_of_the_past(client, merged):
    client.force_login(merged.officer)

    page = client.get("/").content.decode()

    assert reverse("assessments:response_detail", args=[merged.sheet.pk]) not in page


@pytest.fixture
def across(world):
    """あさひ町 became part of よその町, which lies in another prefecture."""
    day = timezone.localdate() - dt.timedelta(days=7)
    Organization.objects.filter(pk=world.town.pk).update(last_day=day - dt.timedelta(days=1))
    Succession.objects.create(predecessor=world.town, successor=world.other_town, day=day, kind="merger")
    world.city_officer = make.make_user(world.other_town, "officer", name="よそ 担当")
    world.other_bureau_staff = make.make_user(world.other_town.parent, "bureau_staff", name="となり 局員")
    return world


def test_across_the_border_only_the_successors_own_people_read_the_past(across):
    readers = {
        name
        for name, user in vars(across).items()
        if hasattr(user, "email") and Response.objects.for_user(user).filter(pk=across.sheet.pk).exists()
    }

    # Those who read it before, and of the other prefecture nobody but the successor's people.
    before = {"admin", "staff", "office", "pref_viewer", "bureau_staff", "consultant", "officer", "approver", "viewer"}
    assert readers == before | {"city_officer"}


def test_a_charge_and_a_membership_do_not_cross_the_border(across):
    assert not Organization.objects.for_user(across.consultant).filter(pk=across.other_town.pk).exists()
    assert across.officer.acting.organization == across.town
    other = make.make_response(make.make_survey(across.other_pref), across.other_town)
    assert not Response.objects.for_user(across.officer).filter(pk=other.pk).exists()
    assert Response.objects.for_user(across.city_officer).filter(pk=other.pk).exists()
