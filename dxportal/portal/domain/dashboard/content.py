"""The prefecture dashboard of one survey as it is stored, and how it is computed. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison
from assessments.domain.tiers.rules import TIERS
from dxportal.core.organizations.domain.population import band_of
from dxportal.core.organizations.then import placed
from dxportal.portal.domain.snapshots.facts import Facts, SurveyFacts, Town, last_year_of, run_of
from dxportal.portal.domain.surveys import Decision, SurveyHead, TierWords
from dxportal.portal.domain.values import Exact, Figures, difference

# No more than ``YEARS`` of ``snapshots.sources``, which reads so many: older surveys would be without their cards.
YEARS = 4


@dataclass(frozen=True, slots=True)
class SectionMean:
    """A section that counts; ``step`` is None for a field of emphasis. ``last``: the mean of last year's survey."""

    code: str
    title: str
    step: int | None
    worth: int
    mean: Exact | None
    last: Exact | None

    @property
    def change(self) -> Fraction | None:
        return difference(self.mean, self.last)


@dataclass(frozen=True, slots=True)
class YearMean:
    """The mean total of one survey in the line over the years."""

    survey: int
    year: int
    round: str
    mean: Exact
    count: int
    published: bool


@dataclass(frozen=True, slots=True)
class TierCount:
    """Municipalities in a tier; ``last`` is None without a survey to compare with."""

    words: TierWords
    count: int
    last: int | None

    @property
    def tier(self) -> int:
        return self.words.tier

    @property
    def name(self) -> str:
        return self.words.name


@dataclass(frozen=True, slots=True)
class DashboardFlow:
    """Who moved from one tier to another or stayed; ``count`` may exceed ``towns``, which a reader may not all see."""

    before: int
    after: int
    count: int
    towns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OriginTier:
    """A municipality whose place another took, as it was called then, with its tier of the last survey."""

    id: int
    name: str
    tier: int | None


@dataclass(frozen=True, slots=True)
class JoinedTown:
    """Who took the place of others since the last survey: without a tier before, or not of itself alone.

    ``event`` as in ``Origins``.
    """

    town: int
    event: str
    tier: int | None
    origins: tuple[OriginTier, ...]


@dataclass(frozen=True, slots=True)
class LastSurvey:
    """The survey of an earlier year that the dashboard compares with."""

    id: int
    year: int
    members: int
    handed_in: int
    published: bool


@dataclass(frozen=True, slots=True)
class DashboardTown:
    """A municipality's part. ``cells``: its scores in the order of the dashboard's sections.

    Name, code and bureau are those of the survey's day; ``now``, ``code_now``: those of today where they differ.
    ``total_last`` is there only where it compares: scored both times with the same maximum.
    """

    id: int
    name: str
    kana: str
    code: str
    bureau: str
    bureau_id: int | None
    prefecture_id: int
    population: int | None = None
    band: str = ""
    row: int | None = None
    column: int | None = None
    state: str = ""
    tier: int | None = None
    tier_last: int | None = None
    total: Exact | None = None
    total_last: Exact | None = None
    cells: tuple[Exact | None, ...] = ()
    priority: str = ""
    supports: tuple[str, ...] = ()
    now: str = ""
    code_now: str = ""

    @property
    def shown(self) -> str:
        return placed(self.name, self.now)

    @property
    def change(self) -> Fraction | None:
        return difference(self.total, self.total_last)


@dataclass(frozen=True, slots=True)
class Dashboard(Figures):
    """``towns`` carries names: ``public.dashboard`` makes the part that municipalities may read."""

    survey: SurveyHead
    members: int
    handed_in: int
    scored_count: int
    maximum: int
    run_as_of: dt.datetime | None
    decision: Decision
    sections: tuple[SectionMean, ...]
    mean: Exact | None
    mean_change: Exact | None
    last: LastSurvey | None
    means: tuple[YearMean, ...]
    tiers: tuple[TierCount, ...]
    flows: tuple[DashboardFlow, ...]
    towns: tuple[DashboardTown, ...]
    joined: tuple[JoinedTown, ...] = ()


