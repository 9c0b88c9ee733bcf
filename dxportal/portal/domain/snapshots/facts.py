"""What snapshots are computed from, as plain values: municipalities, answers, scores and tiers of surveys. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.scores.results import Respondent
from dxportal.core.organizations.domain.lives import Lives, Origins
from dxportal.portal.domain.surveys import Decision, SurveyHead, TierWords


@dataclass(frozen=True, slots=True)
class YearProfile:
    """A municipality's figures of one fiscal year; its place on the tile map counts from 1."""

    year: int
    population: int | None = None
    population_date: dt.date | None = None
    staff: int | None = None
    tile_row: int | None = None
    tile_column: int | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality with its figures by fiscal year; ``order``: its place among the municipalities.

    As ``Facts.town`` gives it, name, code and bureau are those of the survey's day; ``now`` and ``code_now`` are what
    it, or who stands in its place, is called today, "" where that is the same.
    """

    id: int
    order: int
    name: str
    kana: str
    code: str
    kind: str
    bureau_id: int
    bureau: str
    prefecture_id: int
    profiles: Mapping[int, YearProfile]
    now: str = ""
    code_now: str = ""

    def profile(self, year: int) -> YearProfile | None:
        """The year's figures, else the last known before it, else the first known."""
        known = sorted(self.profiles)
        before = [profile_year for profile_year in known if profile_year <= year]
        return self.profiles[before[-1] if before else known[0]] if known else None

    def population(self, year: int) -> int | None:
        profile = self.profile(year)
        return profile.population if profile else None


@dataclass(frozen=True, slots=True)
class Card:
    """A score card's figures; ``questions``: code → (earned, possible, state), empty where they were not read."""

    organization: int
    total: Fraction
    maximum: int
    tier: int | None
    priority: str
    supports: Sequence[str]
    sections: Sequence[Mapping[str, Any]]
    questions: Mapping[str, Sequence[Any]]

    def section(self, code: str) -> Fraction | None:
        """The section's score; None where the card does not hold the section."""
        return next((Fraction(*section["score"]) for section in self.sections if section["code"] == code), None)


@dataclass(slots=True)
class SurveyFacts:
    """One survey: who was asked (``states``), who handed in what, and what came of it.

    ``day``: the one on which it asked; who lived then, under which name, is what its figures show.
    ``marks`` tells two readings of the same response apart; ``scored``: a run is in force or tiers were given.
    """

    head: SurveyHead
    day: dt.date
    group_id: int | None
    previous_id: int | None
    questionnaire_id: int | None
    spec: QuestionnaireSpec | None
    scored: bool
    decision: Decision
    words: Mapping[int, TierWords] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    respondents: dict[int, Respondent] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)
    tiers: dict[int, int] = field(default_factory=dict)
    handed_in_count: int = 0
    run_as_of: dt.datetime | None = None

    @property
    def id(self) -> int:
        return self.head.id

    @property
    def members(self) -> tuple[int, ...]:
        """In the order of the municipalities; of imported scores those who have some."""
        return tuple(self.states or self.cards)

    @property
    def handed_in(self) -> int:
        """Responses submitted or confirmed; of imported scores every row counts."""
        return self.handed_in_count if self.states else len(self.cards)

    @property
    def published(self) -> bool:
        return self.decision.published

    @property
    def maximum(self) -> int:
        return max((card.maximum for card in self.cards.values()), default=0)


@dataclass(frozen=True, slots=True)
class Facts:
    """``surveys``: all of the prefecture, newest first, drafts left out; only those asked for were read in full.

    ``areas``: the names of the areas in their order. ``today``: the day of the names that stand beside old ones.
    """

    prefecture_id: int
    towns: Mapping[int, Town]
    surveys: Sequence[SurveyFacts]
    areas: Sequence[str]
    lives: Lives
    today: dt.date

    def town(self, town_id: int, survey: SurveyFacts) -> Town:
        """As of the survey's day."""
        town = self.towns[town_id]
        then = self.lives.place_on(town_id, survey.day, self.today)
        return replace(
            town,
            name=then.name,
            kana=then.kana,
            code=then.code,
            bureau_id=then.bureau.pk if then.bureau else town.bureau_id,
            bureau=then.bureau.name if then.bureau else town.bureau,
            now=then.now,
            code_now=then.code_now,
        )

    def origins(self, town_id: int, survey: SurveyFacts, last: SurveyFacts) -> Origins:
        """Those whose place the municipality took between the two surveys."""
        return self.lives.origins(town_id, last.day, survey.day)

    def survey(self, survey_id: int) -> SurveyFacts:
        return next(survey for survey in self.surveys if survey.id == survey_id)


def previous_of(surveys: Sequence[SurveyFacts], survey: SurveyFacts) -> SurveyFacts | None:
    """The survey that answers are compared with: the one named, else the last one before it."""
    named = next((other for other in surveys if other.id == survey.previous_id), None)
    return named or next(iter(earlier(surveys, survey)), None)


def last_year_of(surveys: Sequence[SurveyFacts], survey: SurveyFacts) -> SurveyFacts | None:
    """The last survey of an earlier fiscal year, one with scores or tiers before one without."""
    before = [other for other in earlier(surveys, survey) if other.head.year < survey.head.year]
    return next((other for other in before if other.scored), before[0] if before else None)


def run_of(surveys: Sequence[SurveyFacts], survey: SurveyFacts, years: int) -> list[SurveyFacts]:
    """Oldest first: the survey and those before it in the same group, over so many fiscal years."""
    first = survey.head.year - years + 1
    before = [other for other in earlier(surveys, survey) if other.head.year >= first]
    return [*reversed(before), survey]


def earlier(surveys: Sequence[SurveyFacts], survey: SurveyFacts) -> list[SurveyFacts]:
    """Newest first; a group's surveys compare with each other alone."""
    at = [other.id for other in surveys].index(survey.id)
    return [other for other in surveys[at + 1 :] if other.group_id == survey.group_id]


def readers_of(surveys: Sequence[SurveyFacts], survey_id: int, years: int) -> list[SurveyFacts]:
    """The later surveys whose figures show something of this one."""
    others = [survey for survey in surveys if survey.id != survey_id]
    return [survey for survey in others if survey_id in {source.id for source in sources_of(surveys, survey, years)}]


def sources_of(surveys: Sequence[SurveyFacts], survey: SurveyFacts, years: int) -> list[SurveyFacts]:
    """The survey itself and every other that its figures compare with."""
    others: Iterable[SurveyFacts | None] = (
        previous_of(surveys, survey),
        last_year_of(surveys, survey),
        *run_of(surveys, survey, years),
    )
    return list({other.id: other for other in others if other is not None}.values())
