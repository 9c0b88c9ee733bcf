"""One answer as a plain value, and whether it fits its question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.domain.questionnaires.spec import Kind, QuestionSpec


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
class Problem:
    """Why a value cannot be the answer: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


def chosen(question: QuestionSpec, value: AnswerValue) -> tuple[str, ...]:
    """The choices of the value that the question knows, each once, no more than its kind takes."""
    known = tuple(dict.fromkeys(code for code in value.choices if question.choice(code)))
    if question.kind == Kind.SINGLE:
        return known[:1]
    if question.kind == Kind.RANKING:
        return known[: len(question.weights)]
    return known if question.kind == Kind.MULTIPLE else ()


def chosen_rows(question: QuestionSpec, value: AnswerValue) -> dict[str, str]:
    """Row code → choice code, for the rows and choices that the matrix knows."""
    if question.kind != Kind.MATRIX:
        return {}
    known = {row.code for row in question.rows}
    return {row: code for row, code in value.rows if row in known and question.choice(code)}


def is_answered(question: QuestionSpec, value: AnswerValue | None) -> bool:
    """Whether anything was said. A matrix with some rows open is answered; ``review`` names the open rows."""
    if value is None:
        return False
    if question.kind == Kind.TEXT:
        return bool(value.text.strip())
    if question.kind == Kind.NUMBER:
        return value.number is not None and value.number.is_finite()
    if question.kind == Kind.MATRIX:
        return bool(chosen_rows(question, value))
    return bool(chosen(question, value))


def check(question: QuestionSpec, value: AnswerValue) -> list[Problem]:
    """Everything that keeps the value from being this question's answer. An empty value has no problem:
    whether an answer is due is ``review.missing``'s business."""
    return [*_check_fields(question, value), *_CHECKS[question.kind](question, value)]


def _check_fields(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    """A value may only use the field of its question's kind."""
    fields = {
        "choices": question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING),
        "text": question.kind == Kind.TEXT,
        "number": question.kind == Kind.NUMBER,
        "rows": question.kind == Kind.MATRIX,
    }
    for name, allowed in fields.items():
        if not allowed and getattr(value, name) not in ((), "", None):
            yield Problem("wrong_kind", "設問の形式に合わない回答です。画面を読み込み直してください。")


def _check_single(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    yield from _check_known(question, value.choices)
    if len(value.choices) > 1:
        yield Problem("too_many", "一つだけ選んでください。")


def _check_multiple(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    yield from _check_known(question, value.choices)
    yield from _check_repeated(value.choices)
    choices = [choice for code in value.choices if (choice := question.choice(code))]
    alone = next((choice for choice in choices if choice.exclusive), None)
    if alone and len(choices) > 1:
        yield Problem("exclusive", f"「{alone.label}」を選んだときは、ほかの選択肢を外してください。")


def _check_ranking(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    yield from _check_known(question, value.choices)
    yield from _check_repeated(value.choices)
    if len(value.choices) > len(question.weights):
        yield Problem("too_many", f"{len(question.weights)}位まで選んでください。")


def _check_matrix(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    known = {row.code for row in question.rows}
    given = [row for row, _ in value.rows]
    if not known.issuperset(given):
        yield Problem("unknown_row", "この設問にない行への回答です。画面を読み込み直してください。")
    if len(set(given)) < len(given):
        yield Problem("repeated", "一つの行に二つの回答があります。")
    yield from _check_known(question, tuple(code for _, code in value.rows))


def _check_number(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    if value.number is None:
        return
    if not value.number.is_finite():
        yield Problem("not_a_number", "数字で入力してください。")
    elif question.minimum is not None and value.number < question.minimum:
        yield Problem("below_minimum", f"{question.minimum:f}{question.unit}以上で入力してください。")
    elif question.maximum is not None and value.number > question.maximum:
        yield Problem("above_maximum", f"{question.maximum:f}{question.unit}以下で入力してください。")


def _check_text(question: QuestionSpec, value: AnswerValue) -> Iterator[Problem]:
    if "\x00" in value.text:
        yield Problem("bad_character", "使えない文字（制御文字）が含まれています。")


def _check_known(question: QuestionSpec, codes: tuple[str, ...]) -> Iterator[Problem]:
    if any(question.choice(code) is None for code in codes):
        yield Problem("unknown_choice", "選択肢にない回答です。画面を読み込み直して選び直してください。")


def _check_repeated(codes: tuple[str, ...]) -> Iterator[Problem]:
    if len(set(codes)) < len(codes):
        yield Problem("repeated", "同じ選択肢が二度選ばれています。")


_CHECKS = {
    Kind.SINGLE: _check_single,
    Kind.MULTIPLE: _check_multiple,
    Kind.RANKING: _check_ranking,
    Kind.MATRIX: _check_matrix,
    Kind.NUMBER: _check_number,
    Kind.TEXT: _check_text,
}
