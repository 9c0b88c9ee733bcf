"""The demo's actions: what was promised to some towns, around the day on which the demo is loaded."""

import datetime as dt
from typing import Any

from django.utils import timezone

from consultations.domain.actions import moves, write
from consultations.enums import ActionMove, ActionState
from consultations.models import Action
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.demo.world import read

MOVES = {ActionState.DONE: ActionMove.CARRY_OUT, ActionState.DROPPED: ActionMove.DROP}


def load(prefecture: Organization) -> None:
    areas = {area.code: area for area in Area.objects.all()}
    towns = {town.name: town for town in prefecture.members.municipalities()}
    staff = Membership.objects.filter(organization=prefecture, role=Role.PREFECTURE_STAFF).select_related("user")
    user = staff.get().user
    today = timezone.localdate()
    for row in read("actions.yaml"):
        load_action(row, towns[row["town"]], areas[row["area"]], today, user)


def load_action(row: dict[str, Any], town: Organization, area: Area, today: dt.date, user: Any) -> None:
    content = write.ActionContent(
        title=row["title"],
        bearer=row["bearer"],
        due_day=today + dt.timedelta(days=row["due"]),
        section=row.get("section", ""),
        detail=row.get("detail", ""),
        area=area,
    )
    action = write.create(town.pk, content, user=user)
    if state := row.get("state"):
        moves.make_move(action.pk, MOVES[state], user=user, result=row["result"])
        Action.objects.filter(pk=action.pk).update(closed_at=timezone.now() + dt.timedelta(days=row["closed"]))
