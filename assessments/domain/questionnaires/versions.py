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
    kept = [_difference(old, before.pop(question.key, None), new, question) for question in new.questions]
    removed = [QuestionDifference("removed", question, None) for question in before.values()]
    return [entry for entry in kept if entry.kind != "changed" or entry.changes] + removed


def _difference(
    old_spec: QuestionnaireSpec, old: QuestionSpec | None, new_spec: QuestionnaireSpec, new: QuestionSpec
) -> QuestionDifference:
    if old is None:
        return QuestionDifference("added", None, new)
    before = _facts(old_spec, old)
    after = _facts(new_spec, new)
    changes = tuple((name, before[name], after[name]) for name in after if before[name] != after[name])
    return QuestionDifference("changed", old, new, changes)


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
