"""Conditions and answers in words, for people who read them beside the question. Pure."""

from decimal import Decimal

from assessments.domain.questionnaires.answers import AnswerValue, chosen, chosen_rows, is_answered
from assessments.domain.questionnaires.spec import AllOf, Condition, Leaf, QuestionKind, QuestionnaireSpec, QuestionSpec


def condition_text(spec: QuestionnaireSpec, condition: Condition) -> str:
    """The condition in words: 「問0-1で『定義している』の場合に回答」."""
    return f"{_words(spec, condition)}の場合に回答"


def _words(spec: QuestionnaireSpec, condition: Condition, nested: bool = False) -> str:
    if isinstance(condition, Leaf):
        question = spec.question(condition.question)
        labels = (choice.label for choice in question.choices if choice.code in condition.any_of)
        return f"問{question.code}で{'または'.join(f'『{label}』' for label in labels)}"
    joined = (" かつ " if isinstance(condition, AllOf) else " または ").join(
        _words(spec, item, nested=True) for item in condition.items
    )
    return f"（{joined}）" if nested and len(condition.items) > 1 else joined


def answer_lines(question: QuestionSpec, value: AnswerValue | None) -> tuple[str, ...]:
    """An answer as people read it, one line a choice or row; empty when unanswered."""
    if value is None or not is_answered(question, value):
        return ()
    if question.kind == QuestionKind.TEXT:
        return tuple(value.text.strip().splitlines())
    if question.kind == QuestionKind.NUMBER:
        return (f"{plain_number(value.number)}{question.unit}",)
    if question.kind == QuestionKind.MATRIX:
        marks = chosen_rows(question, value)
        return tuple(f"{row.label}：{_label(question, marks[row.code])}" for row in question.rows if row.code in marks)
    labels = [_label(question, code) for code in chosen(question, value)]
    if question.kind == QuestionKind.RANKING:
        return tuple(f"{place}位：{label}" for place, label in enumerate(labels, 1))
    return tuple(labels)


def plain_number(number: Decimal | None) -> str:
    """「1,200」, 「12.5」: thousands commas, no idle zeros."""
    if number is None:
        return ""
    whole = number.to_integral_value()
    text = f"{whole:,}" if number == whole else f"{number.normalize():,f}"
    return text.replace("-", "−")


def _label(question: QuestionSpec, code: str) -> str:
    choice = question.choice(code)
    return choice.label if choice else ""
