"""Moves of an answer sheet between its states. Every move goes through ``_move`` and leaves a ResponseTransition row."""

import datetime as dt
import functools
from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.domain.surveys.due import due_of, is_running
from assessments.domain.surveys.progress import progress_of
from assessments.enums import (
    EDITABLE_STATES,
    HANDED_IN_STATES,
    REASON_REQUIRED,
    TRANSITIONS,
    ResponseState,
    SurveyState,
)
from assessments.models import Question, Response, ResponseTransition, Survey
from assessments.signals import response_moved

RETURN_GRACE_DAYS = 7
_S = ResponseState


class MoveError(ValidationError):
    """The move is not possible now; the message says why, for the person."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is told with a move: why, and which questions it concerns (none: the whole sheet)."""

    comment: str = ""
    questions: tuple[str, ...] = ()


def start(response: Response, *, user) -> Response:
    """未着手 → 入力中 with the first saved answer. The caller holds the transaction."""
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if locked.state == _S.NOT_STARTED:
        _move(locked, _S.IN_PROGRESS, user=user)
    return locked


def begin(response_id: int, *, user) -> Response:
    """未着手 → 入力中 without a change, so that answers carried over from the first round can be handed in as they are."""
    with transaction.atomic():
        response = _locked(response_id, user)
        _require_open(response)
        _require_state(response, {_S.NOT_STARTED}, _S.IN_PROGRESS)
        return _move(response, _S.IN_PROGRESS, user=user)


def request_review(response_id: int, *, user, comment: str = "") -> Response:
    """庁内確認依頼: the officer asks the approver of the same municipality."""
    with transaction.atomic():
        response = _locked(response_id, user)
        _require_open(response)
        response.reopened_questions = list(_limit(response))
        return _move(response, _S.IN_REVIEW, user=user, move=Move(comment))


def withdraw(response_id: int, *, user, comment: str = "") -> Response:
    """Takes a request for review back, to go on answering."""
    with transaction.atomic():
        response = _locked(response_id, user)
        _require_open(response)
        _require_state(response, {_S.IN_REVIEW}, _S.IN_PROGRESS)
        return _move(response, _S.IN_PROGRESS, user=user, move=Move(comment))


def send_back(response_id: int, *, user, comment: str, questions: Iterable[str] = ()) -> Response:
    """差戻し inside the municipality, by the approver. A prefecture's return to named questions stays the limit."""
    with transaction.atomic():
        response = _locked(response_id, user)
        _require_open(response)
        _require_state(response, {_S.IN_REVIEW}, _S.RETURNED)
        named, limit = _named(response, questions), _limit(response)
        if limit and not set(named) <= set(limit):
            raise MoveError("県からの差戻しの対象になっていない設問は選べません。", code="outside_limit")
        response.reopened_questions = list(named or limit)
        return _move(response, _S.RETURNED, user=user, move=Move(comment, named))


def submit(response_id: int, *, user, accept_unanswered: bool = False) -> Response:
    """承認して県へ提出 (or the prefecture's 代行提出).

    Raises MoveError with code "unanswered" while required questions are unanswered and that is not accepted.
    The receipt number is given once; a second submission after a return keeps it.
    """
    with transaction.atomic():
        response = _locked(response_id, user)
        _require_open(response)
        if not accept_unanswered:
            _require_complete(response)
        response.receipt_number = response.receipt_number or _next_receipt(response)
        response.submitted_at, response.submitted_by = timezone.now(), user
        response.reopened_questions = []
        return _move(response, _S.SUBMITTED, user=user)


def confirm(response_id: int, *, user, comment: str = "") -> Response:
    """提出済 → 確定 by the prefecture."""
    with transaction.atomic():
        return _move(_locked(response_id, user), _S.CONFIRMED, user=user, move=Move(comment))


def return_to(
    response_id: int, *, user, comment: str, questions: Iterable[str] = (), until: dt.datetime | None = None
) -> Response:
    """差戻し by the prefecture, of the whole or of named questions, which alone reopen.

    ``until`` becomes the sheet's due date, also in a closed survey. Where none is given and the sheet could not be
    worked on (past its due date, survey closed), a week is given.
    """
    with transaction.atomic():
        response = _locked(response_id, user)
        if response.survey.state == SurveyState.DRAFT:
            raise _not_open()
        _require_state(response, HANDED_IN_STATES, _S.RETURNED)
        named = _named(response, questions)
        response.reopened_questions = list(named)
        response.extended_until = _due_after_return(response, until)
        return _move(response, _S.RETURNED, user=user, move=Move(comment, named))


def reopen(response_id: int, *, user, comment: str, until: dt.datetime | None = None) -> Response:
    """Opens a handed-in sheet again as a whole."""
    return return_to(response_id, user=user, comment=comment, until=until)


