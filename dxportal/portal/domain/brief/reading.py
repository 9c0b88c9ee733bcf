"""Reads what a brief says, of one town and one session, in queries whose number does not grow with either."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from assessments.domain.history import answer_text
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.enums import HANDED_IN_STATES
from assessments.models import Answer, Survey
from casestudies.domain.reading.fit import Reader
from casestudies.domain.reading.recommendations import recommended
from casestudies.domain.reading.uptake import taken_up
from casestudies.enums import STEPS
from consultations.domain.actions.lines import open_of
from consultations.domain.products.ending import ending_within_a_year
from consultations.enums import TopicOrigin
from consultations.models import Action, Session, Topic
from consultations.querysets import RELEASED
from dxportal.core.history.trail import events_of
from dxportal.core.occasions.enums import TOOK_PLACE
from dxportal.core.occasions.models import OccasionBody
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.organizations.successions import with_predecessors
from dxportal.portal.domain.brief.content import (
    BriefContent,
    BriefFigures,
    CorrectedAnswer,
    EndingContract,
    LastSession,
    OpenAction,
    ProposedTopic,
    StoredBrief,
    SuggestedCase,
    figures_of,
    scored_entry,
    similar_towns,
)
from dxportal.portal.domain.cases import need
from dxportal.portal.domain.karte.joined import ComparedEntry
from dxportal.portal.domain.karte.reading import stored_karte
from dxportal.portal.domain.snapshots.store import of_town
from dxportal.portal.enums import SnapshotKind

SESSIONS = 2
CASES = 4
TOPICS = 6
ACTIONS = 30
CONTRACTS = 10


def read(session: Session, town: Organization, today: dt.date) -> StoredBrief:
    """Also of those in whose place the town stands: what was promised to them is still promised."""
    own = with_predecessors(Organization.objects.filter(pk=town.pk).values("pk"))
    last = sessions_before(session, own)
    full, public = entries_of(town, public=False), entries_of(town, public=True)
    specs = specs_of([entry for entry in (scored_entry(full), scored_entry(public)) if entry])
    content = BriefContent(
        last=tuple(map(last_session, last)),
        actions=open_actions(own, today),
        proposed=proposed_topics(session, town),
        corrected=corrected_since(own, last[0].occasion.ends_at) if last else (),
        contracts=ending_contracts(town, today),
        # By what the town may know of itself: both versions have this order, and it must tell no unpublished weakness.
        topics=topics_of_similar(town, [area.name for entry in public[:1] for area in entry.gaps]),
    )
    return StoredBrief(content, figures(town, full, specs), figures(town, public, specs))


def sessions_before(session: Session, own: RawSQL) -> list[Session]:
    """Of the town itself, newest first. A group's own meetings are not among them: its readers are others."""
    bodies = OccasionBody.objects.filter(occasion=OuterRef("occasion"), organization__in=own)
    rows = Session.objects.filter(
        Exists(bodies), occasion__starts_at__lt=session.occasion.starts_at, occasion__state__in=TOOK_PLACE
    )
    return list(rows.select_related("occasion").order_by("-occasion__starts_at", "-pk")[:SESSIONS])


def last_session(row: Session) -> LastSession:
    return LastSession(row.pk, row.occasion.title, row.occasion.day, row.decisions, row.requests, row.next_meeting)


def open_actions(own: RawSQL, today: dt.date) -> tuple[OpenAction, ...]:
    rows = open_of(Action.objects.filter(organization__in=own), today)[:ACTIONS]
    return tuple(OpenAction(row.pk, row.title, row.bearer, row.section, row.due_day) for row in rows)


def proposed_topics(session: Session, town: Organization) -> tuple[ProposedTopic, ...]:
    rows = Topic.objects.filter(session=session, organization=town, origin=TopicOrigin.PROPOSED)
    return tuple(
        ProposedTopic(row.pk, row.title, row.area.name if row.area else "") for row in rows.select_related("area")
    )


