"""A questionnaire in words, and the differences between two versions. Pure."""

from dataclasses import dataclass

from assessments.domain.questionnaires.spec import QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import condition_text

KIND_WORDS = {
    "single": "一つ選択",
    "multiple": "いくつでも選択",
    "text": "自由記述",
    "number": "数値",
    "matrix": "表（行ごとに一つ選択）",
    "ranking": "順位",
}


@dataclass(frozen=True, slots=True)
class QuestionDifference:
    """One question that differs: ``kind`` "added", "removed" or "changed", with what changed as (name, old, new)."""

    kind: str
    old: QuestionSpec | None
    new: QuestionSpec | None
    changes: tuple[tuple[str, str, str], ...] = ()


def differences(old: QuestionnaireSpec, new: QuestionnaireSpec) -> list[QuestionDifference]:
    """Questions matched by their stable key: the new version's order, then what was removed."""
    before = {question.key: question for question in old.questions}
    entries = []
    for question in new.questions:
        former = before.pop(question.key, None)
        if former is None:
            entries.append(QuestionDifference("added", None, question))
            continue
        then = _facts(old, former)
        now = _facts(new, question)
        if changes := tuple((name, then[name], now[name]) for name in now if then[name] != now[name]):
            entries.append(QuestionDifference("changed", former, question, changes))
    return entries + [QuestionDifference("removed", question, None) for question in before.values()]


def _facts(spec: QuestionnaireSpec, question: QuestionSpec) -> dict[str, str]:
    """Everything about a question that an officer would notice."""
    limits = [f"{value:f}" if value is not None else "" for value in (question.minimum, question.maximum)]
    return {
        "問番号": question.code,
        "設問文": question.wording,
        "説明": question.help,
        "形式": KIND_WORDS[question.kind],
        "必須": "必須" if question.required else "任意",
        "領域": question.area,
        "表示条件": condition_text(spec, question.condition) if question.condition else "",
        "選択肢": "\n".join(
            f"{choice.label}（{choice.points}点）" if choice.points is not None else choice.label
            for choice in question.choices
        ),
        "行": "\n".join(row.label for row in question.rows),
        "数値の範囲": f"{limits[0]}～{limits[1]}{question.unit}" if any(limits) else question.unit,
        "満点": f"{question.max_points}点" if question.scored else "採点しない",
    }
