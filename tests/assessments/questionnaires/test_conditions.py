import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.questionnaires.conditions import holds, visible
from assessments.domain.questionnaires.spec import AllOf, AnyOf, Leaf
from tests.support.questionnaires import chose, multiple, questionnaire, single, text
from tests.support.strategies import filled

DONE = Leaf("1", ("done",))


def test_a_question_without_condition_is_always_shown():
    assert visible(questionnaire(single("1")), {}) == {"1"}


def test_a_condition_is_unmet_while_its_question_is_unanswered():
    assert visible(questionnaire(single("1"), text("2", DONE)), {}) == {"1"}


def test_a_condition_is_met_by_any_of_its_choices():
    spec = questionnaire(single("1"), text("2", Leaf("1", ("done", "planned"))))

    assert visible(spec, {"1": chose("planned")}) == {"1", "2"}
    assert visible(spec, {"1": chose("wanted")}) == {"1"}


def test_a_multiple_choice_meets_a_condition_with_one_of_its_choices():
    spec = questionnaire(multiple("1", 9, a=1, b=2, c=3), text("2", Leaf("1", ("c",))))

    assert visible(spec, {"1": chose("a", "c")}) == {"1", "2"}


def test_all_and_any_nest():
    nested = AllOf((DONE, AnyOf((Leaf("2", ("done",)), Leaf("3", ("none",))))))
    spec = questionnaire(single("1"), single("2"), single("3"), text("4", nested))

    assert "4" in visible(spec, {"1": chose("done"), "3": chose("none")})
    assert "4" in visible(spec, {"1": chose("done"), "2": chose("done"), "3": chose("done")})
    assert "4" not in visible(spec, {"1": chose("done"), "2": chose("none"), "3": chose("done")})
    assert "4" not in visible(spec, {"2": chose("done"), "3": chose("none")})


A, B, C = Leaf("1", ("done",)), Leaf("2", ("done",)), Leaf("3", ("done",))


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (A, "11110000"),
        (AllOf((A, B)), "11000000"),
        (AnyOf((A, B)), "11111100"),
        (AllOf((A, AnyOf((B, C)))), "11100000"),
        (AnyOf((A, AllOf((B, C)))), "11111000"),
        (AllOf((AnyOf((A, B)), AnyOf((B, C)))), "11101100"),
        (AnyOf((AllOf((A, B)), AllOf((A, C)))), "11100000"),
        (AllOf((A,)), "11110000"),
    ],
)
@pytest.mark.parametrize("none", ["none", None], ids=["answered otherwise", "unanswered"])
def test_a_condition_is_the_truth_table_of_its_words(condition, met, none):
    """``met``: for all three held, the first two, … down to none."""
    spec = questionnaire(single("1"), single("2"), single("3"), text("4", condition))

    shown = ""
    for values in itertools.product(("done", none), repeat=3):
        answers = {str(n): chose(choice) for n, choice in enumerate(values, 1) if choice}
        shown += "01"["4" in visible(spec, answers)]

    assert shown == met


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_chain_is_shown_as_far_as_each_link_holds(length):
    links = [single(str(n), Leaf(str(n - 1), ("done",)) if n > 1 else None) for n in range(1, length + 1)]
    spec, codes = questionnaire(*links), [str(n) for n in range(1, length + 1)]

    for broken in range(1, length + 1):
        answers = {code: chose("none" if code == str(broken) else "done") for code in codes}
        assert visible(spec, answers) == set(codes[:broken])


def test_a_hidden_question_hides_what_depends_on_it_though_its_answer_is_kept():
    spec = questionnaire(single("1"), single("2", DONE), text("3", Leaf("2", ("done",))))
    kept = {"2": chose("done")}

    assert visible(spec, {**kept, "1": chose("done")}) == {"1", "2", "3"}
    assert visible(spec, {**kept, "1": chose("none")}) == {"1"}


def test_the_kept_answer_of_a_hidden_question_meets_no_condition():
    spec = questionnaire(single("1"), single("2", DONE))

    assert not holds(spec, Leaf("2", ("done",)), {"1": chose("none"), "2": chose("done")})


@given(filled(), st.randoms())
def test_what_is_shown_does_not_depend_on_the_order_of_answers(pair, rng):
    spec, answers = pair
    items = list(answers.items())
    rng.shuffle(items)

    assert visible(spec, dict(items)) == visible(spec, answers)


@given(filled())
def test_what_is_shown_does_not_depend_on_the_answers_to_hidden_questions(pair):
    spec, answers = pair
    shown = visible(spec, answers)

    assert visible(spec, {code: value for code, value in answers.items() if code in shown}) == shown