def corrected_since(own: RawSQL, moment: dt.datetime) -> tuple[CorrectedAnswer, ...]:
    """Answers of sheets that were handed in, as they stood at the moment and as they stand now."""
    events = events_of(Answer).objects.filter(response__organization__in=own, response__state__in=HANDED_IN_STATES)
    later = newest_of_each(events.filter(pgh_created_at__gt=moment))
    earlier = newest_of_each(
        events.filter(
            pgh_created_at__lte=moment,
            response__in={key[0] for key in later},
            question__in={key[1] for key in later},
        )
    )
    rows = []
    for key, now in later.items():
        before = earlier.get(key)
        # Answers given for the first time are told by the survey's own comparison with the one before.
        if before is None or answer_text(before) == answer_text(now):
            continue
        question = now.question
        rows.append(
            CorrectedAnswer(
                now.response.survey.name_with_round,
                question.code,
                question.short,
                tuple(answer_text(before).split("\n")),
                tuple(answer_text(now).split("\n")),
            )
        )
    return tuple(rows)


def newest_of_each(events: Any) -> dict[tuple[int, int], Any]:
    rows = events.select_related("response__survey", "question").order_by("response_id", "question_id", "-pgh_id")
    return {(event.response_id, event.question_id): event for event in rows.distinct("response_id", "question_id")}


def topics_of_similar(town: Organization, weak: Sequence[str]) -> tuple[int, ...]:
    """Keys of what towns of the same size have released: weak areas first, then the newest."""
    profiles = Profile.objects.filter(organization__prefecture=town.prefecture_id, organization__last_day__isnull=True)
    newest = profiles.order_by("organization_id", "-fiscal_year").distinct("organization_id")
    similar = similar_towns(town.pk, dict(newest.values_list("organization", "population")))
    rows = Topic.objects.filter(organization__in=similar, **RELEASED).exclude(organization=town)
    matching = rows.order_by("-released_at", "-pk").values_list("pk", "area__name")[: TOPICS * 10]
    ranked = sorted(matching, key=lambda row: row[1] not in weak)
    return tuple(pk for pk, _ in ranked[:TOPICS])


def ending_contracts(town: Organization, today: dt.date) -> tuple[EndingContract, ...]:
    rows = ending_within_a_year(town.pk, today)[:CONTRACTS]
    return tuple(
        EndingContract(row.task, row.product, row.vendor, row.contract_end) for row in rows if row.contract_end
    )


# --- figures


def entries_of(town: Organization, *, public: bool) -> tuple[ComparedEntry, ...]:
    reading = of_town(town, SnapshotKind.KARTE, public=public)
    return stored_karte(reading, public=public).entries if reading else ()


def specs_of(entries: Sequence[ComparedEntry]) -> dict[int, QuestionnaireSpec]:
    """By survey; one query, and questionnaires are kept in the process."""
    rows = Survey.objects.filter(pk__in={entry.survey.id for entry in entries}, questionnaire__isnull=False)
    return {pk: stored_questionnaire(sheet).spec for pk, sheet in rows.values_list("pk", "questionnaire")}


def figures(town: Organization, entries: Sequence[ComparedEntry], specs: dict[int, QuestionnaireSpec]) -> BriefFigures:
    """Reasons of cases rest on the same entries, so that the town's tell nothing that it does not know."""
    entry = scored_entry(entries)
    return figures_of(entries, specs.get(entry.survey.id) if entry else None, suggested_cases(town, entries))


def suggested_cases(town: Organization, entries: Sequence[ComparedEntry]) -> tuple[SuggestedCase, ...]:
    profile = Profile.objects.filter(organization=town).order_by("-fiscal_year").first()
    reader = Reader(
        profile.population if profile else None, town.municipality_kind, town.prefecture.name if town.prefecture else ""
    )
    taken = [case.source_id for case in taken_up(town.pk)]
    reasons = need(entries, STEPS).weaknesses
    cases = recommended(town.prefecture_id, town.pk, reader, reasons, taken, CASES)
    return tuple(SuggestedCase(case.source_id, case.title, case.reason, case.place) for case in cases)
