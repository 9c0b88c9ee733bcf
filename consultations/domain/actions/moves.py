"""Moves of an action between its states (``enums.ACTION_MOVES``). Every move leaves an ActionTransition row."""

from django.utils import timezone

from consultations.enums import ACTION_MOVES, ActionMove, ActionState
from consultations.models import Action, ActionTransition
from dxportal.core.accounts.models import User
from dxportal.core.workflow.moves import Workflow, moving

ACTIONS = Workflow(
    model=Action,
    table=ACTION_MOVES,
    subject="このアクション",
    labels=dict(ActionMove.choices),
    log=ActionTransition,
    log_key="action",
)


def possible_moves(action: Action, user: User) -> frozenset[str]:
    """What the person may do with the action as it stands."""
    may = Action.objects.editable_by(user).filter(pk=action.pk).exists()
    return ACTIONS.possible(action, user) if may else frozenset()


def make_move(action_id: int, move: str, *, user: User, result: str = "") -> Action:
    """``result``: what came of it, or why it is dropped or opened again. PermissionDenied, NotPossible."""
    with moving(ACTIONS, Action.objects.editable_by(user), action_id, move, user=user, reason=result) as step:
        closes = step.transition.target != ActionState.OPEN
        step.row.closed_at = timezone.now() if closes else None
        # Opened again it has no result yet; the former one stands in the log.
        step.row.result = result.strip() if closes else ""
        step.row.revision += 1
        step.log["move"] = move
    return step.row
