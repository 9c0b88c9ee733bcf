"""Reads what snapshots are computed from: a prefecture's surveys, answers, scores and tiers, in a few queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.scores.results import respondent
from assessments.domain.tiers.scheme_file import tiers_from_data
from assessments.enums import HANDED_IN_STATES, ClassificationStep, SurveySource, SurveyState, Tier, Visibility
from assessments.models import Answer, Classification, Response, StoredScoreCard, Survey, TierAssignment
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.domain.snapshots.facts import Card, Facts, SurveyFacts, Town, YearProfile, sources_of
from dxportal.portal.domain.surveys import Decision, SurveyHead, TierWords

YEARS = 4  # how far back the line of means goes


def prefecture_of(survey_id: int) -> int:
    return Survey.objects.values_list("prefecture_id", flat=True).get(pk=survey_id)


def surveys_of(prefecture_id: int) -> list[SurveyFacts]:
    """The prefecture's surveys without answers and scores, newest first, in two queries however many."""
    rows = Survey.objects.filter(prefecture=prefecture_id).exclude(state=SurveyState.DRAFT)
    cards = StoredScoreCard.objects.filter(run__in_force=True, run__survey=OuterRef("pk"))
    tiers = TierAssignment.objects.filter(classification__survey=OuterRef("pk"))
    rows = rows.annotate(scored=Exists(cards) | Exists(tiers)).select_related("tier_scheme", "group")
    rows = rows.order_by("-fiscal_year", "-opens_at", "-pk")
    decisions = {row.survey_id: row for row in Classification.objects.filter(survey__prefecture=prefecture_id)}
    return [_survey(row, decisions.get(row.pk), scored=row.scored) for row in rows]


def load(prefecture_id: int, wanted: Collection[int] | None = None) -> Facts:
    """All that the figures of the ``wanted`` surveys (None: of every one) rest on, as it stands now.

    The caller holds the transaction that makes it one moment's.
    """
    surveys = surveys_of(prefecture_id)
    chosen = [survey for survey in surveys if wanted is None or survey.id in wanted]
    needed = {source.id: source for survey in chosen for source in sources_of(surveys, survey, YEARS)}
    read_states(needed)
    read_answers(needed)
    read_scores(needed)
    read_tiers(needed)
    members = {member for survey in needed.values() for member in survey.members}
    return facts_of(prefecture_id, surveys, read_towns(prefecture_id, members), area_names())


def facts_of(
    prefecture_id: int, surveys: Sequence[SurveyFacts], towns: Mapping[int, Town], areas: Sequence[str]
) -> Facts:
    return Facts(prefecture_id, towns, surveys, areas, read_lives(towns), timezone.localdate())


def area_names() -> tuple[str, ...]:
    return tuple(Area.objects.values_list("name", flat=True))


def _survey(row: Survey, classification: Classification | None, *, scored: bool) -> SurveyFacts:
    spec = stored_questionnaire(row.questionnaire_id).spec if row.questionnaire_id else None
    head = SurveyHead(
        id=row.pk,
        prefecture_id=row.prefecture_id,
        title=row.title,
        year=row.fiscal_year,
        round=str(row.round),
        state=str(row.state),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closed=row.state == SurveyState.CLOSED,
        named=row.visibility == Visibility.NAMED,
        imported=row.source == SurveySource.IMPORTED,
        group=row.group.name if row.group else "",
        questionnaire=spec.title if spec else "",
        source_note=spec.source_note if spec else "",
    )
    decision = Decision()
    if classification is not None:
        decision = Decision(
            str(classification.step),
            classification.step == ClassificationStep.PUBLISHED,
            classification.names_hidden,
            classification.decided_on,
        )
    return SurveyFacts(
        head=head,
        day=row.day,
        group_id=row.group_id,
        previous_id=row.previous_id,
        questionnaire_id=row.questionnaire_id,
        spec=spec,
        scored=scored,
        decision=decision,
        words=_tier_words(row),
    )


def _tier_words(row: Survey) -> dict[int, TierWords]:
    """Highest tier first; a survey without a scheme of its own takes the names that everybody knows."""
    words = {tier.value: TierWords(tier.value, str(tier.label)) for tier in sorted(Tier, reverse=True)}
    scheme = row.tier_scheme
    if scheme is not None:
        bands = tiers_from_data(scheme.code, scheme.version, scheme.title, scheme.data).bands
        words |= {
            band.tier: TierWords(band.tier, band.name, band.meaning, band.support, f"{float(band.minimum):g}")
            for band in bands
        }
    return words


