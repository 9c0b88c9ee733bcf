"""What the kartes of a survey compare with: its means and each municipality's peers, stored once a survey. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.scores import aggregation
from dxportal.core.organizations.domain.population import band_of
from dxportal.portal.domain.dashboard.content import scored_sections, section_mean
from dxportal.portal.domain.snapshots.facts import Facts, SurveyFacts
from dxportal.portal.domain.surveys import SurveyHead
from dxportal.portal.domain.values import Exact, Figures


@dataclass(frozen=True, slots=True)
class PeerMeans:
    """``rule``: "band" (same population band) or "nearest"; ``band``: the code of that band; ``sections`` by code."""

    count: int
    rule: str
    band: str = ""
    mean: Exact | None = None
    sections: dict[str, Exact] | None = None


@dataclass(frozen=True, slots=True)
class Comparison(Figures):
    """``count``: municipalities scored; ``sections`` and ``questions`` (mean points) by code; ``peers`` by
    municipality; ``areas``: their names in order.
    """

    survey: SurveyHead
    published: bool
    count: int
    mean: Exact | None
    sections: dict[str, Exact]
    questions: dict[str, Exact]
    areas: tuple[str, ...]
    peers: dict[int, PeerMeans]


def comparison_of(facts: Facts, survey: SurveyFacts) -> Comparison:
    codes = [section["code"] for section in scored_sections(survey)]
    means = {code: section_mean(survey, code) for code in codes}
    earned: dict[str, list[int]] = {}
    for card in survey.cards.values():
        for code, points in card.questions.items():
            earned.setdefault(code, []).append(points[0])
    return Comparison(
        survey=survey.head,
        published=survey.published,
        count=len(survey.cards),
        mean=aggregation.mean(card.total for card in survey.cards.values()),
        sections={code: mean for code, mean in means.items() if mean is not None},
        questions={code: Fraction(sum(values), len(values)) for code, values in earned.items()},
        areas=tuple(facts.areas),
        peers=_peers(facts, survey, codes),
    )


def _peers(facts: Facts, survey: SurveyFacts, codes: list[str]) -> dict[int, PeerMeans]:
    populations = {member: facts.towns[member].population(survey.head.year) for member in survey.cards}
    values: dict[int, dict[str, Fraction | None]] = {
        member: {"": card.total, **{code: card.section(code) for code in codes}}
        for member, card in survey.cards.items()
    }
    known: dict[frozenset[int], tuple[Fraction | None, dict[str, Fraction]]] = {}
    peers = {}
    for town in {*survey.cards, *survey.tiers}:
        chosen = aggregation.peers_of(town, populations)
        group = frozenset(chosen.organizations)
        if group not in known:
            known[group] = _means([values[peer] for peer in chosen.organizations], codes)
        band = band_of(populations.get(town))
        mean, sections = known[group]
        peers[town] = PeerMeans(len(group), chosen.rule, band.code if band else "", mean, sections)
    return peers


def _means(cards: list[dict[str, Fraction | None]], codes: list[str]) -> tuple[Fraction | None, dict[str, Fraction]]:
    def mean_of(code: str) -> Fraction | None:
        given = (card[code] for card in cards)
        return aggregation.mean(value for value in given if value is not None)

    means: Mapping[str, Fraction | None] = {code: mean_of(code) for code in codes}
    return mean_of(""), {code: mean for code, mean in means.items() if mean is not None}
