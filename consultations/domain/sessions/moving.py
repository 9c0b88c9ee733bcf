"""Another time: one session or all that follow, and a town's request for it."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.domain.actions.workdays import is_day_off
from consultations.domain.sessions.log import towns_of
from consultations.domain.sessions.planning import busy_of
from consultations.domain.sessions.yearplan import PlannedTown, next_fitting
from consultations.enums import MOVE_REQUEST_MOVES, MoveRequestAct, MoveRequestState
from consultations.models import MoveRequest, Session
from dxportal.core.accounts.models import User
from dxportal.core.occasions.domain import write as occasions
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import Workflow, locked, moving

MOST_PROPOSED = 3
MOVE_REQUESTS = Workflow(
    model=MoveRequest, table=MOVE_REQUEST_MOVES, subject="この依頼", labels=dict(MoveRequestAct.choices)
)  # no log of its own: the audit's events are the history


@transaction.atomic
def shift(
    session_id: int, starts_at: dt.datetime, *, user: User, following: bool = False, revision: int | None = None
) -> list[Session]:
    """Moves a planned session; ``following``: and by as many days all planned ones of its kind and towns after it.

    Those that follow go on to the next day that is neither off nor busy. All or none; gives the moved ones.
    """
    session = locked(Session.objects.editable_by(user), session_id, "occasion", "kind")
    before = session.occasion.starts_at
    later = followers(session, user) if following else []
    occasions.reschedule(session.occasion_id, starts_at, user=user, revision=revision)
    days = timezone.localdate(starts_at) - timezone.localdate(before)
    clock = timezone.localtime(starts_at).timetz()
    changed_clock = timezone.localtime(before).timetz() != clock
    town = PlannedTown(0, "", busy=busy_of(towns_of(session)))
    for follower in later:
        at = timezone.localtime(follower.occasion.starts_at)
        day = next_fitting(at.date() + days, town, is_day_off)
        if day is None:
            raise NotPossible(f"{at.date():%Y年%m月}の相談を移せる日がありません。一回ずつ変更してください。")
        moved = dt.datetime.combine(day, clock if changed_clock else at.timetz())
        occasions.reschedule(follower.occasion_id, moved, user=user)
    return [session, *later]


def followers(session: Session, user: User) -> list[Session]:
    """Planned ones after it, of the same kind and with the same towns."""
    towns = set(towns_of(session))
    rows = Session.objects.editable_by(user).filter(
        kind=session.kind, occasion__state=OccasionState.PLANNED, occasion__starts_at__gt=session.occasion.starts_at
    )
    line = Organization.objects.line_of(towns)
    rows = rows.filter(occasion__bodies__organization__in=line).distinct().select_related("occasion")
    return [row for row in rows.order_by("occasion__starts_at") if set(towns_of(row)) == towns]


def may_ask(session: Session, user: User) -> bool:
    """A town whose session is still to come."""
    planned = session.occasion.state == OccasionState.PLANNED and session.occasion.starts_at > timezone.now()
    return planned and user.is_answering and user.acting.organization_id in towns_of(session)


def ask(session_id: int, proposed: Sequence[dt.datetime], *, reason: str, user: User) -> MoveRequest:
    """A town proposes up to three times. PermissionDenied; NotPossible while another request waits for its answer."""
    with transaction.atomic():
        session = Session.objects.for_user(user).select_related("occasion").filter(pk=session_id).first()
        if session is None or not may_ask(session, user):
            raise PermissionDenied
        times = list(dict.fromkeys(proposed))
        if not times or len(times) > MOST_PROPOSED:
            raise NotPossible(f"候補の日時を1つから{MOST_PROPOSED}つまで入力してください。", code="proposed")
        if any(moment <= timezone.now() for moment in times):
            raise NotPossible("候補の日時は、これから先の日時にしてください。", code="past")
        try:
            with transaction.atomic():
                return MoveRequest.objects.create(
                    session=session,
                    organization=user.acting.organization,
                    reason=reason.strip(),
                    proposed=times,
                    by_name=user.name,
                )
        except IntegrityError as error:
            raise NotPossible(
                "回答を待っている依頼があります。先にそれを取り下げてください。", code="waiting"
            ) from error


def answer(
    request_id: int, act: str, *, user: User, chosen: dt.datetime | None = None, reason: str = ""
) -> MoveRequest:
    """Takes one of the proposed times, declines with a reason, or withdraws. PermissionDenied, NotPossible."""
    with moving(
        MOVE_REQUESTS, MoveRequest.objects.editable_by(user), request_id, act, user=user, reason=reason
    ) as step:
        if act == MoveRequestAct.TAKE:
            if chosen is None or chosen not in step.row.proposed:
                raise NotPossible("候補の中から日時を選んでください。", code="not_proposed")
            shift(step.row.session_id, chosen, user=user)
        elif (
            act == MoveRequestAct.DECLINE
            and not Session.objects.editable_by(user).filter(pk=step.row.session_id).exists()
        ):
            raise PermissionDenied
        step.row.answer = reason.strip()
    return step.row


def waiting(user: User) -> int:
    """How many requests wait for the person's answer."""
    rows = MoveRequest.objects.editable_by(user).filter(state=MoveRequestState.OPEN)
    return 0 if user.is_answering else rows.count()
