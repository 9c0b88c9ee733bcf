"""The life of a survey: set up, opened, closed, reopened, extended. ``Survey.state`` changes only here."""

import datetime as dt
import functools
import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.domain.surveys.carryover import carry_over
from assessments.enums import (
    HANDED_IN_STATES,
    SURVEY_TRANSITIONS,
    SurveyRound,
    SurveySource,
    SurveyState,
)
from assessments.models import Question, Response, Survey
from assessments.signals import survey_changed
from dxportal.core.organizations.models import Organization

log = logging.getLogger(__name__)


class SurveyError(ValidationError):
    """The act is not possible now; the message says why, for the person."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening did: answer sheets made now, and of them those that start from the first round's answers."""

    survey: Survey
    created: int
    carried: int


def targets(survey: Survey) -> QuerySet[Organization]:
    """The municipalities asked: the group's members inside the prefecture, or all of the prefecture."""
    municipalities = Organization.objects.municipalities().filter(prefecture=survey.prefecture_id)
    return municipalities.filter(joined_groups=survey.group_id) if survey.group_id else municipalities


def open_survey(survey_id: int, *, user=None, now: dt.datetime | None = None) -> Opening:
    """準備中 → 受付中, with an answer sheet for every target. Opening an open survey only adds the missing sheets.

    ``user`` None: by the clock. A review round starts from the answers of the survey it reviews.
    """
    now = now or timezone.now()
    with transaction.atomic():
        survey = locked(survey_id, user)
        _require_answers(survey)
        if survey.state != SurveyState.OPEN:
            _require_openable(survey, now)
            survey.opens_at = min(survey.opens_at, now)
            _move(survey, SurveyState.OPEN, user)
        created = _make_sheets(survey)
        carried = carry_over(survey) if created and survey.round == SurveyRound.REVIEW else 0
        return Opening(survey, created, carried)


def close(survey_id: int, *, user=None) -> Survey:
    """受付中 → 締切済. A sheet with a longer term of its own (延長, 差戻し) can still be finished until then."""
    with transaction.atomic():
        survey = locked(survey_id, user)
        if survey.state == SurveyState.CLOSED:
            return survey
        return _move(survey, SurveyState.CLOSED, user)


def reopen(survey_id: int, *, closes_at: dt.datetime, user) -> Survey:
    """締切済 → 受付中 until a new closing time to come."""
    with transaction.atomic():
        survey = locked(survey_id, user)
        _require_answers(survey)
        if closes_at <= timezone.now():
            raise SurveyError({"closes_at": "これからの日時を指定してください。"})
        survey.closes_at = closes_at
        return _move(survey, SurveyState.OPEN, user)


def extend(response_id: int, *, until: dt.datetime, reason: str, user) -> Response:
    """A later due time for one municipality, with a reason; also after the survey is closed for the others."""
    with transaction.atomic():
        rows = Response.objects.editable_by(user).select_related("survey").select_for_update(of=("self",))
        response = rows.filter(pk=response_id).first()
        if response is None or not user.is_prefecture_staff:
            raise PermissionDenied
        _check_extension(response, until, reason)
        response.extended_until, response.extension_reason = until, reason.strip()
        response.save(update_fields=["extended_until", "extension_reason"])
    return response


def open_and_close_due(now: dt.datetime) -> tuple[int, int]:
    """What the clock asks for: surveys opened and closed. One that cannot be opened stays and is logged."""
    waiting = Survey.objects.filter(state=SurveyState.DRAFT, auto_open=True, opens_at__lte=now, closes_at__gt=now)
    opened = sum(_open_by_clock(pk, now) for pk in waiting.values_list("pk", flat=True))
    over = Survey.objects.filter(state=SurveyState.OPEN, closes_at__lte=now)
    return opened, sum(_close_by_clock(pk, now) for pk in over.values_list("pk", flat=True))


def _open_by_clock(survey_id: int, now: dt.datetime) -> bool:
    try:
        open_survey(survey_id, now=now)
    except SurveyError as error:
        log.warning("survey %s did not open by itself: %s", survey_id, error.messages)
        return False
    return True


def _close_by_clock(survey_id: int, now: dt.datetime) -> bool:
    """Looks again under the lock: the time may have been moved meanwhile."""
    with transaction.atomic():
        survey = locked(survey_id, None)
        if survey.state != SurveyState.OPEN or survey.closes_at > now:
            return False
        _move(survey, SurveyState.CLOSED, None)
    return True


def unfinished(survey: Survey) -> QuerySet[Response]:
    return survey.responses.exclude(state__in=HANDED_IN_STATES)


def locked(survey_id: int, user) -> Survey:
    """The row, locked; PermissionDenied unless the person may edit it (a stranger's is refused the same way)."""
    rows = Survey.objects.all() if user is None else Survey.objects.editable_by(user)
    survey = rows.filter(pk=survey_id).select_for_update().first()
    if survey is None:
        raise PermissionDenied
    return survey


def _move(survey: Survey, state: str, user) -> Survey:
    """The one place where ``state`` changes. The history row is written by the database (SurveyEvent)."""
    roles = SURVEY_TRANSITIONS.get((survey.state, state))
    if roles is None:
        wanted = SurveyState(state).label
        raise SurveyError(f"この調査は現在「{survey.get_state_display()}」のため、「{wanted}」にはできません。")
    if user is not None and user.role not in roles:
        raise PermissionDenied
    survey.state = state
    survey.save()
    tell_after_commit(survey)
    return survey


def tell_after_commit(survey: Survey) -> None:
    news = {"survey_id": survey.pk, "state": survey.state}
    transaction.on_commit(functools.partial(survey_changed.send_robust, sender=Survey, **news))


def _require_answers(survey: Survey) -> None:
    if survey.source == SurveySource.IMPORTED:
        raise SurveyError("得点を取り込んだ調査は、回答を受け付けません。")


def _require_openable(survey: Survey, now: dt.datetime) -> None:
    if survey.state != SurveyState.DRAFT:
        raise SurveyError("締め切った調査は「再開する」から受付を再開してください。")
    if survey.closes_at <= now:
        raise SurveyError("締切の日時を過ぎています。締切を変更してから受付を開始してください。")
    if not targets(survey).exists():
        raise SurveyError("対象の市町村がありません。対象の設定を確認してください。")


def _make_sheets(survey: Survey) -> int:
    """One insert for all targets that have no sheet yet. With no answers, a question with a condition is hidden."""
    existing = Response.objects.filter(survey=survey, organization=OuterRef("pk"))
    new = targets(survey).filter(~Exists(existing)).values_list("pk", flat=True)
    questions = Question.objects.filter(questionnaire=survey.questionnaire_id, required=True, condition__isnull=True)
    required = questions.count()
    sheets = [Response(survey=survey, organization_id=pk, required=required) for pk in new]
    Response.objects.bulk_create(sheets, ignore_conflicts=True)
    return len(sheets)


def _check_extension(response: Response, until: dt.datetime, reason: str) -> None:
    errors = {}
    if response.survey.state == SurveyState.DRAFT:
        raise SurveyError("受付を開始していない調査です。")
    if response.state in HANDED_IN_STATES:
        raise SurveyError(f"この回答票は「{response.get_state_display()}」のため、延長は要りません。")
    if until <= max(timezone.now(), response.survey.closes_at):
        errors["until"] = "調査の締切より後の、これからの日時を指定してください。"
    if not reason.strip():
        errors["reason"] = "延長の理由を入力してください。"
    if errors:
        raise SurveyError(errors)
