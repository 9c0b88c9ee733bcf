"""From facts to rows: which figures a survey and a municipality are stored in, each with its public part."""

from collections.abc import Iterable, Iterator, Sequence

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from dxportal.portal.domain import public
from dxportal.portal.domain.dashboard.content import Dashboard, dashboard_of
from dxportal.portal.domain.karte.comparison import Comparison, comparison_of
from dxportal.portal.domain.karte.content import answers_of, entry_of, takes_part, town_head
from dxportal.portal.domain.matrix import MatrixHead, matrix_of, matrix_town
from dxportal.portal.domain.questions import QuestionFigures, Respondents, index_of, questions_of, respondents_of
from dxportal.portal.domain.snapshots.facts import Facts, SurveyFacts, Town
from dxportal.portal.domain.snapshots.store import SnapshotDraft
from dxportal.portal.domain.values import Figures
from dxportal.portal.enums import SnapshotKind as Kind


def _both(
    kind: Kind, key: str, full: Figures, shown: Figures | None, organization: int | None = None
) -> Iterator[SnapshotDraft]:
    """The full row, and the public one where municipalities may read any of it."""
    yield SnapshotDraft(kind, key, full, organization)
    if shown is not None:
        yield SnapshotDraft(kind.public, key, shown, organization)


def survey_drafts(facts: Facts, survey: SurveyFacts) -> Iterator[SnapshotDraft]:
    """Everything of the survey, whose facts were read in full."""
    yield from dashboard_drafts(dashboard_of(facts, survey))
    yield from comparison_drafts(facts, survey)
    if survey.spec is not None:
        questions = questions_of(facts, survey)
        yield from answer_drafts(survey, survey.spec, questions, respondents_of(facts, survey, survey.marks))
    yield from town_part_drafts(facts, survey, {*survey.members, *survey.cards, *survey.tiers})


def dashboard_drafts(full: Dashboard) -> Iterator[SnapshotDraft]:
    yield from _both(Kind.DASHBOARD, str(full.survey.id), full, public.dashboard(full))


def comparison_drafts(facts: Facts, survey: SurveyFacts) -> Iterator[SnapshotDraft]:
    """The means for everybody who works for the prefecture in one row, each municipality's part in one of its own."""
    full: Comparison = comparison_of(facts, survey)
    yield SnapshotDraft(Kind.COMPARISON, str(survey.id), full)
    for town in full.peers:
        shown = public.comparison(full, town)
        if shown is not None and facts.towns[town].prefecture_id == facts.prefecture_id:
            yield SnapshotDraft(Kind.COMPARISON_PUBLIC, f"{survey.id}:{town}", shown, town)


def answer_drafts(
    survey: SurveyFacts, spec: QuestionnaireSpec, questions: Sequence[QuestionFigures], respondents: Respondents
) -> Iterator[SnapshotDraft]:
    """What counts and names the responses: the index, every question, who answered, the head of the matrix."""
    key = str(survey.id)
    index = index_of(survey, spec, questions)
    yield from _both(Kind.QUESTIONS, key, index, public.questions(index))
    for question in questions:
        yield from _both(Kind.QUESTION, f"{key}:{question.code}", question, public.question(question))
    yield from _both(Kind.RESPONDENTS, key, respondents, public.respondents(respondents))
    head = matrix_of(survey, spec)
    yield from _both(Kind.MATRIX, key, head, public.matrix(head))


def town_part_drafts(facts: Facts, survey: SurveyFacts, towns: Iterable[int]) -> Iterator[SnapshotDraft]:
    """Karte, answers and line of the matrix of each municipality that takes part in the survey."""
    head: MatrixHead | None = matrix_of(survey, survey.spec) if survey.spec else None
    for town in (facts.town(town, survey) for town in towns if takes_part(survey, town)):
        key = f"{survey.id}:{town.id}"
        if town.id in survey.respondents and survey.spec and head:
            line = matrix_town(town, survey.respondents[town.id], survey.spec)
            yield from _both(Kind.MATRIX_TOWN, key, line, public.matrix_town(line, head))
        if town.prefecture_id != facts.prefecture_id:
            continue  # a group's member from another prefecture has its karte there
        entry = entry_of(facts, survey, town.id)
        yield from _both(Kind.KARTE, key, entry, public.karte(entry), town.id)
        if town.id in survey.respondents and survey.spec:
            answers = answers_of(facts, survey, survey.spec, town.id)
            yield from _both(Kind.ANSWERS, key, answers, public.answers(answers), town.id)


def head_drafts(towns: Iterable[Town], prefecture_id: int) -> Iterator[SnapshotDraft]:
    """Who the prefecture's municipalities are, for their kartes."""
    for town in towns:
        if town.prefecture_id == prefecture_id:
            head = town_head(town)
            yield from _both(Kind.TOWN, str(town.id), head, head, town.id)