def dashboard_of(facts: Facts, survey: SurveyFacts) -> Dashboard:
    last = last_year_of(facts.surveys, survey)
    sections = scored_sections(survey)
    flows = comparison.movements(last.tiers, survey.tiers) if last else ()
    tiers_now = comparison.tier_counts(survey.tiers.values())
    tiers_before = comparison.tier_counts(last.tiers.values()) if last else {}
    return Dashboard(
        survey=survey.head,
        members=len(survey.members),
        handed_in=survey.handed_in,
        scored_count=len(survey.cards),
        maximum=survey.maximum,
        run_as_of=survey.run_as_of,
        decision=survey.decision,
        sections=tuple(
            SectionMean(
                section["code"],
                section["title"],
                section.get("step"),
                section["worth"],
                section_mean(survey, section["code"]),
                section_mean(last, section["code"]) if last else None,
            )
            for section in sections
        ),
        mean=aggregation.mean(card.total for card in survey.cards.values()),
        mean_change=_mean_change(survey, last),
        last=LastSurvey(last.id, last.head.year, len(last.members), last.handed_in, last.published) if last else None,
        means=_means(facts, survey),
        tiers=tuple(TierCount(survey.words[tier], tiers_now[tier], tiers_before.get(tier)) for tier in TIERS),
        flows=tuple(
            DashboardFlow(flow.before, flow.after, len(flow.organizations), flow.organizations) for flow in flows
        ),
        joined=_joined(facts, survey, last) if last else (),
        towns=tuple(_town(facts.town(member, survey), survey, last, sections) for member in survey.members),
    )


def with_responses(dashboard: Dashboard, states: Mapping[int, str], handed_in: int) -> Dashboard:
    """The same scores with the responses as they stand now: a submission changes nothing else of it."""
    towns = tuple(
        town if town.state == states.get(town.id, "") else replace(town, state=states.get(town.id, ""))
        for town in dashboard.towns
    )
    return replace(dashboard, handed_in=handed_in, towns=towns)


def scored_sections(survey: SurveyFacts) -> list[Mapping[str, Any]]:
    """The sections that count, as the cards tell them."""
    # Any card will do: all are of the one run in force, and so have the same sections.
    card = next(iter(survey.cards.values()), None)
    return [section for section in card.sections if section.get("worth")] if card else []


def section_mean(survey: SurveyFacts, code: str) -> Fraction | None:
    values = (card.section(code) for card in survey.cards.values())
    return aggregation.mean(value for value in values if value is not None)


def _mean_change(survey: SurveyFacts, last: SurveyFacts | None) -> Fraction | None:
    """Over the municipalities scored both times: while a survey runs, others would stand behind the two means."""
    if last is None or survey.maximum != last.maximum:
        return None
    return aggregation.mean(
        card.total - last.cards[town].total for town, card in survey.cards.items() if town in last.cards
    )


def _means(facts: Facts, survey: SurveyFacts) -> tuple[YearMean, ...]:
    """Mean totals over the years, oldest first: of scored surveys with the same maximum, which alone compare."""
    totals = [
        (other, aggregation.mean(card.total for card in other.cards.values()))
        for other in run_of(facts.surveys, survey, YEARS)
        if other.maximum == survey.maximum
    ]
    return tuple(
        YearMean(other.id, other.head.year, other.head.round, mean, len(other.cards), other.published)
        for other, mean in totals
        if mean is not None
    )


def _joined(facts: Facts, survey: SurveyFacts, last: SurveyFacts) -> tuple[JoinedTown, ...]:
    """The tiers of those before stand beside a merged municipality's own: it didn't move, and isn't new either."""
    joined = []
    for town in survey.tiers:
        origins = facts.origins(town, survey, last)
        if origins:
            # One from beyond the border was in no survey of here: its name alone is told.
            tiers = [
                OriginTier(origin, facts.lives.by_pk[origin].name_on(last.day).name, last.tiers.get(origin))
                for origin in origins.towns
            ]
            joined.append(JoinedTown(town, origins.event, survey.tiers[town], tuple(tiers)))
    return tuple(joined)


def _town(
    town: Town, survey: SurveyFacts, last: SurveyFacts | None, sections: list[Mapping[str, Any]]
) -> DashboardTown:
    profile = town.profile(survey.head.year)
    population = profile.population if profile else None
    band = band_of(population)
    card = survey.cards.get(town.id)
    before = last.cards.get(town.id) if last else None
    comparable = card is not None and before is not None and before.maximum == card.maximum
    return DashboardTown(
        id=town.id,
        name=town.name,
        kana=town.kana,
        code=town.code,
        bureau=town.bureau,
        bureau_id=town.bureau_id,
        prefecture_id=town.prefecture_id,
        population=population,
        band=band.code if band else "",
        row=profile.tile_row if profile else None,
        column=profile.tile_column if profile else None,
        state=survey.states.get(town.id, ""),
        tier=survey.tiers.get(town.id),
        tier_last=last.tiers.get(town.id) if last else None,
        total=card.total if card else None,
        total_last=before.total if before and comparable else None,
        cells=tuple(card.section(section["code"]) if card else None for section in sections),
        priority=card.priority if card else "",
        supports=tuple(card.supports) if card else (),
        now=town.now,
        code_now=town.code_now,
    )
