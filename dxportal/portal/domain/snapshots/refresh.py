"""Computes snapshots: a change costs what it touched, whatever else the prefecture has gathered over the years.

Three doors. ``refresh_responses``: some municipalities handed in or took back; their own rows are computed, the
counts of the questions follow. ``refresh_survey``: scores, tiers or what may be told of them changed; the survey and
those later ones that compare with it are computed whole. ``refresh``: the whole prefecture. All may run twice.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.models import Survey
from dxportal.core.organizations.models import Organization
from dxportal.portal.domain.dashboard.content import Dashboard, with_responses
from dxportal.portal.domain.questions import NamedTown, QuestionFigures, Respondents, follow, respondents_of
from dxportal.portal.domain.snapshots import drafts as parts
from dxportal.portal.domain.snapshots import sources
from dxportal.portal.domain.snapshots.facts import Facts, SurveyFacts, last_year_of, previous_of, readers_of
from dxportal.portal.domain.snapshots.store import SnapshotDraft, write
from dxportal.portal.domain.values import FORMAT
from dxportal.portal.enums import TOWN_KINDS, TOWN_PART_KINDS, SnapshotKind
from dxportal.portal.models import Snapshot

Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, message: str) -> None:
    """Nobody watches."""


@contextmanager
def alone(prefecture_id: int) -> Iterator[dt.datetime]:
    """One computation of a prefecture at a time; gives the moment whose state it computes."""
    with transaction.atomic():
        # Two at once would each write what it read: the later reader waits here for the earlier writer.
        # no_key: rows that point at the prefecture (a new survey, a new member) may be saved meanwhile.
        Organization.objects.select_for_update(no_key=True).get(pk=prefecture_id)
        # Only now, with the lock held: waiting takes as long as the other computation, and all reads come after it.
        yield timezone.now()


def refresh(prefecture_id: int, progress: Progress = silent) -> int:
    """Every row of the prefecture; gives how many changed."""
    with alone(prefecture_id) as as_of:
        facts = sources.load(prefecture_id)
        total = len(facts.surveys) + 1
        progress(0, total, "回答と分類を読みました")
        rows = list(parts.head_drafts(facts.towns.values(), prefecture_id))
        for done, survey in enumerate(facts.surveys, 1):
            rows += parts.survey_drafts(facts, survey)
            progress(done, total, "集計しています")
        changed = write(prefecture_id, Snapshot.objects.all(), rows, as_of, whole=True)
    # After the transaction: only now can anybody read the new rows.
    progress(total, total, "書き込みました")
    return changed


def refresh_survey(survey_id: int, progress: Progress = silent) -> int:
    """Everything of the survey and of the later ones that compare with it."""
    prefecture_id = sources.prefecture_of(survey_id)
    with alone(prefecture_id) as as_of:
        surveys = sources.surveys_of(prefecture_id)
        chosen = {survey_id} | {reader.id for reader in readers_of(surveys, survey_id, sources.YEARS)}
        changed = _whole(prefecture_id, chosen, as_of)
    progress(1, 1, "書き込みました")
    return changed


def refresh_towns(prefecture_id: int, towns: Collection[int]) -> int:
    """A name, a profile or a place on the map changed: the heads, and the surveys that name or compare them."""
    with alone(prefecture_id) as as_of:
        members = Q(responses__organization__in=towns) | Q(runs__in_force=True, runs__cards__organization__in=towns)
        surveys = set(Survey.objects.filter(members, prefecture=prefecture_id).values_list("pk", flat=True))
        heads = sources.read_towns(prefecture_id, only=list(towns)).values()
        scope = Snapshot.objects.filter(organization__in=towns, kind__in=TOWN_KINDS)
        changed = write(prefecture_id, scope, parts.head_drafts(heads, prefecture_id), as_of, whole=True)
        return changed + _whole(prefecture_id, surveys, as_of)


def refresh_responses(survey_id: int, progress: Progress = silent) -> int:
    """What changed with the responses of the survey since they were last counted."""
    prefecture_id = sources.prefecture_of(survey_id)
    with alone(prefecture_id) as as_of:
        surveys = sources.surveys_of(prefecture_id)
        survey = next((survey for survey in surveys if survey.id == survey_id), None)
        readers = readers_of(surveys, survey_id, sources.YEARS)
        # Where a later survey compares with this one, its changes and movements follow, too: computed whole.
        stored = None if survey is None or readers else _stored(prefecture_id, survey)
        if survey is None or stored is None:
            changed = _whole(prefecture_id, {survey_id, *(reader.id for reader in readers)}, as_of)
        else:
            changed = _followed(prefecture_id, surveys, survey, stored, as_of)
    progress(1, 1, "書き込みました")
    return changed


def _whole(prefecture_id: int, chosen: Collection[int], as_of: dt.datetime) -> int:
    facts = sources.load(prefecture_id, chosen)
    changed = 0
    # Also for a survey that is gone or a draft again: it has no rows to give, so those stored for it go.
    for survey_id in chosen:
        survey = next((survey for survey in facts.surveys if survey.id == survey_id), None)
        rows = parts.survey_drafts(facts, survey) if survey else ()
        changed += write(prefecture_id, Snapshot.objects.of_survey(survey_id), rows, as_of, whole=True)
    return changed


@dataclass(frozen=True, slots=True)
class Stored:
    """A survey's figures as they were last written; questions by code."""

    spec: QuestionnaireSpec
    dashboard: Dashboard
    respondents: Respondents
    questions: Mapping[str, QuestionFigures]


