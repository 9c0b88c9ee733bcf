"""A whole survey's cards at once: the same results as ``scoring.score``, response by response, without a loop over answers.

Each question's answers are told apart by their distinct values; the pure functions judge every distinct value once,
and the verdicts are spread over the responses as integer arrays. Only workers import this module: pandas is slow to load.
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

import numpy as np
import pandas as pd

from assessments.domain.questionnaires.answers import AnswerValue, chosen, is_answered
from assessments.domain.questionnaires.spec import (
    AllOf,
    Condition,
    Leaf,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
)
from assessments.domain.scores import scoring
from assessments.domain.scores.scoring import ANSWERED, HIDDEN, UNANSWERED, QuestionScore, ScoreCard, SectionScore

COLUMNS = ("response", "question", "choices", "text", "number", "rows")
_STATES = (HIDDEN, UNANSWERED, ANSWERED)
_Flags = np.ndarray


@dataclass(frozen=True, slots=True)
class _Column:
    """One question over all responses: points while shown, whether answered, and who chose what."""

    earned: np.ndarray
    answered: _Flags
    given: np.ndarray  # number of the distinct value by response, -1 without a row
    chosen: tuple[frozenset[str], ...]  # by number of the distinct value

    def touches(self, any_of: Sequence[str]) -> _Flags:
        hits = np.array([not codes.isdisjoint(any_of) for codes in self.chosen] + [False])
        return hits[self.given]


def score_all(spec: QuestionnaireSpec, frame: pd.DataFrame, responses: Sequence[Hashable]) -> list[ScoreCard]:
    """The cards of ``responses``, in that order; one without answers gets an empty response's card.

    ``frame`` holds a row an answer with COLUMNS: response, question code, choices (a sequence of codes), text, number
    (Decimal or None), rows (a mapping, its JSON text, or pairs). Rows of other responses or questions are passed
    over; of two rows for one question of one response the later counts.
    """
    columns = _columns(spec, frame, responses)
    shown: dict[str, _Flags] = {}
    for question in spec.questions:  # conditions look back only, so those that a condition needs are there
        condition = question.condition
        shown[question.code] = np.ones(len(responses), bool) if condition is None else _holds(condition, columns, shown)
    states = {code: np.where(shown[code], 1 + columns[code].answered, 0) for code in columns}
    earned = {code: np.where(states[code] == 2, columns[code].earned, 0) for code in columns}
    required = [question.code for question in spec.questions if question.required]
    counts = zip(
        _count(states, columns, lambda state: state > 0, len(responses)),
        _count(states, columns, lambda state: state == 2, len(responses)),
        _count(states, required, lambda state: state > 0, len(responses)),
        _count(states, required, lambda state: state == 1, len(responses)),
        strict=True,
    )
    totals, sections = _sections(spec, earned, len(responses))
    scores = []
    for question in spec.questions:
        # Points and state in one number: one score object is made for each distinct pair, not for each response.
        both = earned[question.code] * len(_STATES) + states[question.code]
        scores.append(_spread(both, partial(_question_score, question)))
    questions = list(zip(*scores, strict=True)) if scores else [()] * len(responses)
    top = scoring.maximum(spec)
    return [
        ScoreCard(total, top, of_sections, of_questions, *numbers)
        for total, of_sections, of_questions, numbers in zip(totals, sections, questions, counts, strict=True)
    ]


def _columns(spec: QuestionnaireSpec, frame: pd.DataFrame, responses: Sequence[Hashable]) -> dict[str, _Column]:
    places = pd.Index(responses).get_indexer(frame["response"])
    codes, names = pd.factorize(frame["question"])
    known = (places >= 0) & (codes >= 0)
    # Stable, so that the rows of one question keep the order of the frame.
    order = np.flatnonzero(known)[np.argsort(codes[known], kind="stable")]
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    rows_of = {name: order[starts[i] : starts[i + 1]] for i, name in enumerate(names)}
    nothing = order[:0]
    values = {name: frame[name].to_numpy() for name in ("choices", "text", "number", "rows")}
    return {
        question.code: _column(question, values, rows_of.get(question.code, nothing), places, len(responses))
        for question in spec.questions
    }


def _column(
    question: QuestionSpec, values: Mapping[str, np.ndarray], rows: np.ndarray, places: np.ndarray, size: int
) -> _Column:
    """Judges each distinct value of one question once, by the pure functions."""
    field, key = _KEYS[question.kind]
    numbers: dict[Hashable, int] = {}
    drawn = [numbers.setdefault(key(raw), len(numbers)) for raw in values[field][rows]]
    given = np.full(size, -1)
    # Of two rows for one response the later one is assigned last, and counts.
    given[places[rows]] = drawn
    distinct = [_value(question.kind, raw) for raw in numbers]
    # The last element answers for index -1: a response without a row.
    answered = np.array([is_answered(question, value) for value in distinct] + [False])
    earned = np.array([scoring.points(question, value) for value in distinct] + [0])
    picked = tuple(frozenset(chosen(question, value)) for value in distinct)
    return _Column(earned[given], answered[given], given, picked)


def _value(kind: QuestionKind, key: Any) -> AnswerValue:
    match kind:
        case QuestionKind.TEXT:
            return AnswerValue(text="x" if key else "")
        case QuestionKind.NUMBER:
            return AnswerValue(number=key)
        case QuestionKind.MATRIX:
            return AnswerValue(rows=key)
        case _:
            return AnswerValue(choices=key)


def _rows_key(raw: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(raw, str):
        raw = json.loads(raw)
    return tuple(raw.items()) if isinstance(raw, Mapping) else tuple(raw or ())


# QuestionKind → the field that holds its answer, and how to tell two answers apart. A key is made of every answer, so it
# is cheaper than an AnswerValue.
_KEYS: dict[QuestionKind, tuple[str, Callable[[Any], Hashable]]] = {
    QuestionKind.SINGLE: ("choices", tuple),
    QuestionKind.MULTIPLE: ("choices", tuple),
    QuestionKind.RANKING: ("choices", tuple),
    QuestionKind.MATRIX: ("rows", _rows_key),
    # None for pandas' ways to say that there is no number.
    QuestionKind.NUMBER: ("number", lambda raw: raw if isinstance(raw, Decimal) and raw.is_finite() else None),
    # Texts earn nothing: all that aren't blank are one value, however many they are.
    QuestionKind.TEXT: ("text", lambda raw: isinstance(raw, str) and bool(raw.strip())),
}


def _holds(condition: Condition, columns: Mapping[str, _Column], shown: Mapping[str, _Flags]) -> _Flags:
    if isinstance(condition, Leaf):
        return shown[condition.question] & columns[condition.question].touches(condition.any_of)
    combine = np.logical_and if isinstance(condition, AllOf) else np.logical_or
    return combine.reduce([_holds(item, columns, shown) for item in condition.items])


def _count(
    states: Mapping[str, np.ndarray], codes: Sequence[str] | Mapping[str, Any], test: Callable, size: int
) -> list[int]:
    return sum((test(states[code]).astype(int) for code in codes), np.zeros(size, int)).tolist()


def _sections(
    spec: QuestionnaireSpec, earned: Mapping[str, np.ndarray], size: int
) -> tuple[list[Fraction], list[tuple[SectionScore, ...]]]:
    """Totals over one common denominator, and the sections' scores; each distinct score is made once."""
    sums = [
        sum((earned[question.code] for question in spec.in_section(section.code)), np.zeros(size, int))
        for section in spec.sections
    ]
    possible = [spec.possible(section.code) or 1 for section in spec.sections]
    # Whole numbers over one denominator stay exact in arrays; fractions are made of the distinct ones only.
    common = lcm(*possible)
    numerators = sum(
        (
            points * (section.worth * (common // of))
            for points, section, of in zip(sums, spec.sections, possible, strict=True)
        ),
        np.zeros(size, int),
    )
    drawn = [
        _spread(points, partial(scoring.section_score, spec, section))
        for points, section in zip(sums, spec.sections, strict=True)
    ]
    totals = _spread(numerators, lambda value: Fraction(value, common))
    return totals.tolist(), list(zip(*drawn, strict=True)) if drawn else [()] * size


def _question_score(question: QuestionSpec, both: int) -> QuestionScore:
    earned, state = divmod(both, len(_STATES))
    return QuestionScore(question.code, question.section, earned, question.max_points, _STATES[state])


def _spread(numbers: np.ndarray, make: Callable[[int], Any]) -> np.ndarray:
    """``make`` of every number, called once for each distinct one."""
    codes, distinct = pd.factorize(numbers)
    objects = np.empty(len(distinct), object)
    for position, number in enumerate(distinct.tolist()):
        objects[position] = make(number)
    return objects[codes]
