"""A karte as it is read: the municipality's own figures beside the means and peers of today. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.scores import aggregation
from assessments.domain.scores.aggregation import AreaQuestion, AreaShare
from dxportal.portal.domain.karte.comparison import Comparison, PeerMeans
from dxportal.portal.domain.karte.content import KarteEntry, OwnQuestion, OwnScores, OwnSection, TownHead
from dxportal.portal.domain.surveys import SurveyHead
from dxportal.portal.domain.values import difference


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """A section's score beside the prefecture's mean and that of the peers."""

    own: OwnSection
    mean: Fraction | None
    peer: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        return difference(self.own.own, self.mean)


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """An area's share of points, with the questions behind it."""

    name: str
    own: Fraction
    mean: Fraction
    questions: tuple[OwnQuestion, ...]

    @property
    def difference(self) -> Fraction:
        return self.own - self.mean


@dataclass(frozen=True, slots=True)
class ComparedEntry:
    """One survey of a karte. ``comparison`` and ``peers`` are None where nothing may or can be compared."""

    entry: KarteEntry
    comparison: Comparison | None
    peers: PeerMeans | None
    sections: tuple[ComparedSection, ...] = ()
    areas: tuple[ComparedArea, ...] = ()
    strengths: tuple[ComparedArea, ...] = ()
    gaps: tuple[ComparedArea, ...] = ()

    @property
    def survey(self) -> SurveyHead:
        return self.entry.survey

    @property
    def called(self) -> str:
        """With what it is called now, where it had another name on the survey's day; else ""."""
        return self.entry.called

    @property
    def scores(self) -> OwnScores | None:
        return self.entry.scores

    @property
    def total(self) -> Fraction | None:
        return self.entry.scores.total if self.entry.scores else None

    @property
    def mean(self) -> Fraction | None:
        return self.comparison.mean if self.comparison else None

    @property
    def peer_mean(self) -> Fraction | None:
        return self.peers.mean if self.peers else None


@dataclass(frozen=True, slots=True)
class Karte:
    """``entries``: newest survey first."""

    town: TownHead
    entries: tuple[ComparedEntry, ...]


def joined(entry: KarteEntry, comparison: Comparison | None, town: int) -> ComparedEntry:
    if comparison is None or entry.scores is None:
        return ComparedEntry(entry, None, None, _sections(entry.scores, {}, {}))
    peers = comparison.peers.get(town)
    sections = _sections(entry.scores, comparison.sections, (peers.sections or {}) if peers else {})
    questions = [
        AreaQuestion(question.area, question.code, question.earned, question.possible)
        for question in entry.scores.questions
    ]
    shares: tuple[AreaShare, ...] = ()
    if comparison.questions:
        shares = aggregation.area_shares(questions, comparison.questions, comparison.areas)
    strengths, gaps = aggregation.strengths_and_gaps(shares)
    compared = {share.area: _area(share, entry.scores) for share in shares}
    return ComparedEntry(
        entry,
        comparison,
        peers,
        sections,
        tuple(compared.values()),
        tuple(compared[area.area] for area in strengths),
        tuple(compared[area.area] for area in gaps),
    )


def _sections(
    scores: OwnScores | None, means: Mapping[str, Fraction], peers: Mapping[str, Fraction]
) -> tuple[ComparedSection, ...]:
    own = scores.sections if scores else ()
    return tuple(ComparedSection(section, means.get(section.code), peers.get(section.code)) for section in own)


def _area(share: AreaShare, scores: OwnScores) -> ComparedArea:
    behind = {question.code for question in share.questions}
    questions = tuple(question for question in scores.questions if question.code in behind)
    return ComparedArea(share.area, share.own, share.mean, questions)