def _stored(prefecture_id: int, survey: SurveyFacts) -> Stored | None:
    """None where they can't be followed: not computed yet, of an older format, or another list of members."""
    if survey.spec is None:
        return None
    key = str(survey.id)
    wanted = Q(key=key, kind__in=(SnapshotKind.DASHBOARD, SnapshotKind.RESPONDENTS)) | Q(
        kind=SnapshotKind.QUESTION, key__startswith=f"{key}:"
    )
    rows = Snapshot.objects.filter(wanted, prefecture=prefecture_id, format=FORMAT)
    data = {(kind, key): data for kind, key, data in rows.values_list("kind", "key", "data")}
    dashboard = data.pop((SnapshotKind.DASHBOARD.value, key), None)
    respondents = data.pop((SnapshotKind.RESPONDENTS.value, key), None)
    questions = [QuestionFigures.from_json(question) for question in data.values()]
    by_code = {question.code: question for question in questions}
    if dashboard is None or respondents is None or by_code.keys() != {spec.code for spec in survey.spec.questions}:
        return None
    return Stored(survey.spec, Dashboard.from_json(dashboard), Respondents.from_json(respondents), by_code)


def _followed(prefecture_id: int, surveys: Sequence[SurveyFacts], survey: SurveyFacts, stored: Stored, as_of) -> int:
    """The stored figures moved on by the responses that changed since."""
    spec = stored.spec
    # States and marks first: they tell of which few municipalities the answers have to be read.
    sources.read_states({survey.id: survey})
    # Shares count members: whoever joined or left changes every one of them.
    if {town.id for town in stored.dashboard.towns} != set(survey.members):
        return _whole(prefecture_id, {survey.id}, as_of)
    # By marks, not by the signal that asked for this: signals that came while another computation ran are one job,
    # and a municipality that handed in twice is counted once.
    before = {town.id: town.mark for town in stored.respondents.towns}
    changed = frozenset(town for town in before | survey.marks if before.get(town) != survey.marks.get(town))
    facts = _facts_of(prefecture_id, surveys, survey, changed)
    rank = {town: place for place, town in enumerate(survey.states)}.__getitem__
    fresh = list(survey.respondents.values())
    questions = [
        replace(
            follow(stored.questions[question.code], question, changed, fresh, rank),
            survey=survey.head,
            members=len(survey.members),
            handed_in=len(survey.marks),
        )
        for question in spec.questions
    ]
    dashboard = replace(with_responses(stored.dashboard, survey.states, survey.handed_in), survey=survey.head)
    rows: list[SnapshotDraft] = [
        *parts.dashboard_drafts(dashboard),
        *parts.answer_drafts(survey, spec, questions, _named(facts, survey, stored.respondents)),
        *parts.town_part_drafts(facts, survey, changed),
    ]
    count = write(prefecture_id, Snapshot.objects.of_survey(survey.id), rows, as_of, whole=False)
    # Whoever took a response back loses what was computed from it.
    keys = [f"{survey.id}:{town}" for town in changed]
    written = {draft.place for draft in rows}
    gone = Snapshot.objects.filter(prefecture=prefecture_id, key__in=keys, kind__in=TOWN_PART_KINDS)
    left = [pk for pk, kind, key in gone.values_list("pk", "kind", "key") if (kind, key) not in written]
    Snapshot.objects.filter(pk__in=left).delete()
    return count + len(left)


def _facts_of(prefecture_id: int, surveys: Sequence[SurveyFacts], survey: SurveyFacts, towns: Collection[int]) -> Facts:
    """What the ``towns``' own figures in the survey rest on; of nobody else."""
    previous, last = previous_of(surveys, survey), last_year_of(surveys, survey)
    answered = {source.id: source for source in (survey, previous) if source is not None}
    scored = {source.id: source for source in (survey, last) if source is not None}
    sources.read_answers(answered, towns)
    sources.read_scores(scored, towns)
    sources.read_tiers(scored, towns)
    return sources.facts_of(prefecture_id, surveys, sources.read_towns(prefecture_id, only=list(towns)), ())


def _named(facts: Facts, survey: SurveyFacts, stored: Respondents) -> Respondents:
    """Who handed in, in the order of the survey; names that are stored need not be read again."""
    fresh = {town.id: town for town in respondents_of(facts, survey, facts.towns).towns}
    known: dict[int, NamedTown] = {town.id: town for town in stored.towns} | fresh
    return Respondents(survey.head, tuple(known[town] for town in survey.marks))
