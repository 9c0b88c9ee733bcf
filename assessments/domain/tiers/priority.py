"""Support priority from step scores: deficits by step, and what support answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step whose score is at most ``priority_at_most`` is a deficit; at most ``support_at_most`` calls for
    ``support``. None: the step never is."""

    step: int
    support: str
    priority_at_most: Fraction | None
    support_at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """The level from this many deficits on."""

    deficits: int
    name: str


@dataclass(frozen=True, slots=True)
class PriorityScheme:
    """Two sets of thresholds, since the published table cannot be had with one."""

    code: str
    version: int
    title: str
    steps: tuple[StepRule, ...]
    levels: tuple[LevelRule, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """``deficits`` are step numbers in order; ``supports`` the names of what is called for, in the same order."""

    level: str
    deficits: tuple[int, ...]
    supports: tuple[str, ...]


def assess(scheme: PriorityScheme, scores: Mapping[int, Fraction | int]) -> Priority:
    """Priority of one municipality from its score by step; a step without a score is no deficit."""
    rules = [rule for rule in scheme.steps if rule.step in scores]
    deficits = tuple(rule.step for rule in rules if _reaches(scores[rule.step], rule.priority_at_most))
    supports = tuple(rule.support for rule in rules if _reaches(scores[rule.step], rule.support_at_most))
    level = [level.name for level in scheme.levels if level.deficits <= len(deficits)][-1]
    return Priority(level, deficits, supports)


def _reaches(score: Fraction | int, at_most: Fraction | None) -> bool:
    return at_most is not None and score <= at_most
