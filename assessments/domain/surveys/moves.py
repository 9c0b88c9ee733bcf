"""Moves of a survey between its states (``enums.SURVEY_MOVES``); the log of the moves is the database's history (SurveyEvent)."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.domain.surveys.carryover import carry_over
from assessments.domain.surveys.due import AFTER_END, has_ended
from assessments.enums import HANDED_IN_STATES, SURVEY_MOVES, SurveyMove, SurveyRound, SurveySource, SurveyState
from assessments.models import Question, Response, Survey
from assessments.signals import survey_changed
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.successions import with_successors
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import Moving, Workflow, check, finish, locked

log = logging.getLogger(__name__)


def announce(survey: Survey, before: str = "") -> None:
    """To be called after the commit."""
    survey_changed.send_robust(sender=Survey, survey_id=survey.pk, state=survey.state)


SURVEYS = Workflow(
    model=Survey,
    table=SURVEY_MOVES,
    subject="この調査",
    labels=dict(SurveyMove.choices),
    announce=announce,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening did: responses made now, and of them those that start from the first round's answers."""

    survey: Survey
    created: int
    carried: int


def possible_moves(survey: Survey, user) -> frozenset[str]:
    """The moves that the person's role may make from where the survey stands."""
    return SURVEYS.possible(survey, user)


def targets(survey: Survey) -> QuerySet[Organization]:
    """The municipalities asked: the group's members (or who followed them) inside the prefecture, or all of the prefecture.

    Of those that live on the survey's day, which is that of its opening or, once that is past, today.
    """
    day = max(survey.day, timezone.localdate())
    municipalities = Organization.objects.municipalities().living(day).filter(prefecture=survey.prefecture_id)
    if not survey.group_id:
        return municipalities
    members = Organization.objects.filter(joined_groups=survey.group_id).values("pk")
    return municipalities.filter(pk__in=with_successors(members))


def missing(survey: Survey) -> QuerySet[Organization]:
    """The targets that are not asked yet. Whose predecessor was asked is not: a survey counts no place twice."""
    included = Organization.objects.filter(responses__survey=survey).values("pk")
    return targets(survey).exclude(pk__in=with_successors(included))


def unfinished(survey: Survey) -> QuerySet[Response]:
    return survey.responses.exclude(state__in=HANDED_IN_STATES)


def open_survey(survey_id: int, *, user=None, now: dt.datetime | None = None) -> Opening:
    """準備中 → 受付中, with a response for every target. Opening an open survey only adds the missing responses.

    ``user`` None: by the clock. A review round starts from the answers of the survey it reviews.
    """
    now = now or timezone.now()
    with transaction.atomic():
        survey = locked(_movable(user), survey_id)
        _require_answers(survey)
        if survey.state != SurveyState.OPEN:
            if survey.state != SurveyState.DRAFT:
                raise NotPossible("締め切った調査は「再開する」から受付を再開してください。")
            if survey.closes_at <= now:
                raise NotPossible("締切の日時を過ぎています。締切を変更してから受付を開始してください。")
            if not targets(survey).exists():
                raise NotPossible("対象の市町村がありません。対象の設定を確認してください。")
            step = Moving(survey, check(SURVEYS, survey, SurveyMove.OPEN, user=user))
            # No answer is taken before ``opens_at``: opened ahead of its day, the survey would still refuse them.
            survey.opens_at = min(survey.opens_at, now)
            finish(SURVEYS, step, user=user)
        created = _make_responses(survey)
        # Carrying over recounts the whole survey, and responses that were there before have theirs already.
        carried = carry_over(survey) if created and survey.round == SurveyRound.REVIEW else 0
        return Opening(survey, created, carried)


def close(survey_id: int, *, user=None) -> Survey:
    """受付中 → 締切済. A response with a longer term of its own (延長, 差戻し) can still be finished until then."""
    with transaction.atomic():
        survey = locked(_movable(user), survey_id)
        if survey.state != SurveyState.CLOSED:  # a second click finds it closed, which is what was asked for
            finish(SURVEYS, Moving(survey, check(SURVEYS, survey, SurveyMove.CLOSE, user=user)), user=user)
        return survey


