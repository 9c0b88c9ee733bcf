import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.domain.answering import moves
from assessments.domain.answering.write import AnswerDraft, open_questions, save
from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.enums import EDITABLE_STATES, ResponseState
from assessments.models import Answer, Response
from dxportal.core.workflow.errors import NotPossible
from tests.support.threads import in_threads

S = ResponseState


def draft(code, *choices, text="", number=None, note="", revision=0):
    return AnswerDraft(code, AnswerValue(choices=choices, text=text, number=number), note, revision)


def put_in(sheet, user, *drafts, **options):
    return save(sheet.pk, lambda _spec: drafts, user=user, **options)


def codes(problems):
    return {question: [problem.code for problem in results] for question, results in problems.items()}


def test_the_first_answer_starts_the_sheet_and_counts(world):
    outcome = put_in(world.sheet, world.officer, draft("0-1", "yes", note="要綱で定義"))

    world.sheet.refresh_from_db()
    answer = world.sheet.answers.get()
    assert (world.sheet.state, world.sheet.answered, world.sheet.required) == (S.IN_PROGRESS, 1, 2)
    assert world.sheet.changed_by == world.officer
    assert (answer.choices, answer.note, answer.revision, answer.updated_by) == (
        ["yes"],
        "要綱で定義",
        1,
        world.officer,
    )
    assert list(world.sheet.transitions.values_list("from_state", "to_state")) == [("not_started", "in_progress")]
    assert outcome.progress.shown == {"0-1", "0-2", "1-1", "1-2"}


def test_saving_the_same_again_writes_nothing(world):
    put_in(world.sheet, world.officer, draft("1-2", number=Decimal("12")))
    before = Answer.pgh_event_model.objects.count()

    outcome = put_in(world.sheet, world.officer, draft("1-2", number=Decimal("12.00"), revision=0))

    assert outcome.stored["1-2"].revision == 1
    assert Answer.pgh_event_model.objects.count() == before == 1


def test_a_stale_save_is_refused_and_shows_what_is_there(world):
    put_in(world.sheet, world.officer, draft("0-1", "yes"))
    put_in(world.sheet, world.approver, draft("0-1", "no", note="確認済", revision=1))

    outcome = put_in(world.sheet, world.officer, draft("0-1", "yes", note="私の", revision=1))

    theirs = outcome.conflicts["0-1"]
    assert (theirs.value.choices, theirs.note, theirs.revision, theirs.by) == (("no",), "確認済", 2, "町 承認")
    assert world.sheet.answers.get().choices == ["no"]


def test_a_conflict_does_not_hold_up_the_other_questions(world):
    put_in(world.sheet, world.approver, draft("0-1", "no"))

    outcome = put_in(world.sheet, world.officer, draft("0-1", "yes"), draft("1-1", "done"))

    assert (set(outcome.conflicts), set(outcome.stored)) == ({"0-1"}, {"1-1"})


def test_trouble_in_one_question_does_not_hold_up_the_others(world):
    outcome = put_in(
        world.sheet,
        world.officer,
        draft("0-1", "maybe"),
        draft("0-2", text="あ" * 2015),
        draft("1-1", "done", note="い" * 1001),
        draft("1-2", number=Decimal("100001")),
        draft("9-9", "x"),
    )

    assert codes(outcome.problems) == {
        "0-1": ["unknown_choice"],
        "0-2": ["too_long"],
        "1-1": ["too_long"],
        "1-2": ["above_maximum"],
        "9-9": ["unknown_question"],
    }
    assert outcome.problems["0-2"][0].message == "2,000文字以内で入力してください（現在2,015文字、15文字超過）。"
    assert not world.sheet.answers.exists()
    assert Response.objects.get(pk=world.sheet.pk).state == S.NOT_STARTED


@pytest.mark.parametrize(("number", "code"), [("1.234", "too_fine"), ("0.5", None), ("-1", "below_minimum")])
def test_numbers_must_fit(world, number, code):
    outcome = put_in(world.sheet, world.officer, draft("1-2", number=Decimal(number)))

    assert codes(outcome.problems) == ({"1-2": [code]} if code else {})


def test_a_single_save_refuses_a_hidden_question_and_a_page_keeps_what_was_typed(world):
    put_in(world.sheet, world.officer, draft("0-1", "no"))

    alone = put_in(world.sheet, world.officer, draft("0-2", text="残す"), only_shown=True)
    page = put_in(world.sheet, world.officer, draft("0-2", text="残す"))

    assert codes(alone.problems) == {"0-2": ["hidden"]}
    assert page.stored["0-2"].value.text == "残す"
    assert "0-2" not in page.progress.shown


def test_hiding_a_question_keeps_its_answer_and_showing_it_brings_it_back(world):
    put_in(world.sheet, world.officer, draft("0-1", "yes"), draft("0-2", text="定義の中身"))

    put_in(world.sheet, world.officer, draft("0-1", "no", revision=1))
    again = put_in(world.sheet, world.officer, draft("0-1", "yes", revision=2))

    assert "0-2" in again.progress.shown
    assert world.sheet.answers.get(question__code="0-2").text == "定義の中身"


def test_clearing_an_answer_is_a_change_and_lowers_the_count(world):
    put_in(world.sheet, world.officer, draft("0-1", "yes"))

    outcome = put_in(world.sheet, world.officer, draft("0-1", revision=1))

    world.sheet.refresh_from_db()
    assert (outcome.stored["0-1"].revision, world.sheet.answered) == (2, 0)


