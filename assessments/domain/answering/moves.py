"""Moves of a response between its states (``enums.RESPONSE_MOVES``). Every move leaves a ResponseTransition row."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils import timezone

from assessments.domain.surveys.due import AFTER_END, due_of, has_ended, is_running
from assessments.domain.surveys.progress import progress_of
from assessments.enums import (
    EDITABLE_STATES,
    HANDED_IN_STATES,
    RESPONSE_MOVES,
    ResponseMove,
    ResponseState,
    SurveyState,
)
from assessments.models import Question, Response, ResponseTransition, Survey
from assessments.signals import response_moved
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import Moving, Workflow, check, finish, moving

RETURN_GRACE_DAYS = 7
# Nobody answers in the place of a town that is no more: what it handed in is confirmed, the rest stays as it was.
AFTER_ITS_END = frozenset({ResponseMove.CONFIRM})
# These wait for a running survey; the prefecture confirms and returns also after it is closed.
NEEDS_RUNNING_SURVEY = frozenset(ResponseMove) - {ResponseMove.CONFIRM, ResponseMove.RETURN}


def _announce(response: Response, from_state: str) -> None:
    # The move is committed by now: a listener's fault must not reach the person as a failed move.
    response_moved.send_robust(
        sender=Response,
        response_id=response.pk,
        survey_id=response.survey_id,
        organization_id=response.organization_id,
        from_state=from_state,
        to_state=response.state,
    )


RESPONSES = Workflow(
    model=Response,
    table=RESPONSE_MOVES,
    subject="この回答票",
    labels=dict(ResponseMove.choices),
    log=ResponseTransition,
    log_key="response",
    announce=_announce,
)


def start(response: Response, *, user) -> None:
    """未着手 → 入力中 with the first saved answer. The caller holds the transaction and the lock of the row."""
    step = Moving(response, check(RESPONSES, response, ResponseMove.BEGIN, user=user))
    _note(step, user)
    finish(RESPONSES, step, user=user)


def begin(response_id: int, *, user) -> Response:
    """未着手 → 入力中 without a change, so that answers carried over from the first round can be handed in as they are."""
    with _moving(response_id, ResponseMove.BEGIN, user=user) as step:
        pass
    return step.row


def request_review(response_id: int, *, user, comment: str = "") -> Response:
    """庁内確認依頼: the officer asks the approver of the same municipality."""
    with _moving(response_id, ResponseMove.REQUEST_REVIEW, user=user, comment=comment) as step:
        # An approver may have named fewer questions: with the next request only the prefecture's limit stays.
        step.row.reopened_questions = list(_limit(step.row))
    return step.row


def withdraw(response_id: int, *, user, comment: str = "") -> Response:
    """Takes a request for review back, to go on answering."""
    with _moving(response_id, ResponseMove.WITHDRAW, user=user, comment=comment) as step:
        pass
    return step.row


def send_back(response_id: int, *, user, comment: str, questions: Iterable[str] = ()) -> Response:
    """差戻し inside the municipality, by the approver. A prefecture's return to named questions stays the limit."""
    with _moving(response_id, ResponseMove.SEND_BACK, user=user, comment=comment) as step:
        named = _named(step.row, questions)
        limit = _limit(step.row)
        if limit and not set(named) <= set(limit):
            raise NotPossible("県からの差戻しの対象になっていない設問は選べません。", code="outside_limit")
        step.row.reopened_questions = list(named or limit)
        step.log["questions"] = list(named)
    return step.row


def submit(response_id: int, *, user, accept_unanswered: bool = False) -> Response:
    """承認して県へ提出 (or the prefecture's 代行提出).

    Raises NotPossible with code "unanswered" while required questions are unanswered and that is not accepted.
    The receipt number is given once; a second submission after a return keeps it.
    """
    with _moving(response_id, ResponseMove.SUBMIT, user=user) as step:
        response = step.row
        if not accept_unanswered:
            # Counted from the answers behind the lock: no answer can be taken out between this look and the submission.
            counts = progress_of(response)
            response.answered = counts.answered
            response.required = counts.required
            if unanswered := counts.required - counts.answered:
                raise NotPossible(
                    f"必須の設問が{unanswered}問、未回答です。未回答のまま提出する場合は確認欄にチェックしてください。",
                    code="unanswered",
                )
        if not response.receipt_number:
            # 年度-調査-通し番号. The survey's row lock keeps two submissions at once from taking one number; no_key,
            # because rows that only point at the survey need not wait.
            survey = Survey.objects.select_for_update(no_key=True).get(pk=response.survey_id)
            # A number once given is never taken away, so how many there are is also the last one.
            taken = Response.objects.filter(survey=survey).exclude(receipt_number="").count()
            response.receipt_number = f"{survey.fiscal_year}-{survey.pk:04d}-{taken + 1:03d}"
        response.submitted_at = timezone.now()
        response.submitted_by = user
        response.reopened_questions = []
    return response


