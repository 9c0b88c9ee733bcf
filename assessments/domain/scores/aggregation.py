"""What the figures of many municipalities say together: means, tiers, movements, peers, areas, changes.

Plain and exact: fractions in, fractions out; rounding is for showing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.questionnaires.answers import EMPTY, AnswerValue, level
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.scores.results import Respondent
from dxportal.core.organizations.domain.population import band_of

FEWEST_PEERS = 3


NEAREST_PEERS = 5


NAMED_AREAS = 3


@dataclass(frozen=True, slots=True)
class Peers:
    """Whom a municipality is compared with; ``rule`` is "band" or, where the band is too small, "nearest"."""

    organizations: tuple[int, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class AreaQuestion:
    """One scored question's points in an area, and the mean share of its points in the prefecture."""

    area: str
    code: str
    earned: int
    possible: int


@dataclass(frozen=True, slots=True)
class AreaShare:
    """An area's share of points, own and the prefecture's mean, with the questions behind it."""

    area: str
    own: Fraction
    mean: Fraction
    questions: tuple[AreaQuestion, ...]

    @property
    def difference(self) -> Fraction:
        return self.own - self.mean


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer that differs from the last one. ``direction``: 1 up a ladder, −1 down, 0 neither."""

    code: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    direction: int


def mean(values: Iterable[Fraction | int]) -> Fraction | None:
    """The arithmetic mean; None of nothing."""
    given = [Fraction(value) for value in values]
    return sum(given, Fraction(0)) / len(given) if given else None


def peers_of(target: int, populations: Mapping[int, int | None]) -> Peers:
    """The others of the same population band; where fewer than three, the five nearest in population.

    Nearness is the ratio of the populations, so that 2,000 and 4,000 lie as far apart as 20,000 and 40,000.
    """
    own = populations.get(target)
    if own is None:
        return Peers((), "unknown")
    known = {one: count for one, count in populations.items() if one != target and count is not None}
    same = tuple(one for one, count in known.items() if band_of(count) == band_of(own))
    if len(same) >= FEWEST_PEERS:
        return Peers(same, "band")
    nearest = sorted(known, key=lambda one: (_ratio(known[one], own), one))
    return Peers(tuple(nearest[:NEAREST_PEERS]), "nearest")


def _ratio(one: int, other: int) -> Fraction:
    larger, smaller = max(one, other), min(one, other)
    return Fraction(larger + 1, smaller + 1)


def area_shares(
    own: Sequence[AreaQuestion], means: Mapping[str, Fraction], order: Sequence[str]
) -> tuple[AreaShare, ...]:
    """Shares of points by area, in the given order of areas.

    ``means``: question code → the prefecture's mean points of that question. Unscored questions and those that were
    not asked are left out by the caller; an area without questions has no standing.
    """
    found = []
    for area in order:
        questions = tuple(one for one in own if one.area == area and one.possible)
        possible = sum(one.possible for one in questions)
        if possible:
            earned = Fraction(sum(one.earned for one in questions), possible)
            average = sum((means.get(one.code, Fraction(0)) for one in questions), Fraction(0)) / possible
            found.append(AreaShare(area, earned, average, questions))
    return tuple(found)


def strengths_and_gaps(
    standings: Sequence[AreaShare],
) -> tuple[tuple[AreaShare, ...], tuple[AreaShare, ...]]:
    """Three areas furthest above the prefecture's mean, three furthest below.

    Compared is the share of points in reach; equal differences are ordered by the own share. An area with no points
    is never a strength, one with full points never a gap, and no area is both.
    """
    ranked = sorted(standings, key=lambda one: (-one.difference, -one.own))
    upper = (len(ranked) + 1) // 2
    strengths = [one for one in ranked[:upper] if one.own > 0]
    gaps = [one for one in reversed(ranked[upper:]) if one.own < 1]
    return tuple(strengths[:NAMED_AREAS]), tuple(gaps[:NAMED_AREAS])


def changes(
    spec: QuestionnaireSpec, now: Respondent, previous_spec: QuestionnaireSpec, before: Respondent
) -> tuple[AnswerChange, ...]:
    """The questions shown both times whose answers read differently, matched by their stable key.

    Of a matrix only the rows that differ.
    """
    last = {question.key: question for question in previous_spec.questions}
    found = []
    for question in spec.questions:
        old = last.get(question.key)
        if old is None or question.code not in now.shown or old.code not in before.shown:
            continue
        after, then = now.answers.get(question.code, EMPTY), before.answers.get(old.code, EMPTY)
        lines = answer_lines(old, then), answer_lines(question, after)
        if lines[0] != lines[1]:
            told = _apart(*lines) if question.kind == QuestionKind.MATRIX else lines
            found.append(AnswerChange(question.code, *told, _direction(question, after, old, then)))
    return tuple(found)


def _apart(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that the other side lacks."""
    return tuple(line for line in before if line not in after), tuple(line for line in after if line not in before)


def _direction(question: QuestionSpec, after: AnswerValue, old: QuestionSpec, then: AnswerValue) -> int:
    now, was = level(question, after), level(old, then)
    if now is None or was is None or now == was:
        return 0
    return 1 if now > was else -1
