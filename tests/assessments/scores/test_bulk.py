import json
import random
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.questionnaires.spec import AllOf, AnyOf, Leaf
from assessments.domain.scores.bulk import COLUMNS, score_all
from assessments.domain.scores.scoring import score
from dxportal.settings import BASE_DIR
from tests.support.questionnaires import chose, questionnaire, single
from tests.support.strategies import questionnaires, sheets


def frame_of(sheets_by_response):
    """A frame as the database gives it: lists, empty text, JSON objects."""
    rows = [
        (response, code, list(value.choices), value.text, value.number, dict(value.rows))
        for response, sheet in sheets_by_response.items()
        for code, value in sheet.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@st.composite
def surveys(draw):
    spec = draw(questionnaires())
    return spec, draw(st.lists(sheets(spec), min_size=1, max_size=5))


@given(surveys(), st.randoms())
def test_bulk_equals_the_pure_functions_on_any_questionnaire(survey, rng):
    spec, all_sheets = survey
    frame = frame_of(dict(enumerate(all_sheets)))
    order = list(frame.index)
    rng.shuffle(order)

    cards = score_all(spec, frame.loc[order], range(len(all_sheets)))

    assert cards == [score(spec, sheet) for sheet in all_sheets]


@pytest.fixture(scope="module")
def instrument():
    return parse((BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml").read_text(encoding="utf-8"))


@given(st.data())
def test_bulk_equals_the_pure_functions_on_the_shipped_instrument(instrument, data):
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    created = {number: _random_sheet(instrument, rng) for number in range(6)}

    assert score_all(instrument, frame_of(created), list(created)) == [
        score(instrument, sheet) for sheet in created.values()
    ]


def _random_sheet(spec, rng):
    pools = {question.code: _pool(question) for question in spec.questions}
    return {code: rng.choice(pool) for code, pool in pools.items() if rng.random() < 0.9}


def _pool(question):
    if question.kind == "text":
        return [AnswerValue(text="本文"), AnswerValue(text=" ")]
    if question.kind == "number":
        return [AnswerValue(number=Decimal(number)) for number in (0, 1, 9, 10, 30, 99)]
    codes = [choice.code for choice in question.choices]
    if question.kind == "matrix":
        return [
            AnswerValue(rows=tuple((row.code, codes[(n + shift) % len(codes)]) for n, row in enumerate(question.rows)))
            for shift in range(len(codes))
        ]
    return [chose(code) for code in codes] + (
        [chose(*pair) for pair in pairwise(codes)] if question.kind == "multiple" else []
    )


def test_bulk_follows_hidden_chains_and_nested_conditions():
    chain = questionnaire(
        single("1"),
        single("2", Leaf("1", ("done",))),
        single("3", Leaf("2", ("done",))),
        single("4", AllOf((Leaf("1", ("none",)), AnyOf((Leaf("3", ("done",)), Leaf("2", ("none",))))))),
    )
    kept = {"2": chose("done"), "3": chose("done"), "4": chose("done")}
    created = {n: {**kept, "1": chose(code)} for n, code in enumerate(("done", "none"))}

    cards = score_all(chain, frame_of(created), list(created))

    assert cards == [score(chain, sheet) for sheet in created.values()]
    assert [[question.state for question in card.questions] for card in cards] == [
        ["answered", "answered", "answered", "hidden"],
        ["answered", "hidden", "hidden", "hidden"],
    ]


def test_a_response_without_answers_gets_an_empty_card_in_its_place():
    spec = questionnaire(single("1"))
    frame = frame_of({7: {"1": chose("done")}})

    cards = score_all(spec, frame, [9, 7])

    assert cards == [score(spec, {}), score(spec, {"1": chose("done")})]


def test_no_answers_at_all_give_empty_cards():
    spec = questionnaire(single("1"))

    assert score_all(spec, frame_of({}), [1, 2]) == [score(spec, {})] * 2


def test_answers_of_other_responses_and_other_questions_are_passed_over():
    spec = questionnaire(single("1"))
    frame = frame_of({1: {"1": chose("done"), "gone": chose("done")}, 2: {"1": chose("none")}})

    assert score_all(spec, frame, [1]) == [score(spec, {"1": chose("done")})]


def test_matrix_rows_may_come_as_json_text():
    spec = parse((BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml").read_text(encoding="utf-8"))
    marks = {row.code: "done" for row in spec.question("3-1").rows}
    frame = pd.DataFrame([(1, "3-1", [], "", None, json.dumps(marks))], columns=list(COLUMNS))

    (card,) = score_all(spec, frame, [1])

    assert [question.earned for question in card.questions if question.code == "3-1"] == [60]


def test_the_same_answers_give_the_same_points_when_they_come_alone():
    question = single("1")
    spec = questionnaire(question)
    together = {n: {"1": value} for n, value in enumerate(map(chose, ("done", "planned", "wanted", "none")))}

    cards = score_all(spec, frame_of(together), list(together))

    assert cards == [score_all(spec, frame_of({n: sheet}), [n])[0] for n, sheet in together.items()]
