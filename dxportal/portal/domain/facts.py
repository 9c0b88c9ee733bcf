"""What snapshots are computed from: a prefecture's surveys, answers, scores and tiers, read in a few queries."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Q
from django.utils import timezone

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.scores.results import Respondent, respondent
from assessments.enums import HANDED_IN_STATES, ClassificationStep, SurveyState
from assessments.models import Answer, Classification, Response, StoredScoreCard, Survey, TierAssignment
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.taxonomy.models import Area


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality with its figures by fiscal year."""

    id: int
    name: str
    kana: str
    code: str
    kind: str
    bureau_id: int
    bureau: str
    prefecture_id: int
    profiles: Mapping[int, Profile]

    def profile(self, year: int) -> Profile | None:
        """The year's figures, else the last known before it, else the first known."""
        known = sorted(self.profiles)
        before = [one for one in known if one <= year]
        return self.profiles[before[-1] if before else known[0]] if known else None

    def population(self, year: int) -> int | None:
        profile = self.profile(year)
        return profile.population if profile else None


@dataclass(frozen=True, slots=True)
class Card:
    """A StoredScoreCard's figures; ``sections`` and ``questions`` as stored there."""

    organization: int
    total: Fraction
    maximum: int
    tier: int | None
    priority: str
    supports: Sequence[str]
    sections: Sequence[Mapping]
    questions: Mapping[str, Sequence]

    def section(self, code: str) -> Fraction | None:
        return next((Fraction(*one["score"]) for one in self.sections if one["code"] == code), None)


@dataclass(slots=True)
class SurveyFacts:
    """One survey: who was asked, who handed in what, and what came of it."""

    survey: Survey
    spec: QuestionnaireSpec | None
    states: dict[int, str] = field(default_factory=dict)
    respondents: dict[int, Respondent] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)
    tiers: dict[int, int] = field(default_factory=dict)
    classification: Classification | None = None
    answers_as_of: dt.datetime | None = None
    run_as_of: dt.datetime | None = None

    @property
    def members(self) -> tuple[int, ...]:
        return tuple(self.states or self.cards)

    @property
    def published(self) -> bool:
        return self.classification is not None and self.classification.step == ClassificationStep.PUBLISHED

    @property
    def closed(self) -> bool:
        return self.survey.state == SurveyState.CLOSED

    @property
    def scored(self) -> bool:
        return bool(self.cards)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of a prefecture. ``surveys``: newest first, drafts left out. ``areas``: names in their order."""

    prefecture: Organization
    towns: Mapping[int, Town]
    surveys: Sequence[SurveyFacts]
    areas: Sequence[str]

    def previous(self, one: SurveyFacts) -> SurveyFacts | None:
        """The survey that answers are compared with: the one named, else the last one before it."""
        named = next((other for other in self.surveys if other.survey.pk == one.survey.previous_id), None)
        return named or next(iter(self._earlier(one)), None)

    def last_year(self, one: SurveyFacts) -> SurveyFacts | None:
        """The last survey of an earlier fiscal year, one with scores or tiers before one without."""
        earlier = [other for other in self._earlier(one) if other.survey.fiscal_year < one.survey.fiscal_year]
        return next((other for other in earlier if other.cards or other.tiers), earlier[0] if earlier else None)

    def run_of(self, one: SurveyFacts, years: int) -> list[SurveyFacts]:
        """Oldest first: the survey and those before it in the same group, over so many fiscal years."""
        first = one.survey.fiscal_year - years + 1
        found = [other for other in self._earlier(one) if other.survey.fiscal_year >= first]
        return [*reversed(found), one]

    def _earlier(self, one: SurveyFacts) -> list[SurveyFacts]:
        at = [other.survey.pk for other in self.surveys].index(one.survey.pk)
        return [other for other in self.surveys[at + 1 :] if other.survey.group_id == one.survey.group_id]


def load(prefecture_id: int) -> Facts:
    """The facts as they stand; the caller holds the transaction that makes them one moment's."""
    surveys = Survey.objects.filter(prefecture=prefecture_id).exclude(state=SurveyState.DRAFT)
    found = [
        SurveyFacts(one, stored_questionnaire(one.questionnaire_id).spec if one.questionnaire_id else None)
        for one in surveys.select_related("tier_scheme", "group").order_by("-fiscal_year", "-opens_at", "-pk")
    ]
    by_id = {one.survey.pk: one for one in found}
    _read_sheets(by_id)
    _read_scores(by_id)
    _read_tiers(by_id)
    return Facts(
        prefecture=Organization.objects.get(pk=prefecture_id),
        towns=_towns(prefecture_id, {member for one in found for member in one.members}),
        surveys=found,
        areas=tuple(Area.objects.values_list("name", flat=True)),
    )


