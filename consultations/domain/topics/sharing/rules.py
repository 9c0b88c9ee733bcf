"""How many days the towns of a prefecture have: to object, and to answer who wants to hear more."""

from typing import Any

from django.core.exceptions import PermissionDenied

from consultations.enums import MEMO_OFFICE_ROLES
from consultations.models import TopicRules
from dxportal.core.accounts.models import User


def rules_of(prefecture_id: Any) -> TopicRules:
    """As set, or the usual ones."""
    return TopicRules.objects.filter(prefecture=prefecture_id).first() or TopicRules(prefecture_id=prefecture_id)


def set_rules(*, days: int, contact_days: int, user: User) -> None:
    """For what is shown and asked from now on; days already told stay."""
    if user.role not in MEMO_OFFICE_ROLES or not user.acting:
        raise PermissionDenied
    TopicRules.objects.update_or_create(
        prefecture_id=user.acting.organization.prefecture_id, defaults={"days": days, "contact_days": contact_days}
    )
