"""Which audience of a prefecture's figures a signed-in person belongs to."""

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.portal.domain.lens import FigureAudience


def audience_of(user: User) -> FigureAudience | None:
    """None for a person without a membership. One query for bureau staff and consultants, none for the others."""
    acting = user.acting
    if acting is None:
        return None
    organization = acting.organization
    if organization.kind == OrganizationKind.MUNICIPALITY:
        return FigureAudience(organization.prefecture_id, frozenset({organization.pk}), public=True)
    if organization.kind == OrganizationKind.PREFECTURE and acting.role != Role.CONSULTANT:
        return FigureAudience(organization.pk, None)
    towns = Organization.objects.for_user(user).municipalities().values_list("pk", flat=True)
    return FigureAudience(organization.prefecture_id, frozenset(towns))
