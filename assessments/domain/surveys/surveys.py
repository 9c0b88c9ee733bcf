"""The life of a survey: set up, opened, closed, reopened, extended. ``Survey.state`` changes only here."""

import datetime as dt
import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.domain.surveys.carryover import carry_over
from assessments.enums import (
    HANDED_IN_STATES,
    SURVEY_TRANSITIONS,
    QuestionnaireStatus,
    SurveyRound,
    SurveySource,
    SurveyState,
)
from assessments.models import Question, Response, Survey
from assessments.signals import survey_changed
from dxportal.core.organizations.models import Organization

log = logging.getLogger(__name__)

ALWAYS_EDITABLE = frozenset({"title", "contact", "visibility", "previous"})
EDITABLE_WHILE = {
    SurveyState.DRAFT: ALWAYS_EDITABLE
    | {"questionnaire", "group", "fiscal_year", "round", "opens_at", "closes_at", "auto_open"},
    SurveyState.OPEN: ALWAYS_EDITABLE | {"closes_at"},
    SurveyState.CLOSED: ALWAYS_EDITABLE,
}
PAST_CLOSING = "これからの日時を指定してください。今すぐ終えるには「締め切る」を使います。"


class SurveyError(ValidationError):
    """The act is not possible now; the message says why, for the person."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening did: answer sheets made now, and of them those that start from the first round's answers."""

    survey: Survey
    created: int
    carried: int


def create(values: Mapping[str, Any], *, user) -> Survey:
    """A survey in preparation, of the person's prefecture. ValidationError by field."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    survey = Survey(prefecture=user.acting.organization, **values)
    _check(survey)
    _follow_schemes(survey)
    survey.save()
    return survey


def _follow_schemes(survey: Survey) -> None:
    """The same instrument is classified as last time, so that years compare; staff may choose otherwise later."""
    last = survey.previous
    if last is None or not (last.questionnaire and survey.questionnaire):
        return
    if last.questionnaire.code == survey.questionnaire.code:
        survey.tier_scheme, survey.priority_scheme = last.tier_scheme, last.priority_scheme


def change(survey_id: int, values: Mapping[str, Any], *, user) -> Survey:
    """Changes what may still be changed in the survey's state; other values are an error, not ignored."""
    with transaction.atomic():
        survey = _locked(survey_id, user)
        changed = {name for name, value in values.items() if getattr(survey, name) != value}
        if fixed := changed - EDITABLE_WHILE[survey.state]:
            raise SurveyError(dict.fromkeys(fixed, f"「{survey.get_state_display()}」の調査では変更できません。"))
        if survey.state == SurveyState.OPEN and "closes_at" in changed and values["closes_at"] <= timezone.now():
            raise SurveyError({"closes_at": PAST_CLOSING})
        for name in changed:
            setattr(survey, name, values[name])
        _check(survey)
        survey.save()
        _tell_after_commit(survey)
    return survey


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
        survey = _locked(survey_id, user)
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
        survey = _locked(survey_id, user)
        if survey.state == SurveyState.CLOSED:
            return survey
        return _move(survey, SurveyState.CLOSED, user)


def reopen(survey_id: int, *, closes_at: dt.datetime, user) -> Survey:
    """締切済 → 受付中 until a new closing time to come."""
    with transaction.atomic():
        survey = _locked(survey_id, user)
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
        survey = _locked(survey_id, None)
        if survey.state != SurveyState.OPEN or survey.closes_at > now:
            return False
        _move(survey, SurveyState.CLOSED, None)
    return True


def unfinished(survey: Survey) -> QuerySet[Response]:
    return survey.responses.exclude(state__in=HANDED_IN_STATES)


def _locked(survey_id: int, user) -> Survey:
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
    _tell_after_commit(survey)
    return survey


def _tell_after_commit(survey: Survey) -> None:
    news = {"survey_id": survey.pk, "state": survey.state}
    transaction.on_commit(functools.partial(survey_changed.send_robust, sender=Survey, **news))


def _check(survey: Survey) -> None:
    """What the fields alone can't say. ValidationError by field."""
    errors = {}
    if survey.closes_at <= survey.opens_at:
        errors["closes_at"] = "締切は、受付開始より後の日時にしてください。"
    if survey.questionnaire and survey.questionnaire.status != QuestionnaireStatus.PUBLISHED:
        errors["questionnaire"] = "確定版の調査票を選んでください。"
    if survey.group and survey.group.prefecture_id != survey.prefecture_id:
        errors["group"] = "自分の都道府県のグループを選んでください。"
    if survey.previous and survey.previous.prefecture_id != survey.prefecture_id:
        errors["previous"] = "自分の都道府県の調査を選んでください。"
    if survey.round == SurveyRound.REVIEW and survey.previous is None:
        errors["previous"] = "見直しでは、もとにする初回の調査を選んでください。"
    if _same_name(survey):
        errors["title"] = "同じ年度・同じ回に、同じ名前の調査があります。別の名前にしてください。"
    if errors:
        raise SurveyError(errors)


def _same_name(survey: Survey) -> bool:
    same = {name: getattr(survey, name) for name in ("prefecture", "fiscal_year", "title", "round")}
    return Survey.objects.filter(**same).exclude(pk=survey.pk).exists()


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
