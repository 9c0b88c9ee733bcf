"""Writing an action: create and change."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES, ActionBearer, ActionState
from consultations.models import Action
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked


@dataclass(frozen=True, slots=True)
class ActionContent:
    """What an action says, its municipality and its state aside."""

    title: str
    bearer: str
    due_day: dt.date
    section: str = ""
    detail: str = ""
    area: Area | None = None


def content_of(action: Action) -> ActionContent:
    return ActionContent(**{name: getattr(action, name) for name in ActionContent.__slots__})


def towns_for(user: User) -> QuerySet[Organization]:
    """For which municipalities the person may write actions: those in reach; of people who only read, none."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return towns.order_by("sort_order", "code", "pk") if user.role in ACTING_ROLES else towns.none()


def bearers_for(user: User) -> tuple[ActionBearer, ...]:
    """Who may be burdened by the person: a town burdens itself alone."""
    return tuple(ActionBearer) if user.role in SUPPORTING_ROLES else (ActionBearer.TOWN,)


def create(organization_id: int, content: ActionContent, *, user: User) -> Action:
    if not towns_for(user).filter(pk=organization_id).exists():
        raise PermissionDenied
    require_bearer(content, user)
    return Action.objects.create(organization_id=organization_id, created_by=user, **values_of(content))


def change(action_id: int, content: ActionContent, *, user: User, revision: int) -> Action:
    """Stores what somebody wrote who saw ``revision``; the same again changes nothing.

    PermissionDenied, NotPossible for a closed one, Overtaken (with the action) where it says something else by now.
    """
    with transaction.atomic():
        # Locked before it is compared: of two saves at once the second sees what the first has stored.
        action = locked(Action.objects.editable_by(user), action_id, "organization")
        if content_of(action) == content:
            return action
        if action.state != ActionState.OPEN:
            raise NotPossible(
                "完了・取りやめのアクションは変更できません。先に「未完了に戻す」を押してください。", code="closed"
            )
        if action.revision != revision:
            raise Overtaken("このアクションは、入力中にほかの人が変更しました。", action)
        require_bearer(content, user)
        for name, value in values_of(content).items():
            setattr(action, name, value)
        action.revision += 1
        action.save()
        return action


def values_of(content: ActionContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in ActionContent.__slots__}


def require_bearer(content: ActionContent, user: User) -> None:
    if content.bearer not in bearers_for(user):
        raise NotPossible({"bearer": "団体が登録できるのは、自分の団体が対応するものだけです。"}, code="bearer")
