"""One answer as a plain value, and whether it fits its question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.domain.questionnaires.spec import QuestionKind, QuestionSpec
from dxportal.core.unseen import unseen

TEXT_LIMIT = 2000
NOTE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """``choices`` of a ranking are in order of rank; ``rows`` are (row code, choice code) of a matrix."""

    choices: tuple[str, ...] = ()
    text: str = ""
    number: Decimal | None = None
    rows: tuple[tuple[str, str], ...] = ()


EMPTY = AnswerValue()


Answers = Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why a value cannot be the answer: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


def chosen(question: QuestionSpec, value: AnswerValue) -> tuple[str, ...]:
    """The choices of the value that the question knows, each once, no more than its kind takes."""
    known = tuple(dict.fromkeys(code for code in value.choices if question.choice(code)))
    if question.kind == QuestionKind.SINGLE:
        return known[:1]
    if question.kind == QuestionKind.RANKING:
        return known[: len(question.weights)]
    return known if question.kind == QuestionKind.MULTIPLE else ()


def chosen_rows(question: QuestionSpec, value: AnswerValue) -> dict[str, str]:
    """Row code → choice code, for the rows and choices that the matrix knows."""
    if question.kind != QuestionKind.MATRIX:
        return {}
    known = {row.code for row in question.rows}
    return {row: code for row, code in value.rows if row in known and question.choice(code)}


def is_answered(question: QuestionSpec, value: AnswerValue | None) -> bool:
    """Whether anything was said. A matrix with some rows open is answered; ``review`` names the open rows."""
    if value is None:
        return False
    if question.kind == QuestionKind.TEXT:
        return bool(value.text.strip())
    if question.kind == QuestionKind.NUMBER:
        return value.number is not None and value.number.is_finite()
    if question.kind == QuestionKind.MATRIX:
        return bool(chosen_rows(question, value))
    return bool(chosen(question, value))


def level(question: QuestionSpec, value: AnswerValue) -> int | None:
    """Where a single choice stands on its question's ladder, 0 the lowest; None off a ladder.

    A ladder is a scored single choice with three or more different points.
    """
    points = rungs(question)
    given = chosen(question, value)
    if len(points) < 3 or not given:
        return None
    choice = question.choice(given[0])
    return points.index(choice.points or 0) if choice else None


def rungs(question: QuestionSpec) -> list[int]:
    """The different points of a scored single choice, the lowest first; empty for anything else."""
    if question.kind != QuestionKind.SINGLE or not question.scored:
        return []
    return sorted({choice.points or 0 for choice in question.choices})


def check(question: QuestionSpec, value: AnswerValue) -> list[AnswerProblem]:
    """Everything that keeps the value from being this question's answer. An empty value has no problem:
    whether an answer is due is ``review.missing``'s business."""
    fields = {
        "choices": question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING),
        "text": question.kind == QuestionKind.TEXT,
        "number": question.kind == QuestionKind.NUMBER,
        "rows": question.kind == QuestionKind.MATRIX,
    }
    problems = [
        AnswerProblem("wrong_kind", "設問の形式に合わない回答です。画面を読み込み直してください。")
        for name, allowed in fields.items()
        if not allowed and getattr(value, name) not in ((), "", None)
    ]
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.RANKING:
            problems += _check_choices(question, value.choices)
        case QuestionKind.MATRIX:
            problems += _check_matrix(question, value)
        case QuestionKind.NUMBER:
            problems += _check_number(question, value.number)
        case QuestionKind.TEXT if sentence := unseen(value.text):
            problems.append(AnswerProblem("bad_character", sentence))
    return problems


def _check_choices(question: QuestionSpec, codes: tuple[str, ...]) -> Iterator[AnswerProblem]:
    yield from _check_known(question, codes)
    if question.kind == QuestionKind.SINGLE:
        if len(codes) > 1:
            yield AnswerProblem("too_many", "一つだけ選んでください。")
        return
    if len(set(codes)) < len(codes):
        yield AnswerProblem("repeated", "同じ選択肢が二度選ばれています。")
    if question.kind == QuestionKind.RANKING:
        if len(codes) > len(question.weights):
            yield AnswerProblem("too_many", f"{len(question.weights)}位まで選んでください。")
        return
    choices = [choice for code in codes if (choice := question.choice(code))]
    alone = next((choice for choice in choices if choice.exclusive), None)
    if alone and len(choices) > 1:
        yield AnswerProblem("exclusive", f"「{alone.label}」を選んだときは、ほかの選択肢を外してください。")


def _check_matrix(question: QuestionSpec, value: AnswerValue) -> Iterator[AnswerProblem]:
    known = {row.code for row in question.rows}
    given = [row for row, _ in value.rows]
    if not known.issuperset(given):
        yield AnswerProblem("unknown_row", "この設問にない行への回答です。画面を読み込み直してください。")
    if len(set(given)) < len(given):
        yield AnswerProblem("repeated", "一つの行に二つの回答があります。")
    yield from _check_known(question, tuple(code for _, code in value.rows))


def _check_number(question: QuestionSpec, number: Decimal | None) -> Iterator[AnswerProblem]:
    if number is None:
        return
    if not number.is_finite():
        yield AnswerProblem("not_a_number", "数字で入力してください。")
    elif question.minimum is not None and number < question.minimum:
        yield AnswerProblem("below_minimum", f"{question.minimum:f}{question.unit}以上で入力してください。")
    elif question.maximum is not None and number > question.maximum:
        yield AnswerProblem("above_maximum", f"{question.maximum:f}{question.unit}以下で入力してください。")


def _check_known(question: QuestionSpec, codes: tuple[str, ...]) -> Iterator[AnswerProblem]:
    if any(question.choice(code) is None for code in codes):
        yield AnswerProblem("unknown_choice", "選択肢にない回答です。画面を読み込み直して選び直してください。")
