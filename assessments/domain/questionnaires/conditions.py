"""Which questions are shown, given the answers so far."""

from assessments.domain.questionnaires.answers import EMPTY, Answers, chosen
from assessments.domain.questionnaires.spec import AllOf, Condition, Leaf, QuestionnaireSpec


def visible(spec: QuestionnaireSpec, answers: Answers) -> frozenset[str]:
    """The codes of the questions shown.

    Conditions look back only, so one pass settles hidden chains: what depends on a hidden question is hidden,
    whatever answer that question kept.
    """
    shown: set[str] = set()
    for question in spec.questions:
        if question.condition is None or _holds(spec, question.condition, answers, shown):
            shown.add(question.code)
    return frozenset(shown)


def holds(spec: QuestionnaireSpec, condition: Condition, answers: Answers) -> bool:
    """Whether the condition is met by the answers to the questions that are shown."""
    return _holds(spec, condition, answers, visible(spec, answers))


def _holds(spec: QuestionnaireSpec, condition: Condition, answers: Answers, shown: set[str] | frozenset[str]) -> bool:
    if isinstance(condition, Leaf):
        if condition.question not in shown:
            return False
        given = chosen(spec.question(condition.question), answers.get(condition.question, EMPTY))
        return not set(condition.any_of).isdisjoint(given)
    met = (_holds(spec, item, answers, shown) for item in condition.items)
    return all(met) if isinstance(condition, AllOf) else any(met)
