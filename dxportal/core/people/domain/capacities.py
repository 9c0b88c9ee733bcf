"""A prefecture's own capacities beside those that come with the portal."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from dxportal.core.accounts.models import User
from dxportal.core.names import name_key
from dxportal.core.organizations.models import Organization
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.models import Capacity
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

OWN_CODE = "own_{}"


def add_capacity(name: str, *, has_field: bool, user: User) -> Capacity:
    """At the end of the list. The code, by which plans count, is given by us."""
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    with transaction.atomic():
        # The prefecture's row makes two additions at once wait for each other: neither takes the other's number.
        prefecture = Organization.objects.select_for_update().get(pk=user.acting.organization_id)
        here = Capacity.objects.of_prefecture(prefecture.pk)
        require_new_name(name, here)
        number = Capacity.objects.filter(prefecture=prefecture).count() + 1
        last = here.aggregate(last=Max("order"))["last"] or 0
        return Capacity.objects.create(
            prefecture=prefecture, code=OWN_CODE.format(number), name=name, has_field=has_field, order=last + 1
        )


def change_capacity(capacity_id: int, *, name: str, has_field: bool, is_active: bool, user: User) -> Capacity:
    """An own one. Whether it has a field stays as it is once somebody holds it."""
    with transaction.atomic():
        capacity = locked(Capacity.objects.editable_by(user), capacity_id)
        require_new_name(name, Capacity.objects.of_prefecture(capacity.prefecture_id).exclude(pk=capacity.pk))
        if capacity.has_field != has_field and capacity.holders.exists():
            raise NotPossible({"has_field": "この役割の人がいるため、分野の有無は変更できません。"})
        capacity.name = name
        capacity.has_field = has_field
        capacity.is_active = is_active
        capacity.save()
        return capacity


def require_new_name(name: str, others) -> None:
    if name_key(name) in {name_key(other.name) for other in others}:
        raise NotPossible({"name": f"「{name}」という役割はすでにあります。"})
