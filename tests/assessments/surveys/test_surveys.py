import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from assessments.domain.surveys import moves, write
from assessments.domain.surveys.due import why_closed
from assessments.models import Answer, Response, Survey, TierScheme
from assessments.signals import survey_changed
from dxportal.core.organizations.models import Group, Organization
from tests.support import factories as make
from tests.support.posting import give


def values(cast, **changed):
    now = timezone.now()
    return {
        "fiscal_year": 2025,
        "title": "令和7年度調査",
        "questionnaire": make.make_questionnaire(code="another") if "questionnaire" not in changed else None,
        "opens_at": now,
        "closes_at": now + dt.timedelta(days=10),
        **changed,
    }


def test_opening_makes_a_sheet_for_every_municipality_of_the_prefecture(cast, draft):
    opening = moves.open_survey(draft.pk, user=cast.staff)

    sheets = Response.objects.filter(survey=draft).order_by("organization")
    assert opening.created == 2
    assert [(sheet.organization, sheet.state, sheet.answered, sheet.required) for sheet in sheets] == [
        (cast.town, "not_started", 0, 2),
        (cast.neighbour, "not_started", 0, 2),
    ]
    assert opening.survey.state == "open"


def test_opening_twice_adds_only_a_municipality_that_came_since(cast, draft):
    moves.open_survey(draft.pk, user=cast.staff)
    assert moves.open_survey(draft.pk, user=cast.staff).created == 0
    newcomer = make.make_municipality(cast.bureau, "あらた村")

    opening = moves.open_survey(draft.pk, user=cast.staff)

    assert opening.created == 1
    assert Response.objects.filter(survey=draft, organization=newcomer).exists()
    assert Response.objects.filter(survey=draft).count() == 3


def test_a_town_that_ended_is_not_asked_and_one_that_begins_by_the_opening_is(cast, draft):
    today = timezone.localdate()
    Organization.objects.filter(pk=cast.town.pk).update(last_day=today - dt.timedelta(days=1))
    founded = make.make_municipality(cast.bureau, "あらた市", first_day=today + dt.timedelta(days=7))
    Survey.objects.filter(pk=draft.pk).update(opens_at=timezone.now() + dt.timedelta(days=7))
    draft.refresh_from_db()

    planned = set(moves.targets(draft))
    moves.open_survey(draft.pk, user=cast.staff)

    assert planned == {cast.neighbour, founded}
    # Opened ahead of its day, when the new one does not stand yet.
    assert {sheet.organization for sheet in Response.objects.filter(survey=draft)} == {cast.neighbour}


def test_opening_inserts_in_one_query_whatever_the_number(cast, draft, django_assert_num_queries):
    make.make_municipality(cast.bureau)
    make.make_municipality(cast.bureau)
    user = cast.staff
    assert user.acting

    with django_assert_num_queries(8):
        moves.open_survey(draft.pk, user=user)


def test_a_group_survey_asks_its_members_of_the_prefecture_only(cast, draft):
    group = Group.objects.create(prefecture=cast.pref, name="北部協議会")
    group.members.set([cast.town, cast.other_town, cast.bureau])
    Survey.objects.filter(pk=draft.pk).update(group=group)

    moves.open_survey(draft.pk, user=cast.staff)

    assert [response.organization for response in Response.objects.filter(survey=draft)] == [cast.town]


@pytest.mark.parametrize("who", ["officer", "approver", "bureau_staff", "consultant", "pref_viewer", "stranger_staff"])
def test_only_the_prefectures_staff_opens_closes_and_extends(cast, draft, soon, who):
    user = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        moves.open_survey(draft.pk, user=user)
    moves.open_survey(draft.pk, user=cast.staff)
    sheet = Response.objects.get(survey=draft, organization=cast.town)

    with pytest.raises(PermissionDenied):
        moves.close(draft.pk, user=user)
    with pytest.raises(PermissionDenied):
        moves.extend(sheet.pk, until=soon, reason="災害対応", user=user)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"closes_at": dt.timedelta(seconds=-1)}, "締切の日時を過ぎています"),
        ({"source": "imported", "questionnaire": None}, "回答を受け付けません"),
        ({"state": "closed"}, "再開する"),
    ],
)
def test_opening_says_why_it_is_not_possible(cast, draft, changed, message):
    changed = {key: timezone.now() + value if key == "closes_at" else value for key, value in changed.items()}
    Survey.objects.filter(pk=draft.pk).update(**changed)

    with pytest.raises(ValidationError, match=message):
        moves.open_survey(draft.pk, user=cast.staff)

    assert not Response.objects.filter(survey=draft).exists()