def reopen(survey_id: int, *, closes_at: dt.datetime, user) -> Survey:
    """締切済 → 受付中 until a new closing time to come."""
    with transaction.atomic():
        survey = locked(_movable(user), survey_id)
        _require_answers(survey)
        step = Moving(survey, check(SURVEYS, survey, SurveyMove.REOPEN, user=user))
        if closes_at <= timezone.now():
            raise NotPossible({"closes_at": "これからの日時を指定してください。"})
        survey.closes_at = closes_at
        finish(SURVEYS, step, user=user)
    return survey


def extend(response_id: int, *, until: dt.datetime, reason: str, user) -> Response:
    """A later due time for one municipality, with a reason; also after the survey is closed for the others."""
    with transaction.atomic():
        response = locked(Response.objects.editable_by(user), response_id, "survey", "organization")
        if not user.is_prefecture_staff:
            raise PermissionDenied
        if has_ended(response):
            raise NotPossible(AFTER_END.format(response.organization), code="ended")
        if response.survey.state == SurveyState.DRAFT:
            raise NotPossible("受付を開始していない調査です。")
        if response.state in HANDED_IN_STATES:
            raise NotPossible(f"この回答票は「{response.get_state_display()}」のため、延長は要りません。")
        errors = {}
        if until <= max(timezone.now(), response.survey.closes_at):
            errors["until"] = "調査の締切より後の、これからの日時を指定してください。"
        if not reason.strip():
            errors["reason"] = "延長の理由を入力してください。"
        if errors:
            raise NotPossible(errors)
        response.extended_until = until
        response.extension_reason = reason.strip()
        response.save(update_fields=["extended_until", "extension_reason"])
    return response


def open_and_close_due(now: dt.datetime) -> tuple[int, int]:
    """What the clock asks for: surveys opened and closed. One that cannot be opened stays and is logged."""
    waiting = Survey.objects.filter(state=SurveyState.DRAFT, auto_open=True, opens_at__lte=now, closes_at__gt=now)
    opened = 0
    # Each survey in a transaction of its own: one that cannot be opened must not keep the others shut.
    for pk in waiting.values_list("pk", flat=True):
        try:
            open_survey(pk, now=now)
            opened += 1
        except NotPossible as error:
            log.warning("survey %s did not open by itself: %s", pk, error.messages)
    over = Survey.objects.filter(state=SurveyState.OPEN, closes_at__lte=now)
    closed = 0
    for pk in over.values_list("pk", flat=True):
        with transaction.atomic():
            # Looked at again under the lock: the time may have been moved meanwhile.
            survey = locked(Survey.objects.all(), pk)
            if survey.state == SurveyState.OPEN and survey.closes_at <= now:
                finish(SURVEYS, Moving(survey, check(SURVEYS, survey, SurveyMove.CLOSE, user=None)), user=None)
                closed += 1
    return opened, closed


def _movable(user) -> QuerySet[Survey]:
    """What the person may move; the clock may move every survey."""
    return Survey.objects.all() if user is None else Survey.objects.editable_by(user)


def _require_answers(survey: Survey) -> None:
    if survey.source == SurveySource.IMPORTED:
        raise NotPossible("得点を取り込んだ調査は、回答を受け付けません。")


def _make_responses(survey: Survey) -> int:
    """One insert for all targets that have no response yet. With no answers, a question with a condition is hidden."""
    # A municipality may have joined the prefecture since: only those without a response get one, and ignore_conflicts
    # lets two openings at once end with one each.
    new = missing(survey).values_list("pk", flat=True)
    questions = Question.objects.filter(questionnaire=survey.questionnaire_id, required=True, condition__isnull=True)
    required = questions.count()
    rows = [Response(survey=survey, organization_id=pk, required=required) for pk in new]
    Response.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
