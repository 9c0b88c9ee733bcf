from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import Leaf, SectionSpec
from assessments.domain.scores.scoring import points, round1, score
from tests.support.questionnaires import (
    STEP,
    chose,
    counted,
    matrix,
    multiple,
    number,
    questionnaire,
    ranking,
    single,
    text,
)
from tests.support.strategies import filled, targets


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        (single("q"), chose("planned"), 20),
        (single("q"), chose("gone"), 0),
        (single("q"), chose("wanted", "planned"), 10),
        (multiple("q", 50, a=3, b=1, c=4), chose("a", "a"), 3),
        (ranking("q", weights=(2, 1)), chose("c", "d", "a"), 1),
        (multiple("q", 5, a=3, b=1, c=4), chose("a", "b"), 4),
        (multiple("q", 5, a=3, b=1, c=4), chose("a", "c"), 5),
        (number("q"), counted(0), 0),
        (number("q"), counted("0.99"), 0),
        (number("q"), counted(1), 10),
        (number("q"), counted("9.99"), 10),
        (number("q"), counted(10), 20),
        (number("q"), counted(99), 20),
        (matrix("q"), AnswerValue(rows=(("a", "done"), ("b", "working"))), 4),
        (matrix("q"), AnswerValue(rows=(("z", "done"),)), 0),
        (ranking("q"), chose("a", "b", "d"), 3 * 4 + 2 * 3 + 1 * 1),
        (ranking("q"), chose("b", "a"), 3 * 3 + 2 * 4),
        (text("q"), AnswerValue(text="本文"), 0),
        (single("q"), chose(), 0),
        (single("q", done=None, none=0), chose("done"), 0),
        (multiple("q", 50, a=3, b=1, c=4), chose("a", "b", "c"), 8),
        (multiple("q", 50, a=3, b=1, c=4), chose("gone", "c"), 4),
        (multiple("q", 0, a=3), chose("a"), 0),
        (number("q"), AnswerValue(), 0),
        (number("q"), counted("0.999999"), 0),
        (number("q"), counted("10.0"), 20),
        (number("q", bands=(), max_points=0), counted(50), 0),
        (matrix("q"), AnswerValue(rows=(("a", "done"), ("b", "done"), ("c", "done"))), 9),
        (matrix("q"), AnswerValue(rows=(("a", "none"), ("b", "gone"))), 0),
        (matrix("q"), AnswerValue(), 0),
        (ranking("q"), chose("c"), 0),
        (ranking("q"), chose(), 0),
        (ranking("q", weights=(5,)), chose("a", "b"), 20),
    ],
)
def test_points_of_one_answer(question, value, expected):
    assert points(question, value) == expected


def test_a_section_is_scaled_to_its_worth_exactly():
    card = score(questionnaire(single("1"), single("2"), single("3", done=10, none=0)), {"1": chose("planned")})

    section = card.section("step0")
    assert (section.earned, section.possible, section.worth) == (20, 70, 30)
    assert section.score == Fraction(20 * 30, 70)


def test_the_total_adds_the_scored_sections_and_unscored_ones_add_nothing():
    focus = SectionSpec("people", "focus", "重点", worth=30)
    profile = SectionSpec("profile", "profile", "回答者情報")
    spec = questionnaire(
        single("1"),
        single("2", section="people", done=7, none=0),
        single("3", section="profile", done=None, none=None),
        sections=(STEP, focus, profile),
    )

    card = score(spec, {"1": chose("wanted"), "2": chose("done"), "3": chose("done")})

    assert card.total == 10 + 30
    assert card.maximum == 60
    assert card.section("profile").score == 0
    assert card.steps() == {0: Fraction(10)}


def test_a_hidden_question_earns_nothing_but_stays_in_the_measure():
    spec = questionnaire(single("1"), single("2", Leaf("1", ("done",))))
    kept = {"1": chose("planned"), "2": chose("done")}

    card = score(spec, kept)

    assert [(question.code, question.earned, question.state) for question in card.questions] == [
        ("1", 20, "answered"),
        ("2", 0, "hidden"),
    ]
    assert card.section("step0").possible == 60
    assert (card.shown, card.answered, card.required, card.unanswered_required) == (1, 1, 1, 0)


