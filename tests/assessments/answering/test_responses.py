import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.domain.answering import moves
from assessments.enums import HANDED_IN_STATES, RESPONSE_MOVES, ResponseMove, ResponseState
from assessments.models import Answer, Question, Response
from assessments.signals import response_moved
from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES
from dxportal.core.workflow.errors import NotPossible
from tests.support import factories as make
from tests.support.threads import in_threads

S = ResponseState
PEOPLE = ("admin", "staff", "bureau_staff", "consultant", "officer", "approver", "viewer", "neighbour_officer")
EDITORS = {"admin", "staff", "officer", "approver"}


def put(response, state, **fields):
    Response.objects.filter(pk=response.pk).update(state=state, **fields)


def answer(response, code, **fields):
    question = Question.objects.get(questionnaire=response.survey.questionnaire, code=code)
    return Answer.objects.create(response=response, question=question, **fields)


def fill_in(response):
    """Answers to all that is required."""
    answer(response, "0-1", choices=["no"])
    answer(response, "1-1", choices=["done"])


def act(response, to_state, user):
    """Asks for the move by the public function that leads there."""
    if to_state == S.IN_PROGRESS and response.state == S.NOT_STARTED:
        return moves.begin(response.pk, user=user)
    if to_state == S.RETURNED:
        back = moves.return_to if response.state in HANDED_IN_STATES else moves.send_back
        return back(response.pk, user=user, comment="理由")
    if to_state == S.SUBMITTED:
        return moves.submit(response.pk, user=user, accept_unanswered=True)
    item = {S.IN_PROGRESS: moves.withdraw, S.IN_REVIEW: moves.request_review, S.CONFIRMED: moves.confirm}
    return item[to_state](response.pk, user=user)


@pytest.mark.parametrize("from_state", S)
@pytest.mark.parametrize("to_state", [state for state in S if state != S.NOT_STARTED])
def test_every_pair_of_states_moves_for_exactly_the_roles_of_the_table(world, from_state, to_state):
    moved = set()

    for person in PEOPLE:
        put(world.sheet, from_state)
        world.sheet.refresh_from_db()
        world.sheet.transitions.all().delete()
        try:
            act(world.sheet, to_state, getattr(world, person))
        except (PermissionDenied, NotPossible):
            continue
        moved.add(person)

    row = RESPONSE_MOVES.between(from_state, to_state)
    roles = row.roles if row else frozenset()
    if from_state == to_state:
        assert moved == set()
        return
    assert moved == {person for person in EDITORS if getattr(world, person).role in roles}


@pytest.mark.parametrize("person", ["neighbour_approver", "stranger_staff", "viewer", "nobody"])
def test_a_refused_person_leaves_no_trace(world, person):
    put(world.sheet, S.IN_REVIEW)

    with pytest.raises(PermissionDenied):
        moves.submit(world.sheet.pk, user=getattr(world, person), accept_unanswered=True)

    world.sheet.refresh_from_db()
    assert (world.sheet.state, world.sheet.receipt_number, world.sheet.transitions.count()) == (S.IN_REVIEW, "", 0)


def test_the_way_of_a_sheet_is_logged_with_who_in_which_role(world):
    put(world.sheet, S.IN_PROGRESS)
    fill_in(world.sheet)

    moves.request_review(world.sheet.pk, user=world.officer, comment="お願いします")
    moves.submit(world.sheet.pk, user=world.approver)
    moves.confirm(world.sheet.pk, user=world.staff)

    rows = world.sheet.transitions.values_list("from_state", "to_state", "by_name", "role", "comment", "on_behalf")
    assert list(rows) == [
        ("in_progress", "in_review", "町 担当", "officer", "お願いします", False),
        ("in_review", "submitted", "町 承認", "approver", "", False),
        ("submitted", "confirmed", "県 職員", "prefecture_staff", "", False),
    ]


