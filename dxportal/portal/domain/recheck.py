"""The recheck of answers in a session: which sheet, how many answers changed since it began, and how far the towns are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.domain.history import answer_events, answer_text
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.enums import SectionKind, SurveyRound, SurveyState
from assessments.models import Response
from consultations.domain.sessions.log import towns_of
from consultations.enums import SUPPORTING_ROLES
from consultations.models import Session
from dxportal.core.accounts.models import User
from dxportal.core.history.trail import Trail, events_of
from dxportal.core.occasions.enums import CALLED_OFF
from dxportal.core.organizations import fiscal
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked
from dxportal.portal.enums import RECHECK_MONTHS, RecheckFocus
from dxportal.portal.models import Recheck

SECTIONS: dict[str, SectionKind] = {RecheckFocus.STEPS: SectionKind.STEP, RecheckFocus.AREAS: SectionKind.FOCUS}
OVERTAKEN = "入力中にほかの人がこの確認を記録しました。"
NO_SHEET = "この年度の見直しの調査に、団体の回答票がありません。"
SOON = "相談の日が来ると、確認を記録できます。"


@dataclass(frozen=True, slots=True)
class RecheckWish:
    """``revision``: of the entry that the person saw, 0 for none."""

    organization: int
    focus: str
    changed: int
    note: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TownProgress:
    """``entries``: the newest of each focus."""

    town: Organization
    entries: dict[str, Recheck] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FocusCount:
    """``count`` of ``of`` towns have gone through the focus, and changed so many answers."""

    focus: RecheckFocus
    count: int
    of: int
    changed: int


def due_focus(day: dt.date) -> RecheckFocus | None:
    """What is gone through in sessions of that day's month."""
    return RECHECK_MONTHS.get(day.month)


def sheets_of(session: Session, user: User) -> dict[int, Response]:
    """By town in the person's reach: its sheet of the year's review survey, the newest where there are several."""
    year = fiscal.fiscal_year_of(session.occasion.day)
    rows = Response.objects.for_user(user).filter(
        organization__in=towns_of(session), survey__fiscal_year=year, survey__round=SurveyRound.REVIEW
    )
    rows = rows.exclude(survey__state=SurveyState.DRAFT).select_related("survey", "organization")
    return {row.organization_id: row for row in rows.order_by("survey__opens_at", "survey")}


def sections_of(sheet: Response, focus: str | None) -> list[tuple[str, str]]:
    """Code and title of the sheet's pages that hold the questions of the focus."""
    kind = SECTIONS.get(focus or "")
    if kind is None or sheet.survey.questionnaire_id is None:
        return []
    spec = stored_questionnaire(sheet.survey.questionnaire_id).spec
    return [(section.code, section.title) for section in spec.sections if section.kind == kind]


def changed_since(response: Response, moment: dt.datetime) -> int:
    """How many of its answers read differently from what they were then; of those given since, all."""
    events = answer_events(response).select_related("response__survey", "question")
    newest = ("question_id", "-pgh_id")
    later = {
        event.question_id: event
        for event in events.filter(pgh_created_at__gt=moment).order_by(*newest).distinct("question_id")
    }
    before = events.filter(pgh_created_at__lte=moment, question__in=later).order_by(*newest).distinct("question_id")
    earlier = {event.question_id: answer_text(event) for event in before}
    return sum(earlier.get(question) != answer_text(event) for question, event in later.items())


@transaction.atomic
def record(session_id: int, wish: RecheckWish, *, user: User) -> Recheck:
    """Stored, or corrected over what the person saw; the same again changes nothing.

    PermissionDenied; NotPossible before the session's day, or without a sheet; Overtaken with the entry as it is now.
    """
    # The session is locked, since the entry may not be there yet: of two at once the second sees the first's.
    session = locked(Session.objects.editable_by(user), session_id, "occasion")
    if user.role not in SUPPORTING_ROLES:
        raise PermissionDenied
    sheet = sheets_of(session, user).get(wish.organization)
    if sheet is None:
        raise NotPossible(NO_SHEET, code="no_sheet")
    if session.occasion.day > timezone.localdate() or session.occasion.state in CALLED_OFF:
        raise NotPossible(SOON, code="too_early")
    row = Recheck.objects.filter(session=session, organization=wish.organization, focus=wish.focus).first()
    if row is not None and (row.changed, row.note) == (wish.changed, wish.note):
        return row
    if (row.revision if row else 0) != wish.revision:
        raise Overtaken(OVERTAKEN, row)
    row = row or Recheck(session=session, organization_id=wish.organization, focus=wish.focus, revision=0)
    row.response = sheet
    row.changed = wish.changed
    row.note = wish.note
    row.revision += 1
    row.by = user
    row.by_name = user.name
    row.save()
    return row


# --- how far the towns are


def progress(user: User, year: int) -> list[TownProgress]:
    """Every town in reach with the year's newest entries; two queries."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    rows = {town.pk: TownProgress(town) for town in towns.select_related("parent").order_by("sort_order", "code", "pk")}
    for entry in of_year(user, year):
        if entry.organization_id in rows:
            rows[entry.organization_id].entries.setdefault(entry.focus, entry)
    return list(rows.values())


def of_year(user: User, year: int) -> QuerySet[Recheck]:
    """Newest first."""
    rows = Recheck.objects.for_user(user).filter(response__survey__fiscal_year=year)
    return rows.select_related("session__occasion").order_by("-at", "-pk")


def counts(rows: Sequence[TownProgress]) -> list[FocusCount]:
    result = []
    for focus in RecheckFocus:
        entries = [row.entries[focus] for row in rows if focus in row.entries]
        result.append(FocusCount(focus, len(entries), len(rows), sum(entry.changed for entry in entries)))
    return result


RECHECK_TRAIL = Trail(
    code="recheck",
    label="回答の見直しの確認",
    events=events_of(Recheck),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization", "session__occasion"),
    fields=(
        ("確かめた設問", lambda event: RecheckFocus(event.focus).label),
        ("直した設問の数", lambda event: str(event.changed)),
        ("備考", lambda event: event.note),
    ),
    subject=lambda event: event.session.occasion.title,
    place=lambda event: event.organization,
    searched=("session__occasion__title", "organization__name", "note"),
)