def possible_moves(response: Response, user) -> frozenset[str]:
    """The states that the person may move the sheet to from where it stands."""
    return frozenset(to for (now, to), roles in TRANSITIONS.items() if now == response.state and user.role in roles)


def _locked(response_id: int, user) -> Response:
    """The row, locked; PermissionDenied unless the person may edit it (a stranger's is refused the same way)."""
    mine = Response.objects.editable_by(user).filter(pk=response_id)
    response = mine.select_related("survey").select_for_update(of=("self",)).first()
    if response is None:
        raise PermissionDenied
    return response


def _move(response: Response, to_state: str, *, user, move: Move = Move()) -> Response:
    """The one place where ``state`` changes: table, role, reason, row, log, and news after the commit."""
    from_state = response.state
    roles = TRANSITIONS.get((from_state, to_state))
    if roles is None:
        raise _not_possible(response, to_state)
    if user.role not in roles:
        raise PermissionDenied
    comment = move.comment.strip()
    if to_state in REASON_REQUIRED and not comment:
        raise MoveError("差戻しの理由を入力してください。", code="reason_required")
    response.state = to_state
    response.changed_at, response.changed_by = timezone.now(), user
    response.save()
    _log(response, from_state, user, Move(comment, move.questions))
    _tell_after_commit(response, from_state)
    return response


def _log(response: Response, from_state: str, user, move: Move) -> None:
    """A prefecture's start or submission is an act for the municipality: 代行."""
    ResponseTransition.objects.create(
        response=response,
        from_state=from_state,
        to_state=response.state,
        by=user,
        by_name=user.name,
        role=user.role,
        comment=move.comment,
        questions=list(move.questions),
        on_behalf=user.is_prefecture_staff and from_state in EDITABLE_STATES,
    )


def _tell_after_commit(response: Response, from_state: str) -> None:
    news = {
        "response_id": response.pk,
        "survey_id": response.survey_id,
        "organization_id": response.organization_id,
        "from_state": from_state,
        "to_state": response.state,
    }
    transaction.on_commit(functools.partial(response_moved.send_robust, sender=Response, **news))


def _not_possible(response: Response, to_state: str) -> MoveError:
    now, wanted = response.get_state_display(), ResponseState(to_state).label
    return MoveError(
        f"この回答票は現在「{now}」のため、「{wanted}」にはできません。画面を読み込み直して状態を確かめてください。",
        code="not_possible",
    )


def _require_open(response: Response) -> None:
    if not is_running(response):
        raise _not_open()


def _not_open() -> MoveError:
    return MoveError("この調査は受付中ではないため、回答票の状態を変えられません。", code="survey_not_open")


def _require_state(response: Response, states: Set[str], to_state: str) -> None:
    """Where the table knows two ways to a state, each function takes only its own."""
    if response.state not in states:
        raise _not_possible(response, to_state)


def _require_complete(response: Response) -> None:
    counts = progress_of(response)
    response.answered, response.required = counts.answered, counts.required
    if unanswered := counts.required - counts.answered:
        raise MoveError(
            f"必須の設問が{unanswered}問、未回答です。未回答のまま提出する場合は確認欄にチェックしてください。",
            code="unanswered",
        )


def _named(response: Response, questions: Iterable[str]) -> tuple[str, ...]:
    """The named questions in the questionnaire's order; MoveError when one is not of it."""
    wanted = set(questions)
    if not wanted:
        return ()
    asked = Question.objects.filter(questionnaire=response.survey.questionnaire_id, code__in=wanted)
    known = tuple(asked.order_by("position").values_list("code", flat=True))
    if unknown := sorted(wanted - set(known)):
        raise MoveError(f"この調査にない設問です：{'、'.join(unknown)}", code="unknown_question")
    return known


def _limit(response: Response) -> tuple[str, ...]:
    """What the prefecture's last return named, since the last submission; empty: no limit."""
    last = response.transitions.filter(from_state__in=HANDED_IN_STATES, to_state=_S.RETURNED).last()
    return tuple(last.questions) if last else ()


def _due_after_return(response: Response, until: dt.datetime | None) -> dt.datetime | None:
    now = timezone.now()
    if until is not None and until <= now:
        raise MoveError("再提出の締切には、これからの日時を指定してください。", code="not_later")
    if until is not None or (is_running(response, now) and due_of(response) > now):
        return until or response.extended_until
    last_day = timezone.localtime(now) + dt.timedelta(days=RETURN_GRACE_DAYS)
    return last_day.replace(hour=23, minute=59, second=0, microsecond=0)


def _next_receipt(response: Response) -> str:
    """年度-調査-通し番号. The survey's row lock keeps two submissions at once from taking one number."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=response.survey_id)
    taken = Response.objects.filter(survey=survey).exclude(receipt_number="").count()
    return f"{survey.fiscal_year}-{survey.pk:04d}-{taken + 1:03d}"