def test_the_prefectures_submission_is_marked_as_on_behalf(world):
    put(world.sheet, S.IN_PROGRESS)
    fill_in(world.sheet)

    moves.submit(world.sheet.pk, user=world.staff)

    assert list(world.sheet.transitions.values_list("to_state", "on_behalf")) == [("submitted", True)]


def test_required_questions_may_stay_unanswered_only_when_that_is_said(world):
    put(world.sheet, S.IN_REVIEW)
    answer(world.sheet, "0-1", choices=["yes"])

    with pytest.raises(NotPossible, match="必須の設問が1問、未回答です") as refused:
        moves.submit(world.sheet.pk, user=world.approver)
    submitted = moves.submit(world.sheet.pk, user=world.approver, accept_unanswered=True)

    assert refused.value.code == "unanswered"
    assert submitted.state == S.SUBMITTED


@pytest.mark.parametrize("back", ["send_back", "return_to"])
@pytest.mark.parametrize("comment", ["", " 　\n"])
def test_a_return_needs_a_reason(world, back, comment):
    put(world.sheet, S.IN_REVIEW if back == "send_back" else S.SUBMITTED)
    user = world.approver if back == "send_back" else world.staff

    with pytest.raises(NotPossible, match="理由"):
        getattr(moves, back)(world.sheet.pk, user=user, comment=comment)


def test_a_return_to_named_questions_keeps_the_questionnaires_order_and_refuses_unknown_ones(world):
    put(world.sheet, S.SUBMITTED)

    with pytest.raises(NotPossible, match="9-9"):
        moves.return_to(world.sheet.pk, user=world.staff, comment="確認", questions=["9-9"])
    returned = moves.return_to(world.sheet.pk, user=world.staff, comment="確認", questions=["1-1", "0-1"])

    assert returned.reopened_questions == ["0-1", "1-1"]
    assert returned.transitions.get().questions == ["0-1", "1-1"]


def test_the_approver_cannot_widen_what_the_prefecture_returned(world):
    put(world.sheet, S.SUBMITTED)
    moves.return_to(world.sheet.pk, user=world.staff, comment="確認", questions=["0-1", "1-1"])
    moves.request_review(world.sheet.pk, user=world.officer)

    with pytest.raises(NotPossible, match="対象になっていない"):
        moves.send_back(world.sheet.pk, user=world.approver, comment="直して", questions=["1-2"])
    narrowed = moves.send_back(world.sheet.pk, user=world.approver, comment="直して", questions=["1-1"])
    assert narrowed.reopened_questions == ["1-1"]
    moves.request_review(world.sheet.pk, user=world.officer)
    whole = moves.send_back(world.sheet.pk, user=world.approver, comment="もう一度")

    assert whole.reopened_questions == ["0-1", "1-1"]


def test_a_new_submission_ends_the_limit_and_keeps_the_receipt_number(world):
    put(world.sheet, S.IN_REVIEW)
    first = moves.submit(world.sheet.pk, user=world.approver, accept_unanswered=True).receipt_number
    moves.return_to(world.sheet.pk, user=world.staff, comment="確認", questions=["0-1"])
    moves.request_review(world.sheet.pk, user=world.officer)

    again = moves.submit(world.sheet.pk, user=world.approver, accept_unanswered=True)

    assert (again.receipt_number, again.reopened_questions) == (first, [])


def test_receipt_numbers_count_up_within_the_survey(world):
    for sheet, approver in ((world.sheet, world.approver), (world.neighbours, world.neighbour_approver)):
        put(sheet, S.IN_REVIEW)
        moves.submit(sheet.pk, user=approver, accept_unanswered=True)

    numbers = list(Response.objects.order_by("pk").values_list("receipt_number", flat=True))
    assert numbers == [f"2024-{world.survey.pk:04d}-001", f"2024-{world.survey.pk:04d}-002"]


def test_a_return_after_the_due_date_gives_a_week(world):
    put(world.sheet, S.SUBMITTED)
    world.survey.closes_at = timezone.now() - dt.timedelta(hours=1)
    world.survey.save()

    returned = moves.return_to(world.sheet.pk, user=world.staff, comment="確認")

    assert timezone.localtime(returned.extended_until).date() == timezone.localdate() + dt.timedelta(days=7)


