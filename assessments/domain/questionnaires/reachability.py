"""Whether a condition can ever be met: some answers to the questions before it make it true."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from assessments.domain.questionnaires.spec import AllOf, Condition, Leaf, QuestionKind, QuestionSpec

# What meets a condition: the choices that each question's answer must touch, a set for every leaf.
Demands = dict[str, frozenset[frozenset[str]]]


class Reachability:
    """Answers for one questionnaire; conditions hold no negation, so each has a finite list of ways to be met.

    Only for questionnaires whose conditions look back to known questions and known choices.
    """

    def __init__(self, questions: Mapping[str, QuestionSpec]):
        self._questions = questions
        self._demands: dict[str, list[Demands]] = {}

    def can_be_shown(self, code: str) -> bool:
        return bool(self._shown(code))

    def can_hold(self, condition: Condition) -> bool:
        return next(self._meet(condition), None) is not None

    def _shown(self, code: str) -> list[Demands]:
        if code not in self._demands:
            condition = self._questions[code].condition
            self._demands[code] = [{}] if condition is None else _smallest(self._meet(condition))
        return self._demands[code]

    def _meet(self, condition: Condition) -> Iterator[Demands]:
        """The ways to meet the condition, the questions in it being shown included."""
        if isinstance(condition, Leaf):
            own: Demands = {condition.question: frozenset({frozenset(condition.any_of)})}
            yield from self._join(([own], self._shown(condition.question)))
        elif isinstance(condition, AllOf):
            yield from self._join([_smallest(self._meet(item)) for item in condition.items])
        else:
            for item in condition.items:
                yield from self._meet(item)

    def _join(self, parts: "list[list[Demands]] | tuple[list[Demands], ...]") -> Iterator[Demands]:
        for choice_of_each in product(*parts):
            merged: Demands = {}
            for demands in choice_of_each:
                for code, sets in demands.items():
                    merged[code] = merged.get(code, frozenset()) | sets
            if all(_answerable(self._questions[code], sets) for code, sets in merged.items()):
                yield merged


def _smallest(several: Iterator[Demands]) -> list[Demands]:
    """Without repetitions: equal demands reached on different paths count once."""
    return list({frozenset(demands.items()): demands for demands in several}.values())


def _answerable(question: QuestionSpec, sets: frozenset[frozenset[str]]) -> bool:
    """Whether one answer touches all the sets, by the rules of the question's kind."""
    if question.kind == QuestionKind.SINGLE:
        return bool(frozenset.intersection(*sets))
    if question.kind == QuestionKind.RANKING:
        codes = sorted(frozenset.union(*sets))
        sizes = range(1, min(len(question.weights), len(codes)) + 1)
        picks = (pick for size in sizes for pick in combinations(codes, size))
        return any(all(not choices.isdisjoint(pick) for choices in sets) for pick in picks)
    alone = {choice.code for choice in question.choices if choice.exclusive}
    return all(choices - alone for choices in sets) or bool(frozenset.intersection(*sets))