def read_states(surveys: Mapping[int, SurveyFacts]) -> None:
    """States of all responses; of those handed in a mark that changes with any of their answers."""
    responses = Response.objects.filter(survey__in=surveys).order_by("organization__sort_order", "organization_id")
    answers = Answer.objects.filter(response__survey__in=surveys, response__state__in=HANDED_IN_STATES).order_by()
    counted = answers.values("response__survey_id", "response__organization_id")
    # The newest moment tells of a changed answer, the count of one that is gone; no answer itself is read for it.
    newest = counted.annotate(newest=Max("updated_at"), count=Count("pk"))
    marks = {
        (row["response__survey_id"], row["response__organization_id"]): f"{row['newest'].isoformat()} {row['count']}"
        for row in newest
    }
    for survey_id, town, state in responses.values_list("survey_id", "organization_id", "state"):
        survey = surveys[survey_id]
        survey.states[town] = str(state)
        if state in HANDED_IN_STATES:
            survey.handed_in_count += 1
            survey.marks[town] = f"{state} {marks.get((survey_id, town), '')}".strip()


def read_answers(surveys: Mapping[int, SurveyFacts], towns: Iterable[int] | None = None) -> None:
    """Answers of the responses handed in; with ``towns`` theirs alone."""
    rows = Response.objects.filter(survey__in=surveys, state__in=HANDED_IN_STATES)
    if towns is not None:
        rows = rows.filter(organization__in=list(towns))
    rows = rows.order_by("organization__sort_order", "organization_id")
    handed_in = {pk: (survey, town) for pk, survey, town in rows.values_list("pk", "survey_id", "organization_id")}
    answers: dict[int, dict] = {pk: {} for pk in handed_in}
    codes = {
        survey.id: stored_questionnaire(survey.questionnaire_id).codes
        for survey in surveys.values()
        if survey.questionnaire_id
    }
    # Plain columns, some thousands at a time: these are by far the most rows that are read.
    columns = Answer.objects.filter(response__in=handed_in).values_list("response_id", *ANSWER_COLUMNS)
    for response, question_id, *values in columns.iterator(chunk_size=5000):
        answers[response][codes[handed_in[response][0]][question_id]] = value_from(*values)
    for pk, (survey_id, town) in handed_in.items():
        survey = surveys[survey_id]
        if survey.spec is not None:
            survey.respondents[town] = respondent(survey.spec, town, answers[pk])


def read_scores(surveys: Mapping[int, SurveyFacts], towns: Iterable[int] | None = None) -> None:
    """Cards of the runs in force, in the order of the municipalities; with ``towns`` theirs alone."""
    cards = StoredScoreCard.objects.filter(run__in_force=True, run__survey__in=surveys).select_related("run")
    if towns is not None:
        cards = cards.filter(organization__in=list(towns))
    for row in cards.order_by("organization__sort_order", "organization_id"):
        survey = surveys[row.run.survey_id]
        survey.run_as_of = row.run.answers_as_of
        survey.cards[row.organization_id] = Card(
            organization=row.organization_id,
            total=Fraction(row.total_numerator, row.total_denominator),
            maximum=row.maximum,
            tier=row.tier,
            priority=row.priority,
            supports=row.supports,
            sections=row.sections,
            questions=row.questions,
        )


def read_tiers(surveys: Mapping[int, SurveyFacts], towns: Iterable[int] | None = None) -> None:
    """Tiers as they stand after hearings; before a classification is begun, as computed. Scores are read already."""
    for survey in surveys.values():
        survey.tiers = {card.organization: card.tier for card in survey.cards.values() if card.tier is not None}
    rows = TierAssignment.objects.filter(classification__survey__in=surveys)
    if towns is not None:
        rows = rows.filter(organization__in=list(towns))
    for survey_id, town, tier in rows.values_list("classification__survey_id", "organization_id", "tier"):
        surveys[survey_id].tiers[town] = tier
    for survey in surveys.values():
        if survey.tiers and not survey.decision.step:
            survey.decision = Decision(str(ClassificationStep.COMPUTED))


def read_towns(prefecture_id: int, members: Iterable[int] = (), only: Sequence[int] | None = None) -> dict[int, Town]:
    """The prefecture's municipalities and whoever else was asked (a group reaches across the border).

    ``only``: these alone, wherever they are.
    """
    rows = Organization.objects.municipalities().select_related("parent").prefetch_related("profiles")
    which = Q(prefecture=prefecture_id) | Q(pk__in=set(members)) if only is None else Q(pk__in=list(only))
    return {row.pk: _town(row) for row in rows.filter(which).order_by("sort_order", "code", "pk")}


def _town(row: Organization) -> Town:
    bureau: Any = row.parent  # the table holds a municipality to have a parent, and with it a prefecture
    prefecture_id: Any = row.prefecture_id
    profiles = [
        YearProfile(
            profile.fiscal_year,
            profile.population,
            profile.population_date,
            profile.staff,
            profile.tile_row,
            profile.tile_column,
        )
        for profile in row.profiles.all()
    ]
    return Town(
        id=row.pk,
        order=row.sort_order,
        name=row.name,
        kana=row.kana,
        code=row.code or "",
        kind=row.municipality_kind,
        bureau_id=bureau.pk,
        bureau=bureau.name,
        prefecture_id=prefecture_id,
        profiles={profile.year: profile for profile in profiles},
    )
