from dxportal.core.organizations.models.group import Group
from dxportal.core.organizations.models.life import FormerName, Succession
from dxportal.core.organizations.models.organization import Organization
from dxportal.core.organizations.models.profile import Profile

__all__ = ["FormerName", "Group", "Organization", "Profile", "Succession"]
