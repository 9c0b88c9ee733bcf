"""A question's possible answers as a ladder of rising points, so that answers can be made stronger or weaker."""

from decimal import Decimal
from random import Random

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec

Ladder = tuple[AnswerValue, ...]


def ladder(question: QuestionSpec, rng: Random) -> Ladder:
    """The rungs from the least to the most points; an unscored question has rungs of any order, a text none."""
    in_order = [choice.code for choice in sorted(question.choices, key=lambda choice: choice.points or 0)]
    match question.kind:
        case QuestionKind.SINGLE:
            return tuple(AnswerValue(choices=(code,)) for code in in_order)
        case QuestionKind.MULTIPLE:
            return _multiple(question, rng)
        case QuestionKind.MATRIX:
            return _matrix(question, in_order, rng)
        case QuestionKind.NUMBER:
            starts = [band.minimum for band in question.bands] or [question.minimum or Decimal(0)]
            return tuple(AnswerValue(number=start + rng.randint(0, 3) * bool(start)) for start in starts)
        case QuestionKind.RANKING:
            codes = rng.sample([choice.code for choice in question.choices], len(question.weights))
            return (AnswerValue(choices=tuple(codes)),)
    return ()


def _multiple(question: QuestionSpec, rng: Random) -> Ladder:
    """Nothing (or the exclusive choice), then one choice more on each rung."""
    alone = [choice.code for choice in question.choices if choice.exclusive]
    others = [choice.code for choice in question.choices if not choice.exclusive]
    taken = rng.sample(others, len(others))
    in_order = [tuple(code for code in others if code in taken[:count]) for count in range(1, len(others) + 1)]
    lowest = (tuple(alone[:1]),) if alone else ()
    return tuple(AnswerValue(choices=codes) for codes in (*lowest, *in_order))


def _matrix(question: QuestionSpec, in_order: list[str], rng: Random) -> Ladder:
    """Row by row from the lowest choice to the highest; always complete."""
    choices = {row.code: in_order[0] for row in question.rows}
    rungs = [AnswerValue(rows=tuple(choices.items()))]
    for code in in_order[1:]:
        for row in rng.sample(question.rows, len(question.rows)):
            choices[row.code] = code
            rungs.append(AnswerValue(rows=tuple(choices.items())))
    return tuple(rungs)
