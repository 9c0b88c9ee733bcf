"""Words of the consultations, and how an action moves from open to done."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role
from dxportal.core.workflow.table import TransitionTable, transitions

# Who supports towns: they write for every town in their reach.
SUPPORTING_ROLES = PREFECTURE_ROLES | {Role.SUPPORT_STAFF, Role.CONSULTANT}
ACTING_ROLES = SUPPORTING_ROLES | ANSWERING_ROLES


class ActionState(models.TextChoices):
    OPEN = "open", "未完了"
    DONE = "done", "完了"
    DROPPED = "dropped", "取りやめ"


ACTION_TONES = {ActionState.OPEN: "blue", ActionState.DONE: "green", ActionState.DROPPED: "gray"}


class ActionBearer(models.TextChoices):
    """Who is to do it."""

    TOWN = "town", "団体"
    PREFECTURE = "prefecture", "県"
    CONSULTANT = "consultant", "伴走コンシェルジュ"


class ActionMove(models.TextChoices):
    CARRY_OUT = "carry_out", "完了にする"
    DROP = "drop", "取りやめる"
    REOPEN = "reopen", "未完了に戻す"


ACTION_MOVES = TransitionTable(
    (
        *transitions(ActionMove.CARRY_OUT, [ActionState.OPEN], ActionState.DONE, ACTING_ROLES),
        *transitions(
            ActionMove.DROP,
            [ActionState.OPEN],
            ActionState.DROPPED,
            SUPPORTING_ROLES,
            reason="取りやめる理由を入力してください。",
        ),
        *transitions(ActionMove.REOPEN, [ActionState.DONE, ActionState.DROPPED], ActionState.OPEN, ACTING_ROLES),
    )
)
