"""Conditions in words, for people who read them beside the question."""

from assessments.domain.questionnaires.spec import AllOf, Condition, Leaf, QuestionnaireSpec


def condition_text(spec: QuestionnaireSpec, condition: Condition) -> str:
    """「問0-1で『定義している』の場合に回答」."""
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
