"""Whether a condition can ever be met: some answers to the questions before it make it true."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from assessments.domain.questionnaires.spec import AllOf, Condition, Leaf, QuestionKind, QuestionSpec

# One way to meet a condition: the choices that each question's answer must touch, a set for every leaf.
Way = dict[str, frozenset[frozenset[str]]]


class Reachability:
    """Answers for one questionnaire; conditions hold no negation, so each has a finite list of ways to be met.

    Only for questionnaires whose conditions look back to known questions and known choices.
    """

    def __init__(self, questions: Mapping[str, QuestionSpec]):
        self._questions = questions
        self._ways: dict[str, list[Way]] = {}

    def can_be_shown(self, code: str) -> bool:
        return bool(self._shown(code))

    def can_hold(self, condition: Condition) -> bool:
        return next(self._meet(condition), None) is not None

    def _shown(self, code: str) -> list[Way]:
        if code not in self._ways:
            condition = self._questions[code].condition
            self._ways[code] = [{}] if condition is None else _smallest(self._meet(condition))
        return self._ways[code]

    def _meet(self, condition: Condition) -> Iterator[Way]:
        """The ways to meet the condition, the questions in it being shown included."""
        if isinstance(condition, Leaf):
            own: Way = {condition.question: frozenset({frozenset(condition.any_of)})}
            yield from self._join(([own], self._shown(condition.question)))
        elif isinstance(condition, AllOf):
            yield from self._join([_smallest(self._meet(item)) for item in condition.items])
        else:
            for item in condition.items:
                yield from self._meet(item)

    def _join(self, parts: "list[list[Way]] | tuple[list[Way], ...]") -> Iterator[Way]:
        for ways in product(*parts):
            merged: Way = {}
            for way in ways:
                for code, sets in way.items():
                    merged[code] = merged.get(code, frozenset()) | sets
            if all(_answerable(self._questions[code], sets) for code, sets in merged.items()):
                yield merged


def _smallest(ways: Iterator[Way]) -> list[Way]:
    """The ways without repetitions: equal demands reached on different paths count once."""
    return list({frozenset(way.items()): way for way in ways}.values())


def _answerable(question: QuestionSpec, sets: frozenset[frozenset[str]]) -> bool:
    """Whether one answer touches all the sets, by the rules of the question's kind."""
    if question.kind == QuestionKind.SINGLE:
        return bool(frozenset.intersection(*sets))
    if question.kind == QuestionKind.RANKING:
        return _hit_by(len(question.weights), sets)
    alone = {choice.code for choice in question.choices if choice.exclusive}
    return all(choices - alone for choices in sets) or bool(frozenset.intersection(*sets))


def _hit_by(places: int, sets: frozenset[frozenset[str]]) -> bool:
    codes = sorted(frozenset.union(*sets))
    sizes = range(1, min(places, len(codes)) + 1)
    return any(
        all(not choices.isdisjoint(pick) for choices in sets) for size in sizes for pick in combinations(codes, size)
    )
