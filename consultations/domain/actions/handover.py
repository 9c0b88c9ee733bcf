"""Which actions are open when work changes hands: the part of the handover page that this feature adds."""

from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions.lines import lines, open_of
from consultations.enums import ActionBearer
from consultations.models import Action
from dxportal.core.accounts.domain import handover
from dxportal.core.accounts.domain.handover import HandoverItem, HandoverSection
from dxportal.core.accounts.models import User
from dxportal.core.ui.japanese import western

MOST = 100


def register() -> None:
    handover.register("consultations.actions", open_actions, order=30)


def open_actions(user: User) -> HandoverSection | None:
    """A town's and a prefecture's own; a consultant's charges go on with all of theirs, whoever is to do them."""
    rows = Action.objects.for_user(user).select_related("organization")
    if user.is_prefecture_staff:
        rows = rows.filter(bearer=ActionBearer.PREFECTURE)
    elif user.acting is not None and user.acting.organization.is_municipality:
        rows = rows.filter(bearer=ActionBearer.TOWN)
    today = timezone.localdate()
    first = lines(open_of(rows, today)[:MOST], today)
    items = tuple(
        HandoverItem(
            f"{line.action.organization.marked}：{line.action.title}",
            reverse("consultations:action", args=[line.action.pk]),
            f"{line.action.get_bearer_display()}、期限 {western(line.action.due_day)}（{line.words}）",
        )
        for line in first
    )
    return HandoverSection("終わっていないアクション", items)