def test_a_survey_without_municipalities_does_not_open(cast):
    lonely = make.make_prefecture("ひとり県")
    survey = make.make_survey(lonely, state="draft")
    staff = make.make_user(lonely, "prefecture_staff")

    with pytest.raises(ValidationError, match="対象の市町村がありません"):
        moves.open_survey(survey.pk, user=staff)


def test_closing_stops_answers_but_for_a_sheet_with_a_term_of_its_own(world, soon):
    Survey.objects.filter(pk=world.survey.pk).update(closes_at=timezone.now() + dt.timedelta(hours=1))
    moves.extend(world.sheet.pk, until=soon, reason="議会対応のため", user=world.staff)

    moves.close(world.survey.pk, user=world.staff)

    town, neighbour = (Response.objects.get(pk=item.pk) for item in (world.sheet, world.neighbours))
    assert why_closed(town, world.officer) == ""
    assert "受付中ではない" in why_closed(neighbour, world.neighbour_officer)
    assert list(Response.objects.fillable()) == [town]


def test_closing_a_closed_survey_changes_nothing(world):
    moves.close(world.survey.pk, user=world.staff)
    assert moves.close(world.survey.pk, user=world.staff).state == "closed"


def test_two_openings_at_once_make_each_sheet_once(transactional_db):
    pref = make.make_prefecture()
    make.make_municipality(make.make_bureau(pref))
    survey = make.make_survey(pref, state="draft")
    staff = make.make_user(pref, "prefecture_staff")

    def run():
        moves.open_survey(survey.pk, user=staff)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert Response.objects.filter(survey=survey).count() == 1


def test_reopening_needs_a_time_to_come(world, soon):
    moves.close(world.survey.pk, user=world.staff)
    with pytest.raises(ValidationError, match="これからの日時"):
        moves.reopen(world.survey.pk, closes_at=timezone.now(), user=world.staff)

    assert moves.reopen(world.survey.pk, closes_at=soon, user=world.staff).closes_at == soon


@pytest.mark.parametrize("state", ["draft", "open", "closed"])
def test_a_survey_of_imported_scores_never_takes_answers(cast, soon, state):
    survey = make.make_survey(cast.pref, source="imported", state=state)

    with pytest.raises(ValidationError, match="回答を受け付けません"):
        moves.open_survey(survey.pk, user=cast.staff)
    with pytest.raises(ValidationError, match="回答を受け付けません"):
        moves.reopen(survey.pk, closes_at=soon, user=cast.staff)

    assert not Response.objects.filter(survey=survey).exists()


def test_an_extension_needs_a_reason_and_a_later_time(world):
    with pytest.raises(ValidationError) as caught:
        moves.extend(world.sheet.pk, until=world.survey.closes_at, reason=" ", user=world.staff)

    assert set(caught.value.message_dict) == {"until", "reason"}


def test_a_handed_in_sheet_is_not_extended(world):
    Response.objects.filter(pk=world.sheet.pk).update(state="submitted")
    later = world.survey.closes_at + dt.timedelta(days=1)

    with pytest.raises(ValidationError, match="延長は要りません"):
        moves.extend(world.sheet.pk, until=later, reason="遅れ", user=world.staff)


def test_an_open_survey_keeps_its_questionnaire_and_target(world):
    other = make.make_questionnaire(code="other")

    with pytest.raises(ValidationError) as caught:
        write.change(world.survey.pk, {"questionnaire": other, "title": "新しい名前"}, user=world.staff)

    assert set(caught.value.message_dict) == {"questionnaire"}
    world.survey.refresh_from_db()
    assert world.survey.title == "令和6年度DX調査"