def test_unanswered_questions_earn_nothing_and_are_counted():
    spec = questionnaire(single("1"), single("2", required=False), text("3"), text("4", required=False))

    card = score(spec, {"1": chose("done"), "4": AnswerValue(text="x")})

    assert [question.state for question in card.questions] == ["answered", "unanswered", "unanswered", "answered"]
    assert (card.shown, card.answered, card.required, card.unanswered_required) == (4, 2, 2, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(0), "0.0"),
        (Fraction(49, 20), "2.5"),  # 2.45
        (Fraction(1, 3), "0.3"),
        (Fraction(2, 3), "0.7"),
        (Fraction(1, 20), "0.1"),  # 0.05
        (Fraction(9999, 10000) + 29, "30.0"),
        (Fraction(-1, 4), "-0.3"),
        (Fraction(-1, 100), "0.0"),
        (Fraction(210), "210.0"),
    ],
)
def test_rounding_is_half_up_to_one_decimal(value, expected):
    assert str(round1(value)) == expected


@given(st.fractions())
def test_rounding_is_the_nearest_tenth_with_halves_away_from_zero(value):
    rounded = Fraction(round1(value))

    assert rounded * 10 == int(rounded * 10)
    assert abs(rounded - value) <= Fraction(1, 20)
    if abs(rounded - value) == Fraction(1, 20):
        assert abs(rounded) > abs(value)


@given(filled())
def test_every_score_lies_between_nothing_and_its_worth(pair):
    card = score(*pair)

    assert all(0 <= question.earned <= question.possible for question in card.questions)
    assert all(0 <= section.score <= section.worth for section in card.sections)
    assert card.total == sum(section.score for section in card.sections)
    assert 0 <= card.total <= card.maximum


@given(filled())
def test_a_score_is_explained_by_its_questions(pair):
    card = score(*pair)

    for section in card.sections:
        own = [question for question in card.questions if question.section == section.code]
        assert section.earned == sum(item.earned for item in own)
        assert section.possible == sum(item.possible for item in own)


@given(filled())
def test_only_shown_and_answered_questions_earn(pair):
    spec, answers = pair
    card, shown = score(spec, answers), visible(spec, answers)

    assert {question.code for question in card.questions if question.state != "hidden"} == shown
    assert all(question.earned == 0 for question in card.questions if question.state != "answered")
    assert card.shown == len(shown)
    assert card.answered == sum(question.state == "answered" for question in card.questions)
    assert card.unanswered_required <= card.required <= card.shown


@given(filled(), st.randoms())
def test_the_order_of_answers_changes_nothing(pair, rng):
    spec, answers = pair
    items = list(answers.items())
    rng.shuffle(items)

    assert score(spec, dict(items)) == score(spec, answers)


@given(filled(wrong=False), st.data())
def test_a_better_single_choice_never_lowers_the_score_where_nothing_depends_on_it(pair, data):
    spec, answers = pair
    ladders = [
        question for question in spec.questions if question.kind == "single" and question.code not in targets(spec)
    ]
    if not ladders:
        return
    question = data.draw(st.sampled_from(ladders))
    worse, better = sorted(
        data.draw(st.tuples(*[st.sampled_from(question.choices)] * 2)), key=lambda item: item.points or 0
    )

    low = score(spec, {**answers, question.code: chose(worse.code)})
    high = score(spec, {**answers, question.code: chose(better.code)})

    assert low.total <= high.total


@given(filled(wrong=False))
def test_answering_one_more_question_never_lowers_the_score(pair):
    spec, answers = pair
    full = score(spec, answers).total

    for code in answers.keys() - targets(spec):
        fewer = {other: value for other, value in answers.items() if other != code}
        assert score(spec, fewer).total <= full


def test_decimal_numbers_are_compared_exactly():
    assert points(number("q"), AnswerValue(number=Decimal("9.9999999999999999999"))) == 10