@pytest.mark.parametrize("state", sorted(set(S) - EDITABLE_STATES))
def test_a_sheet_in_any_other_state_takes_no_answer(world, state):
    Response.objects.filter(pk=world.sheet.pk).update(state=state)

    with pytest.raises(match=S(state).label):
        put_in(world.sheet, world.officer, draft("0-1", "yes"))


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_survey_that_is_not_open_takes_no_answer_from_anybody(world, state):
    world.survey.state = state
    world.survey.save()

    for user in (world.officer, world.staff):
        with pytest.raises(match="受付中ではない"):
            put_in(world.sheet, user, draft("0-1", "yes"))


def close_an_hour_ago(survey):
    survey.closes_at = timezone.now() - dt.timedelta(hours=1)
    survey.save()


def test_after_the_due_date_only_the_prefecture_goes_on(world):
    close_an_hour_ago(world.survey)

    with pytest.raises(match="締切を過ぎた"):
        put_in(world.sheet, world.officer, draft("0-1", "yes"))
    outcome = put_in(world.sheet, world.staff, draft("0-1", "yes"))

    assert outcome.stored["0-1"].on_behalf


def test_an_extension_opens_the_sheet_beyond_the_due_date(world):
    close_an_hour_ago(world.survey)
    Response.objects.filter(pk=world.sheet.pk).update(extended_until=timezone.now() + dt.timedelta(hours=1))

    assert put_in(world.sheet, world.officer, draft("0-1", "yes")).clean


def test_before_the_opening_nothing_is_taken(world):
    world.survey.opens_at = timezone.now() + dt.timedelta(hours=1)
    world.survey.save()

    with pytest.raises(match="まだ受付を開始していません"):
        put_in(world.sheet, world.officer, draft("0-1", "yes"))


def test_a_return_to_named_questions_opens_those_and_what_depends_on_them(world):
    Response.objects.filter(pk=world.sheet.pk).update(state=S.SUBMITTED)
    sheet = moves.return_to(world.sheet.pk, user=world.staff, comment="確認", questions=["0-1"])

    outcome = put_in(sheet, world.officer, draft("0-1", "yes"), draft("0-2", text="中身"), draft("1-1", "done"))

    assert open_questions(sheet, stored_questionnaire(world.survey.questionnaire_id).spec) == {"0-1", "0-2"}
    assert (set(outcome.stored), codes(outcome.problems)) == ({"0-1", "0-2"}, {"1-1": ["not_reopened"]})


def test_staff_answer_on_behalf_and_it_is_marked(world):
    put_in(world.sheet, world.staff, draft("0-1", "yes"))

    assert list(world.sheet.answers.values_list("on_behalf", "updated_by")) == [(True, world.staff.pk)]
    assert list(world.sheet.transitions.values_list("on_behalf", flat=True)) == [True]


@pytest.mark.parametrize("person", ["viewer", "bureau_staff", "consultant", "neighbour_officer", "stranger_staff"])
def test_others_may_not_answer(world, person):
    with pytest.raises(PermissionDenied):
        put_in(world.sheet, getattr(world, person), draft("0-1", "yes"))


def test_one_save_takes_few_queries(world, django_assert_num_queries):
    put_in(world.sheet, world.officer, draft("0-1", "yes"), draft("1-1", "done"))
    world.officer.acting  # noqa: B018 -- the middleware's query

    with django_assert_num_queries(5):  # savepoint, locked sheet, answers, UPDATE, release
        put_in(world.sheet, world.officer, draft("1-1", "none", revision=1), only_shown=True)
    with django_assert_num_queries(4):
        put_in(world.sheet, world.officer, draft("1-1", "none", revision=2), only_shown=True)


@pytest.mark.django_db(transaction=True)
def test_two_officers_saving_one_question_at_once_one_is_refused(world):
    put_in(world.sheet, world.officer, draft("0-1", "yes"))

    outcomes = in_threads(
        lambda: put_in(world.sheet, world.officer, draft("0-1", "no", note="一", revision=1)),
        lambda: put_in(world.sheet, world.approver, draft("0-1", "no", note="二", revision=1)),
    )

    assert sorted(len(outcome.conflicts) for outcome in outcomes) == [0, 1]
    assert world.sheet.answers.get().revision == 2


@pytest.mark.django_db(transaction=True)
def test_two_first_answers_at_once_are_both_counted_and_start_once(world):
    in_threads(
        lambda: put_in(world.sheet, world.officer, draft("0-1", "no")),
        lambda: put_in(world.sheet, world.approver, draft("1-1", "done")),
    )

    world.sheet.refresh_from_db()
    assert (world.sheet.answered, world.sheet.transitions.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_no_answer_slips_in_behind_a_submission(world):
    put_in(world.sheet, world.officer, draft("0-1", "no"), draft("1-1", "done"))
    moves.request_review(world.sheet.pk, user=world.officer)
    moves.withdraw(world.sheet.pk, user=world.officer)

    saved, prompts = in_threads(
        lambda: put_in(world.sheet, world.officer, draft("0-1", "yes", revision=1)),
        lambda: moves.request_review(world.sheet.pk, user=world.approver),
    )

    stored = world.sheet.answers.get(question__code="0-1").choices
    assert prompts.state == S.IN_REVIEW
    assert stored == (["no"] if isinstance(saved, NotPossible) else ["yes"])
