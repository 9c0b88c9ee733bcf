"""A question's possible answers as a ladder of rising points, so that answers can be made stronger or weaker."""

from decimal import Decimal
from random import Random

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec

Ladder = tuple[AnswerValue, ...]


def ladder(question: QuestionSpec, rng: Random) -> Ladder:
    """The rungs from the least to the most points; an unscored question has rungs of any order, a text none."""
    return _LADDERS[question.kind](question, rng)


def _single(question: QuestionSpec, rng: Random) -> Ladder:
    return tuple(AnswerValue(choices=(choice.code,)) for choice in _by_points(question))


def _multiple(question: QuestionSpec, rng: Random) -> Ladder:
    """Nothing (or the exclusive choice), then one choice more on each rung."""
    alone = [choice.code for choice in question.choices if choice.exclusive]
    others = [choice.code for choice in question.choices if not choice.exclusive]
    taken = rng.sample(others, len(others))
    in_order = [tuple(code for code in others if code in taken[:count]) for count in range(1, len(others) + 1)]
    lowest = (tuple(alone[:1]),) if alone else ()
    return tuple(AnswerValue(choices=codes) for codes in (*lowest, *in_order))


def _matrix(question: QuestionSpec, rng: Random) -> Ladder:
    """Row by row from the lowest choice to the highest; always complete."""
    codes = [choice.code for choice in _by_points(question)]
    state = {row.code: 0 for row in question.rows}
    rungs = [_matrix_value(question, state, codes)]
    for level in range(1, len(codes)):
        for row in rng.sample(question.rows, len(question.rows)):
            state[row.code] = level
            rungs.append(_matrix_value(question, state, codes))
    return tuple(rungs)


def _matrix_value(question: QuestionSpec, state: dict[str, int], codes: list[str]) -> AnswerValue:
    return AnswerValue(rows=tuple((row.code, codes[state[row.code]]) for row in question.rows))


def _number(question: QuestionSpec, rng: Random) -> Ladder:
    starts = [band.minimum for band in question.bands] or [question.minimum or Decimal(0)]
    return tuple(AnswerValue(number=start + rng.randint(0, 3) * bool(start)) for start in starts)


def _ranking(question: QuestionSpec, rng: Random) -> Ladder:
    codes = rng.sample([choice.code for choice in question.choices], len(question.weights))
    return (AnswerValue(choices=tuple(codes)),)


def _text(question: QuestionSpec, rng: Random) -> Ladder:
    return ()


def _by_points(question: QuestionSpec) -> list:
    return sorted(question.choices, key=lambda choice: choice.points or 0)


_LADDERS = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.MATRIX: _matrix,
    QuestionKind.NUMBER: _number,
    QuestionKind.RANKING: _ranking,
    QuestionKind.TEXT: _text,
}
