"""The rules that turn points into a decision: tiers by the total, priority and supports by the steps' scores. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

TIERS = (4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class TierBand:
    """A total of at least ``minimum`` belongs here. ``meaning`` reads the score, ``support`` says what follows."""

    tier: int
    name: str
    minimum: Fraction
    meaning: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True)
class TierRules:
    """Bands from the highest tier (4) down to the lowest (1), whose minimum is 0: no total is left out."""

    code: str
    version: int
    title: str
    bands: tuple[TierBand, ...]

    def band(self, tier: int) -> TierBand:
        return next(band for band in self.bands if band.tier == tier)


def tier_for(scheme: TierRules, total: Fraction | int) -> TierBand:
    """The highest band whose minimum the exact total reaches (compared before any rounding)."""
    return next(band for band in scheme.bands if total >= band.minimum)


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
class PriorityRules:
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


def assess(scheme: PriorityRules, scores: Mapping[int, Fraction | int]) -> Priority:
    """Priority of one municipality from its score by step; a step without a score is no deficit."""
    rules = [rule for rule in scheme.steps if rule.step in scores]
    deficits = tuple(rule.step for rule in rules if _reaches(scores[rule.step], rule.priority_at_most))
    supports = tuple(rule.support for rule in rules if _reaches(scores[rule.step], rule.support_at_most))
    level = [level.name for level in scheme.levels if level.deficits <= len(deficits)][-1]
    return Priority(level, deficits, supports)


def _reaches(score: Fraction | int, at_most: Fraction | None) -> bool:
    return at_most is not None and score <= at_most
