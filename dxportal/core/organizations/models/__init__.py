from dxportal.core.organizations.models.group import Group, GroupMember
from dxportal.core.organizations.models.life import FormerName, Succession
from dxportal.core.organizations.models.organization import Organization
from dxportal.core.organizations.models.profile import Profile

__all__ = ["FormerName", "Group", "GroupMember", "Organization", "Profile", "Succession"]
