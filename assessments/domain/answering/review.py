"""What to look at before a response is handed in: gaps, contradictions, jumps. Findings warn, they don't block."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessments.domain.questionnaires.answers import (
    EMPTY,
    Answers,
    AnswerValue,
    check,
    chosen,
    chosen_rows,
    is_answered,
    level,
    rungs,
)
from assessments.domain.questionnaires.conditions import holds, visible
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec

MISSING = "missing"


INCOMPLETE = "incomplete"


INVALID = "invalid"


CONTRADICTION = "contradiction"


JUMP = "jump"


LADDER_JUMP = 2


NUMBER_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """``question`` is the code to link to; ``kind`` is one of the constants of this module."""

    question: str
    kind: str
    message: str


def review(
    spec: QuestionnaireSpec,
    answers: Answers,
    previous: Answers | None = None,
    previous_spec: QuestionnaireSpec | None = None,
) -> list[Finding]:
    """All findings, by kind and then in the order of the questions. ``previous`` is keyed by the question codes of
    ``previous_spec`` (the same questionnaire when not given)."""
    findings = [*missing(spec, answers), *invalid(spec, answers), *contradictions(spec, answers)]
    if previous is not None:
        findings += jumps(spec, answers, previous, previous_spec)
    return findings


def missing(spec: QuestionnaireSpec, answers: Answers) -> list[Finding]:
    """Required questions without an answer, and matrices with rows left open."""
    shown = visible(spec, answers)
    gaps = []
    for question in spec.questions:
        value = answers.get(question.code, EMPTY)
        if question.code not in shown:
            continue
        if not is_answered(question, value):
            if question.required:
                gaps.append(Finding(question.code, MISSING, "回答がありません。"))
        elif question.kind == QuestionKind.MATRIX:
            given = chosen_rows(question, value)
            if still_open := [row.label for row in question.rows if row.code not in given]:
                message = f"未回答の行が{len(still_open)}行あります：{'、'.join(still_open)}"
                gaps.append(Finding(question.code, INCOMPLETE, message))
    return gaps


def invalid(spec: QuestionnaireSpec, answers: Answers) -> list[Finding]:
    """Answers that their question can't take (such as after an import, or a choice that no longer stands)."""
    shown = visible(spec, answers)
    return [
        Finding(question.code, INVALID, problem.message)
        for question in spec.questions
        if question.code in shown
        for problem in check(question, answers.get(question.code, EMPTY))
    ]


def contradictions(spec: QuestionnaireSpec, answers: Answers) -> list[Finding]:
    """The questionnaire's own rules whose condition holds; linked to the last question of the rule."""
    order = {question.code: position for position, question in enumerate(spec.questions)}
    return [
        Finding(max(rule.questions, key=order.__getitem__), CONTRADICTION, rule.message)
        for rule in spec.contradictions
        if holds(spec, rule.when, answers)
    ]


def jumps(
    spec: QuestionnaireSpec, answers: Answers, previous: Answers, previous_spec: QuestionnaireSpec | None = None
) -> list[Finding]:
    """Changes that deserve a second look: a ladder moved by two levels or more, a number to more than twice or less
    than half. Questions are matched by their stable key; only those shown and answered both times count."""
    previous_spec = previous_spec or spec
    before = {question.key: question for question in previous_spec.questions}
    shown = visible(spec, answers)
    shown_before = visible(previous_spec, previous)
    findings = []
    for question in spec.questions:
        old = before.get(question.key)
        if old is None or question.code not in shown or old.code not in shown_before:
            continue
        messages = _jump(question, answers.get(question.code, EMPTY), old, previous.get(old.code, EMPTY))
        findings += [Finding(question.code, JUMP, message) for message in messages]
    return findings


def _jump(question: QuestionSpec, value: AnswerValue, old: QuestionSpec, before: AnswerValue) -> Iterator[str]:
    if question.kind != old.kind:
        return
    if question.kind == QuestionKind.NUMBER and is_answered(question, value) and is_answered(old, before):
        yield from _number_jump(question, value.number, before.number)
    now = level(question, value)
    then = level(old, before)
    # Levels of ladders of different length say nothing of each other: the third of four is not the third of five.
    if now is None or then is None or len(rungs(question)) != len(rungs(old)):
        return
    if abs(now - then) >= LADDER_JUMP:
        direction = "上がって" if now > then else "下がって"
        was = old.choice(chosen(old, before)[0])
        yield f"前回の「{was.label if was else ''}」から{abs(now - then)}段階{direction}います。"


def _number_jump(question: QuestionSpec, now: Decimal | None, then: Decimal | None) -> Iterator[str]:
    if now is None or then is None:
        return
    was = f"前回の{then.normalize():f}{question.unit}から"
    # Twice a negative number is less and not more: sizes are compared, and a change of sign always counts.
    if min(now, then) < 0:
        small, large = sorted((abs(now), abs(then)))
        if now * then <= 0 or large > small * NUMBER_FACTOR:
            yield f"{was}大きく変わっています。"
    elif now > then * NUMBER_FACTOR:
        yield f"{was}2倍を超えて増えています。"
    elif now * NUMBER_FACTOR < then:
        yield f"{was}半分未満に減っています。"