def test_a_return_before_the_due_date_leaves_it(world):
    put(world.sheet, S.SUBMITTED)

    assert moves.return_to(world.sheet.pk, user=world.staff, comment="確認").extended_until is None


def test_reopening_a_confirmed_sheet_opens_the_whole(world):
    put(world.sheet, S.CONFIRMED)

    reopened = moves.return_to(world.sheet.pk, user=world.admin, comment="訂正の申出")

    assert (reopened.state, reopened.reopened_questions) == (S.RETURNED, [])


@pytest.mark.parametrize("survey_state", ["draft", "closed"])
def test_a_survey_that_is_not_open_stops_every_move_but_confirming(world, survey_state):
    world.survey.state = survey_state
    world.survey.save()
    put(world.sheet, S.IN_REVIEW)

    with pytest.raises(NotPossible, match="受付中ではない"):
        moves.submit(world.sheet.pk, user=world.approver, accept_unanswered=True)
    put(world.sheet, S.SUBMITTED)

    assert moves.confirm(world.sheet.pk, user=world.staff).state == S.CONFIRMED


def test_a_return_after_closing_opens_the_sheet_for_a_term_of_its_own(world):
    world.survey.state = "closed"
    world.survey.save()
    put(world.sheet, S.SUBMITTED)

    returned = moves.return_to(world.sheet.pk, user=world.staff, comment="確認")
    again = moves.request_review(world.sheet.pk, user=world.officer)

    assert returned.extended_until > timezone.now()
    assert again.state == S.IN_REVIEW


def test_news_goes_out_only_after_the_commit(world, django_capture_on_commit_callbacks):
    put(world.sheet, S.SUBMITTED)
    heard = []
    response_moved.connect(receiver := lambda **news: heard.append((news["from_state"], news["to_state"])))

    with django_capture_on_commit_callbacks(execute=True):
        moves.confirm(world.sheet.pk, user=world.staff)
        assert heard == []

    response_moved.disconnect(receiver)
    assert heard == [("submitted", "confirmed")]


def test_possible_moves_are_those_of_the_table(world):
    put(world.sheet, S.IN_REVIEW)
    world.sheet.refresh_from_db()

    assert moves.possible_moves(world.sheet, world.officer) == {ResponseMove.WITHDRAW}
    assert moves.possible_moves(world.sheet, world.approver) == {
        ResponseMove.WITHDRAW,
        ResponseMove.SEND_BACK,
        ResponseMove.SUBMIT,
    }
    assert moves.possible_moves(world.sheet, world.staff) == set()


def test_the_table_gives_no_move_to_readers():
    named = frozenset().union(*(row.roles for row in RESPONSE_MOVES))

    assert named <= ANSWERING_ROLES | PREFECTURE_ROLES


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_submit_submits_once(world):
    put(world.sheet, S.IN_REVIEW)

    def click():
        return moves.submit(world.sheet.pk, user=world.approver, accept_unanswered=True)

    results = in_threads(click, click)

    assert sorted(type(result).__name__ for result in results) == ["NotPossible", "Response"]
    assert world.sheet.transitions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_towns_submitting_at_once_get_two_receipt_numbers(world):
    sheets = [(world.sheet, world.approver), (world.neighbours, world.neighbour_approver)]
    for sheet, _ in sheets:
        put(sheet, S.IN_REVIEW)

    results = in_threads(
        *(lambda pk=sheet.pk, who=who: moves.submit(pk, user=who, accept_unanswered=True) for sheet, who in sheets)
    )

    assert sorted(result.receipt_number[-3:] for result in results) == ["001", "002"]


def test_what_depends_on_other_prefectures_stays_out_of_reach(world):
    foreign = make.make_response(make.make_survey(world.other_pref), world.other_town, state=S.SUBMITTED)

    with pytest.raises(PermissionDenied):
        moves.return_to(foreign.pk, user=world.admin, comment="他県")
