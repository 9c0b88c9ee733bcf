"""How the events of actions read."""

from collections.abc import Sequence
from typing import Any

from consultations.enums import ActionBearer, ActionState
from consultations.models import Action
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest
from dxportal.core.ui.japanese import western

ACTION_TRAIL = Trail(
    code="action",
    label="アクション",
    events=events_of(Action),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization", "area"),
    fields=(
        ("状態", lambda event: ActionState(event.state).label),
        ("内容", lambda event: event.title),
        ("詳しい内容", lambda event: event.detail),
        ("対応する側", lambda event: ActionBearer(event.bearer).label),
        ("担当課", lambda event: event.section),
        ("期限", lambda event: western(event.due_day)),
        ("分野", lambda event: event.area.name if event.area else ""),
        ("結果・理由", lambda event: event.result),
    ),
    subject=lambda event: event.title,
    place=lambda event: event.organization,
    searched=("title", "detail", "result", "organization__name"),
)
TRAILS = (ACTION_TRAIL,)


def history(action: Action) -> Sequence[HistoryEntry]:
    events: Any = ACTION_TRAIL.events.objects.filter(pgh_obj=action.pk)
    return newest(ACTION_TRAIL, events)