def _towns(prefecture_id: int, members: Iterable[int]) -> dict[int, Town]:
    """The prefecture's municipalities and whoever else was asked (a group reaches across the border)."""
    rows = Organization.objects.municipalities().filter(Q(prefecture=prefecture_id) | Q(pk__in=set(members)))
    rows = rows.select_related("parent").prefetch_related("profiles").order_by("sort_order", "code", "pk")
    return {
        row.pk: Town(
            id=row.pk,
            name=row.name,
            kana=row.kana,
            code=row.code or "",
            kind=row.get_municipality_kind_display(),
            bureau_id=row.parent_id,
            bureau=row.parent.name,
            prefecture_id=row.prefecture_id,
            profiles={profile.fiscal_year: profile for profile in row.profiles.all()},
        )
        for row in rows
    }


def _read_sheets(surveys: Mapping[int, SurveyFacts]) -> None:
    """States of all answer sheets, answers of those handed in."""
    responses = Response.objects.filter(survey__in=surveys).order_by("organization__sort_order", "organization_id")
    handed_in: dict[int, tuple[int, int]] = {}
    for pk, survey, organization, state in responses.values_list("pk", "survey_id", "organization_id", "state"):
        surveys[survey].states[organization] = state
        if state in HANDED_IN_STATES:
            handed_in[pk] = (survey, organization)
    answers: dict[int, dict] = {pk: {} for pk in handed_in}
    rows = Answer.objects.filter(response__in=handed_in).values_list("response_id", "updated_at", *ANSWER_COLUMNS)
    for response, updated_at, question_id, *columns in rows.iterator(chunk_size=5000):
        facts = surveys[handed_in[response][0]]
        code = stored_questionnaire(facts.survey.questionnaire_id).codes[question_id]
        answers[response][code] = value_from(*columns)
        facts.answers_as_of = max(updated_at, facts.answers_as_of or updated_at)
    for pk, (survey, organization) in handed_in.items():
        spec = surveys[survey].spec
        if spec is not None:
            surveys[survey].respondents[organization] = respondent(spec, organization, answers[pk])


def _read_scores(surveys: Mapping[int, SurveyFacts]) -> None:
    """Cards of the runs in force."""
    cards = StoredScoreCard.objects.filter(run__in_force=True, run__survey__in=surveys).select_related("run")
    for row in cards.order_by("organization__sort_order", "organization_id"):
        facts = surveys[row.run.survey_id]
        facts.run_as_of = row.run.answers_as_of
        facts.cards[row.organization_id] = Card(
            organization=row.organization_id,
            total=Fraction(row.total_numerator, row.total_denominator),
            maximum=row.maximum,
            tier=row.tier,
            priority=row.priority,
            supports=row.supports,
            sections=row.sections,
            questions=row.questions,
        )


def _read_tiers(surveys: Mapping[int, SurveyFacts]) -> None:
    """Tiers as they stand after hearings; before a classification is begun, as computed."""
    for facts in surveys.values():
        facts.tiers = {one.organization: one.tier for one in facts.cards.values() if one.tier is not None}
    for row in Classification.objects.filter(survey__in=surveys):
        surveys[row.survey_id].classification = row
    rows = TierAssignment.objects.filter(classification__survey__in=surveys)
    for survey, organization, tier in rows.values_list("classification__survey_id", "organization_id", "tier"):
        surveys[survey].tiers[organization] = tier


def prefecture_of(survey_id: int) -> int:
    return Survey.objects.values_list("prefecture_id", flat=True).get(pk=survey_id)


def today() -> dt.date:
    return timezone.localdate()
