"""The one place that says how far a membership reaches (architecture: roles and fences)."""

from django.db.models import Q

from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind

NOTHING = Q(pk__in=())


def reach(membership, path: str = "organization") -> Q:
    """Rows whose organisation at ``path`` the membership may read ("self": the organisation itself).

    Use it inside one ``filter()`` call: chained filters over a to-many path join twice and widen access.
    """
    if membership is None:
        return NOTHING
    at = "" if path == "self" else f"{path}__"
    own = "pk" if path == "self" else path
    organization_id = membership.organization_id
    if membership.role == Role.CONSULTANT:
        return Q(**{f"{own}__in": membership.current_assignments().values("organization_id")})
    if membership.organization.kind == OrganizationKind.PREFECTURE:
        return Q(**{f"{at}prefecture": organization_id})
    if membership.organization.kind == OrganizationKind.BUREAU:
        return Q(**{own: organization_id}) | Q(**{f"{at}parent": organization_id})
    return Q(**{own: organization_id})
