"""What the figures of many municipalities say together: means, tiers, movements, peers, areas, changes.

Plain and exact: fractions in, fractions out; rounding is for showing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.questionnaires.answers import EMPTY, level
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec
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
    known = {town: count for town, count in populations.items() if town != target and count is not None}
    same = tuple(town for town, count in known.items() if band_of(count) == band_of(own))
    if len(same) >= FEWEST_PEERS:
        return Peers(same, "band")
    # Of the larger to the smaller; one is added to both, since a town may have nobody left.
    ratios = {town: Fraction(max(count, own) + 1, min(count, own) + 1) for town, count in known.items()}
    nearest = sorted(known, key=lambda town: (ratios[town], town))
    return Peers(tuple(nearest[:NEAREST_PEERS]), "nearest")


def area_shares(
    own: Sequence[AreaQuestion], means: Mapping[str, Fraction], order: Sequence[str]
) -> tuple[AreaShare, ...]:
    """Shares of points by area, in the given order of areas.

    ``means``: question code → the prefecture's mean points of that question. Unscored questions and those that were
    not asked are left out by the caller; an area without questions has no share.
    """
    shares = []
    for area in order:
        questions = tuple(question for question in own if question.area == area and question.possible)
        possible = sum(question.possible for question in questions)
        if possible:
            earned = Fraction(sum(question.earned for question in questions), possible)
            average = sum((means.get(question.code, Fraction(0)) for question in questions), Fraction(0)) / possible
            shares.append(AreaShare(area, earned, average, questions))
    return tuple(shares)


def strengths_and_gaps(
    shares: Sequence[AreaShare],
) -> tuple[tuple[AreaShare, ...], tuple[AreaShare, ...]]:
    """Three areas furthest above the prefecture's mean, three furthest below.

    Compared is the share of points in reach; equal differences are ordered by the own share. An area with no points
    is never a strength, one with full points never a gap, and no area is both.
    """
    ranked = sorted(shares, key=lambda share: (-share.difference, -share.own))
    # Cut in two before anything is named, so that no area can be on both sides.
    upper = (len(ranked) + 1) // 2
    strengths = [share for share in ranked[:upper] if share.own > 0]
    gaps = [share for share in reversed(ranked[upper:]) if share.own < 1]
    return tuple(strengths[:NAMED_AREAS]), tuple(gaps[:NAMED_AREAS])


def changes(
    spec: QuestionnaireSpec, now: Respondent, previous_spec: QuestionnaireSpec, before: Respondent
) -> tuple[AnswerChange, ...]:
    """The questions shown both times whose answers read differently, matched by their stable key.

    Of a matrix only the rows that differ.
    """
    last = {question.key: question for question in previous_spec.questions}
    differing = []
    for question in spec.questions:
        old = last.get(question.key)
        if old is None or question.code not in now.shown or old.code not in before.shown:
            continue
        after = now.answers.get(question.code, EMPTY)
        then = before.answers.get(old.code, EMPTY)
        old_lines = answer_lines(old, then)
        new_lines = answer_lines(question, after)
        if old_lines == new_lines:
            continue
        gone = old_lines
        come = new_lines
        if question.kind == QuestionKind.MATRIX:
            gone = tuple(line for line in old_lines if line not in new_lines)
            come = tuple(line for line in new_lines if line not in old_lines)
        rung = level(question, after)
        rung_before = level(old, then)
        direction = 0
        if rung is not None and rung_before is not None:
            direction = (rung > rung_before) - (rung < rung_before)
        differing.append(AnswerChange(question.code, gone, come, direction))
    return tuple(differing)
