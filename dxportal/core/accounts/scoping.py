"""The one place that says how far a membership reaches (architecture: roles and fences)."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.successions import with_predecessors, with_successors

NOTHING = Q(pk__in=())


def reach(membership, path: str = "organization") -> Q:
    """Rows whose organisation at ``path`` the membership may read ("self": the organisation itself).

    Who reads a town reads those in whose place it stands; a charge of a consultant goes on with the successors.
    Nothing of it crosses the border of a prefecture but what a town's own people read of the towns before it.
    Use it inside one ``filter()`` call: chained filters over a to-many path join twice and widen access.
    """
    if membership is None:
        return NOTHING
    at = "" if path == "self" else f"{path}__"
    own = "pk" if path == "self" else path
    organization_id = membership.organization_id
    inside = Q(**{f"{at}prefecture": membership.organization.prefecture_id})
    if membership.role == Role.CONSULTANT:
        charges = membership.current_assignments().values("organization_id")
        after = Organization.objects.filter(
            pk__in=with_successors(charges), prefecture=membership.organization.prefecture_id
        )
        return Q(**{f"{own}__in": with_predecessors(after.values("pk"))}) & inside
    if membership.organization.kind == OrganizationKind.PREFECTURE:
        return Q(**{f"{at}prefecture": organization_id})
    towns = Organization.objects.filter(pk=organization_id)
    if membership.organization.kind == OrganizationKind.BUREAU:
        towns = Organization.objects.filter(Q(pk=organization_id) | Q(parent=organization_id))
        return Q(**{f"{own}__in": with_predecessors(towns.values("pk"))}) & inside
    return Q(**{f"{own}__in": with_predecessors(towns.values("pk"))})


def moved_on(membership: Any) -> Any:
    """The membership as it counts today: where its organisation has ended and one alone followed, it is that one's.

    In the same prefecture: into another one, people are taken in by its own admin.
    The row stays as it is; nobody has to make a second membership after a merger. After a split the person reads what
    was, until somebody says where they work now. Costs queries only where the organisation has ended.
    """
    today = timezone.localdate()
    if membership is None or membership.organization.last_day is None or membership.organization.last_day >= today:
        return membership
    after = read_lives([membership.organization_id]).only_successor(membership.organization_id, today)
    if after is not None:
        membership.organization = Organization.objects.select_related("prefecture").get(pk=after)
    return membership