def test_changing_tells_after_the_commit(world, soon, django_capture_on_commit_callbacks):
    heard = []
    survey_changed.connect(receiver := lambda **news: heard.append((news["survey_id"], news["state"])))

    with django_capture_on_commit_callbacks(execute=True):
        write.change(world.survey.pk, {"closes_at": soon}, user=world.staff)

    survey_changed.disconnect(receiver)
    assert heard == [(world.survey.pk, "open")]


def test_creating_collects_all_errors_by_field(cast):
    unpublished = make.make_questionnaire(code="unpublished")
    unpublished.status = "draft"
    foreign = Group.objects.create(prefecture=cast.other_pref, name="よそ")
    wrong = values(cast, questionnaire=unpublished, group=foreign, closes_at=timezone.now(), round="review")

    with pytest.raises(ValidationError) as caught:
        write.create(wrong, user=cast.staff)

    assert set(caught.value.message_dict) == {"questionnaire", "group", "previous", "closes_at"}


def test_the_same_name_in_the_same_year_and_round_is_refused(cast):
    write.create(values(cast), user=cast.staff)

    with pytest.raises(ValidationError, match="同じ名前の調査"):
        write.create(values(cast, questionnaire=None), user=cast.staff)


def test_a_review_round_starts_from_the_first_rounds_answers_by_key(world):
    give(world.sheet, "0-1", choices=["yes"], note="根拠は要綱", user=world.officer)
    give(world.sheet, "0-2", text="定義の文")
    give(world.neighbours, "1-1", choices=["planned"])
    newer = make.make_questionnaire(code="small", version="9")
    newer.questions.filter(key="plan").update(code="1-9")
    newer.questions.filter(key="definition").update(key="something_else")
    review = make.make_survey(world.pref, newer, state="draft", round="review", previous=world.survey)

    opening = moves.open_survey(review.pk, user=world.staff)

    assert opening.carried == 2
    copied = Answer.objects.filter(response__survey=review).order_by("question__position")
    assert [(a.response.organization, a.question.code, a.choices, a.note, a.revision) for a in copied] == [
        (world.town, "0-1", ["yes"], "根拠は要綱", 1),
        (world.neighbour, "1-9", ["planned"], "", 1),
    ]
    assert copied[0].updated_by == world.officer
    sheets = Response.objects.filter(survey=review).order_by("organization")
    assert [(sheet.state, sheet.answered, sheet.required) for sheet in sheets] == [
        ("not_started", 1, 2),
        ("not_started", 1, 2),
    ]


def test_opening_a_review_round_again_leaves_what_was_changed_since(world):
    give(world.sheet, "0-1", choices=["yes"])
    review = make.make_survey(
        world.pref, world.survey.questionnaire, state="draft", round="review", previous=world.survey
    )
    moves.open_survey(review.pk, user=world.staff)
    Answer.objects.filter(response__survey=review).update(choices=["no"], revision=2)
    make.make_municipality(world.bureau, "あらた村")

    moves.open_survey(review.pk, user=world.staff)

    assert [a.choices for a in Answer.objects.filter(response__survey=review)] == [["no"]]


def test_a_first_round_starts_empty_even_with_a_survey_to_compare(world):
    give(world.sheet, "0-1", choices=["yes"])
    later = make.make_survey(world.pref, world.survey.questionnaire, state="draft", previous=world.survey)

    assert moves.open_survey(later.pk, user=world.staff).carried == 0
    assert not Answer.objects.filter(response__survey=later).exists()


@pytest.mark.parametrize(("code", "followed"), [("maturity", True), ("initiatives", False)])
def test_a_survey_of_the_same_instrument_follows_the_last_ones_schemes(cast, code, followed):
    scheme = TierScheme.objects.create(code="own", version=1, title="県の基準", data={})
    last = make.make_survey(cast.pref, make.make_questionnaire(code="maturity"), tier_scheme=scheme)
    sheet = make.make_questionnaire(code=code, version="2")

    survey = write.create(values(cast, questionnaire=sheet, previous=last), user=cast.staff)

    assert survey.tier_scheme == (scheme if followed else None)
