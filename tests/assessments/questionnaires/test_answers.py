from decimal import Decimal

import pytest

from assessments.domain.questionnaires.answers import AnswerValue, check, is_answered
from tests.support.questionnaires import chose, counted, matrix, multiple, number, ranking, single, text


def codes(question, value):
    return [problem.code for problem in check(question, value)]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (single("q"), chose("done")),
        (multiple("q", 9, a=1, b=2), chose("a", "b")),
        (multiple("q", 9, exclusive=("none",), a=1, none=0), chose("none")),
        (text("q"), AnswerValue(text="本文")),
        (number("q"), counted(0)),
        (number("q"), counted(100)),
        (matrix("q"), AnswerValue(rows=(("a", "done"), ("b", "none")))),
        (ranking("q"), chose("d", "a", "b")),
    ],
)
def test_a_fitting_value_has_no_problem_and_counts_as_answered(question, value):
    assert codes(question, value) == []
    assert is_answered(question, value)


@pytest.mark.parametrize(
    "question", [single("q"), multiple("q", 9, a=1), text("q"), number("q"), matrix("q"), ranking("q")]
)
def test_an_empty_value_has_no_problem_and_is_unanswered(question):
    assert codes(question, AnswerValue()) == []
    assert not is_answered(question, AnswerValue())
    assert not is_answered(question, None)


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        (single("q"), chose("done", "none"), ["too_many"]),
        (single("q"), chose("gone"), ["unknown_choice"]),
        (single("q"), AnswerValue(text="本文"), ["wrong_kind"]),
        (multiple("q", 9, exclusive=("none",), a=1, none=0), chose("a", "none"), ["exclusive"]),
        (multiple("q", 9, a=1, b=2), chose("a", "a"), ["repeated"]),
        (number("q"), counted(-1), ["below_minimum"]),
        (number("q"), counted(101), ["above_maximum"]),
        (number("q"), AnswerValue(number=Decimal("NaN")), ["not_a_number"]),
        (number("q"), AnswerValue(choices=("a",)), ["wrong_kind"]),
        (matrix("q"), AnswerValue(rows=(("z", "done"),)), ["unknown_row"]),
        (matrix("q"), AnswerValue(rows=(("a", "gone"),)), ["unknown_choice"]),
        (matrix("q"), AnswerValue(rows=(("a", "done"), ("a", "none"))), ["repeated"]),
        (ranking("q", weights=(2, 1)), chose("a", "b", "c"), ["too_many"]),
        (ranking("q"), chose("a", "a"), ["repeated"]),
        (text("q"), AnswerValue(text="a\x00b"), ["bad_character"]),
    ],
)
def test_a_value_that_does_not_fit_names_its_problem(question, value, expected):
    assert codes(question, value) == expected


def test_a_range_message_says_the_limit_with_its_unit():
    assert [problem.message for problem in check(number("q"), counted(101))] == ["100件以下で入力してください。"]


def test_blank_text_is_no_answer():
    assert not is_answered(text("q"), AnswerValue(text=" 　\n"))


def test_a_matrix_with_one_row_is_answered():
    assert is_answered(matrix("q"), AnswerValue(rows=(("b", "none"),)))


def test_a_choice_that_no_longer_stands_is_no_answer():
    assert not is_answered(single("q"), chose("gone"))
