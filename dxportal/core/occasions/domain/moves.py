"""Moves of an occasion between its states (``enums.OCCASION_MOVES``). Every move leaves an OccasionTransition row."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from dxportal.core.occasions.domain import write
from dxportal.core.occasions.domain.draft import OccasionDraft
from dxportal.core.occasions.enums import OCCASION_MOVES, OccasionMove, OccasionState
from dxportal.core.occasions.models import Occasion, OccasionTransition
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import Workflow, locked, moving

OCCASIONS = Workflow(
    model=Occasion,
    table=OCCASION_MOVES,
    subject="この会合",
    labels=dict(OccasionMove.choices),
    log=OccasionTransition,
    log_key="occasion",
)
# What a calendar must see: it is struck out, or it is back.
IN_CALENDARS = frozenset({OccasionMove.CANCEL, OccasionMove.POSTPONE, OccasionMove.REVIVE})
REASON_LIMIT = 2000


def possible_moves(occasion: Occasion, user: Any) -> frozenset[str]:
    """The moves that the person may make with the occasion as it stands."""
    if not Occasion.objects.editable_by(user).filter(pk=occasion.pk).exists():
        return frozenset()
    return OCCASIONS.possible(occasion, user)


def make_move(occasion_id: int, move: str, *, user: Any, reason: str = "", revision: int | None = None) -> Occasion:
    """Makes the move. PermissionDenied without the right; NotPossible when it is not possible now.

    ``revision``: what the person looked at; another one by now is Overtaken.
    """
    with moving(OCCASIONS, Occasion.objects.editable_by(user), occasion_id, move, user=user, reason=reason) as step:
        occasion = step.row
        if revision is not None and occasion.revision != revision:
            raise Overtaken(write.OVERTAKEN, occasion)
        if len(reason.strip()) > REASON_LIMIT:
            raise NotPossible({"reason": f"理由は{REASON_LIMIT}文字以内で入力してください。"}, code="reason_long")
        if move == OccasionMove.HOLD and occasion.day > timezone.localdate():
            raise NotPossible(
                "開催日がまだ来ていません。日付が違うときは、先に日時を変更してください。", code="not_yet"
            )
        if move == OccasionMove.REVIVE:
            # The successor stays an occasion of its own: the two are two meetings from now on.
            occasion.replaced_by = None
        step.log |= {"move": move}
        occasion.revision += 1
        occasion.sequence += move in IN_CALENDARS
    return occasion


@transaction.atomic
def replace(occasion_id: int, successor_id: int, *, user: Any) -> Occasion:
    """Says which occasion is held in place of a postponed one; several may point to one.

    PermissionDenied without the right to change both; NotPossible where it isn't postponed, or in a circle.
    """
    # In the order of their keys: two that are pointed at each other at once wait instead of blocking for ever.
    rows = {pk: locked(Occasion.objects.editable_by(user), pk) for pk in sorted({occasion_id, successor_id})}
    occasion = rows[occasion_id]
    successor = rows[successor_id]
    if occasion.state != OccasionState.POSTPONED:
        raise NotPossible(
            "振替先を決められるのは、延期にした会合だけです。先に延期にしてください。", code="not_postponed"
        )
    if successor.prefecture_id != occasion.prefecture_id:
        raise NotPossible({"successor": "同じ都道府県の会合を選んでください。"}, code="foreign")
    if leads_to(successor, occasion.pk):
        raise NotPossible(
            {"successor": "この会合は、延期にした会合から振り替えたものです。別の会合を選んでください。"}, code="circle"
        )
    occasion.replaced_by = successor
    write.touch(occasion, in_calendars=True)
    return occasion


@transaction.atomic
def postpone(
    occasion_id: int, *, user: Any, reason: str, draft: OccasionDraft | None = None, revision: int | None = None
) -> Occasion:
    """Postpones, and where ``draft`` says what is held in its place makes that one and points to it."""
    occasion = make_move(occasion_id, OccasionMove.POSTPONE, user=user, reason=reason, revision=revision)
    if draft is None:
        return occasion
    # Whoever may postpone a meeting of several consultants' towns may say when all of them meet instead.
    carried = write.draft_of(occasion).bodies
    return replace(occasion_id, write.create(draft, user=user, carried=carried).pk, user=user)


def leads_to(occasion: Occasion, pk: int) -> bool:
    """Whether following the successors of ``occasion`` ends at ``pk``."""
    at: Occasion | None = occasion
    while at is not None:
        if at.pk == pk:
            return True
        at = at.replaced_by
    return False