def confirm(response_id: int, *, user, comment: str = "") -> Response:
    """提出済 → 確定 by the prefecture."""
    with _moving(response_id, ResponseMove.CONFIRM, user=user, comment=comment) as step:
        pass
    return step.row


def return_to(
    response_id: int, *, user, comment: str, questions: Iterable[str] = (), until: dt.datetime | None = None
) -> Response:
    """差戻し by the prefecture, of the whole or of named questions, which alone reopen.

    ``until`` becomes the response's due date, also in a closed survey. Where none is given and the response could not
    be worked on (past its due date, survey closed), a week is given.
    """
    with _moving(response_id, ResponseMove.RETURN, user=user, comment=comment) as step:
        response = step.row
        if response.survey.state == SurveyState.DRAFT:
            raise _not_open()
        named = _named(response, questions)
        response.reopened_questions = list(named)
        response.extended_until = _due_after_return(response, until)
        step.log["questions"] = list(named)
    return response


def possible_moves(response: Response, user) -> frozenset[str]:
    """The moves that the person's role may make from where the response stands."""
    possible = RESPONSES.possible(response, user)
    return possible & AFTER_ITS_END if has_ended(response) else possible


@contextmanager
def _moving(response_id: int, move: str, *, user, comment: str = "") -> Iterator[Moving[Response]]:
    mine = Response.objects.editable_by(user)
    with moving(
        RESPONSES, mine, response_id, move, user=user, reason=comment, related=("survey", "organization")
    ) as step:
        if move not in AFTER_ITS_END and has_ended(step.row):
            raise NotPossible(AFTER_END.format(step.row.organization), code="ended")
        if move in NEEDS_RUNNING_SURVEY and not is_running(step.row):
            raise _not_open()
        yield step
        _note(step, user)


def _note(step: Moving[Response], user) -> None:
    """A prefecture's start or submission is an act for the municipality: 代行."""
    step.row.changed_at = timezone.now()
    step.row.changed_by = user
    step.log["role"] = user.role
    step.log["on_behalf"] = user.is_prefecture_staff and step.transition.source in EDITABLE_STATES


def _not_open() -> NotPossible:
    return NotPossible("この調査は受付中ではないため、回答票の状態を変えられません。", code="survey_not_open")


def _named(response: Response, questions: Iterable[str]) -> tuple[str, ...]:
    """The named questions in the questionnaire's order; NotPossible when one is not of it."""
    wanted = set(questions)
    if not wanted:
        return ()
    questions_of_survey = Question.objects.filter(questionnaire=response.survey.questionnaire_id, code__in=wanted)
    known = tuple(questions_of_survey.order_by("position").values_list("code", flat=True))
    if unknown := sorted(wanted - set(known)):
        raise NotPossible(f"この調査にない設問です：{'、'.join(unknown)}", code="unknown_question")
    return known


def _limit(response: Response) -> tuple[str, ...]:
    """What the prefecture's last return named, since the last submission; empty: no limit."""
    # Only a return brings a response back once it is handed in: the last one is the one that holds now.
    last = response.transitions.filter(from_state__in=HANDED_IN_STATES, to_state=ResponseState.RETURNED).last()
    return tuple(last.questions) if last else ()


def _due_after_return(response: Response, until: dt.datetime | None) -> dt.datetime | None:
    now = timezone.now()
    if until is not None and until <= now:
        raise NotPossible("再提出の締切には、これからの日時を指定してください。", code="not_later")
    if until is not None or (is_running(response, now) and due_of(response) > now):
        return until or response.extended_until
    last_day = timezone.localtime(now) + dt.timedelta(days=RETURN_GRACE_DAYS)
    return last_day.replace(hour=23, minute=59, second=0, microsecond=0)
