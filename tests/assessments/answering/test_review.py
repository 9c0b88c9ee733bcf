from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.answering.review import contradictions, invalid, jumps, missing, review
from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import AllOf, ContradictionSpec, Leaf
from tests.support.questionnaires import chose, counted, matrix, multiple, number, questionnaire, single, text
from tests.support.strategies import filled


def kinds(findings):
    return [(finding.question, finding.kind) for finding in findings]


def test_required_questions_without_an_answer_are_missing():
    spec = questionnaire(single("1"), single("2"), text("3", required=False), text("4"))

    assert kinds(missing(spec, {"2": chose("none")})) == [("1", "missing"), ("4", "missing")]


def test_a_hidden_question_is_not_missing():
    spec = questionnaire(single("1"), text("2", Leaf("1", ("done",))))

    assert kinds(missing(spec, {"1": chose("none")})) == []
    assert kinds(missing(spec, {"1": chose("done")})) == [("2", "missing")]


def test_open_rows_of_a_matrix_are_named():
    spec = questionnaire(matrix("1"))

    (finding,) = missing(spec, {"1": AnswerValue(rows=(("b", "done"),))})

    assert (finding.kind, finding.message) == ("incomplete", "未回答の行が2行あります：a業務、c業務")
    assert missing(spec, {"1": AnswerValue(rows=(("a", "done"), ("b", "done"), ("c", "none")))}) == []


def test_an_answer_that_its_question_cannot_take_is_found():
    spec = questionnaire(number("1"), single("2"))

    assert kinds(invalid(spec, {"1": counted(101), "2": chose("done")})) == [("1", "invalid")]


RULE = ContradictionSpec("c", AllOf((Leaf("1", ("none",)), Leaf("2", ("a",)))), "1と2が合いません。")


def test_a_contradiction_is_found_at_its_last_question():
    spec = questionnaire(single("1"), multiple("2", 9, a=1, b=2), contradictions=(RULE,))

    results = contradictions(spec, {"1": chose("none"), "2": chose("a", "b")})

    assert [(item.question, item.kind, item.message) for item in results] == [
        ("2", "contradiction", "1と2が合いません。")
    ]
    assert contradictions(spec, {"1": chose("done"), "2": chose("a")}) == []


def test_the_kept_answer_of_a_hidden_question_contradicts_nothing():
    shown_on_done = multiple("2", 9, a=1)
    spec = questionnaire(single("0"), single("1", Leaf("0", ("done",))), shown_on_done, contradictions=(RULE,))

    assert contradictions(spec, {"0": chose("none"), "1": chose("none"), "2": chose("a")}) == []


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [("none", "wanted", 0), ("none", "planned", 1), ("done", "none", 1), ("planned", "done", 0), ("done", "done", 0)],
)
def test_a_ladder_that_moves_two_levels_is_a_jump(before, now, found):
    spec = questionnaire(single("1"))

    assert len(jumps(spec, {"1": chose(now)}, {"1": chose(before)})) == found


def test_a_jump_names_the_former_answer_and_the_direction():
    (finding,) = jumps(questionnaire(single("1")), {"1": chose("none")}, {"1": chose("done")})

    assert finding.message == "前回の「done」から3段階下がっています。"


def test_a_yes_or_no_question_has_no_jumps():
    assert jumps(questionnaire(single("1", yes=10, no=0)), {"1": chose("yes")}, {"1": chose("no")}) == []


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [(10, 20, 0), (10, 21, 1), (10, 5, 0), (10, "4.9", 1), (0, 1, 1), (0, 0, 0), (1, 0, 1)],
)
def test_a_number_that_more_than_doubles_or_halves_is_a_jump(before, now, found):
    assert len(jumps(questionnaire(number("1")), {"1": counted(now)}, {"1": counted(before)})) == found


@pytest.mark.parametrize(("before", "now", "found"), [(-1, -1, 0), (-2, -3, 0), (-1, -3, 1), (-1, 1, 1), (0, -1, 1)])
def test_a_number_below_zero_jumps_by_its_size_or_sign(before, now, found):
    assert len(jumps(questionnaire(number("1")), {"1": counted(now)}, {"1": counted(before)})) == found


def test_large_numbers_are_said_plainly():
    (finding,) = jumps(questionnaire(number("1")), {"1": counted(5)}, {"1": AnswerValue(number=Decimal("100.00"))})

    assert finding.message == "前回の100件から半分未満に減っています。"


def test_questions_are_matched_by_key_when_their_codes_moved():
    before = questionnaire(single("9", key="plan"))
    spec = questionnaire(single("9", key="other"), single("1", key="plan"))

    results = jumps(spec, {"1": chose("done"), "9": chose("done")}, {"9": chose("none")}, before)

    assert kinds(results) == [("1", "jump")]


def test_an_unanswered_or_hidden_question_has_no_jump():
    spec = questionnaire(single("0"), single("1", Leaf("0", ("done",))))
    before = {"0": chose("done"), "1": chose("none")}

    assert jumps(spec, {"0": chose("done")}, before) == []
    assert kinds(jumps(spec, {"0": chose("planned"), "1": chose("done")}, before)) == []


def test_a_review_gathers_everything_and_leaves_jumps_out_without_a_former_sheet():
    spec = questionnaire(single("1"), multiple("2", 9, a=1), text("3"), number("4"), contradictions=(RULE,))
    answers = {"1": chose("none"), "2": chose("a"), "4": counted(101)}
    expected = [("3", "missing"), ("4", "invalid"), ("2", "contradiction")]

    assert kinds(review(spec, answers)) == expected
    assert kinds(review(spec, answers, {"1": chose("done")})) == [*expected, ("1", "jump")]


@given(filled(), st.data())
def test_findings_are_only_about_shown_questions(pair, data):
    spec, answers = pair
    shown = visible(spec, answers)

    assert {finding.question for finding in review(spec, answers, answers)} <= shown
    assert jumps(spec, answers, answers) == []
