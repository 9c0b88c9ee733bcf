"""The demo's accounts: those whose address ends in ``@demo.example``; used only in demo mode."""

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership

DOMAIN = "@demo.example"


def demo_accounts() -> list[Membership]:
    """The current memberships of demo accounts in the order of the roles; each has user and organisation loaded."""
    order = {role: position for position, role in enumerate(Role.values)}
    accounts = Membership.objects.current().filter(user__email__endswith=DOMAIN).select_related("user")
    return sorted(accounts, key=lambda account: (order[account.role], account.user.email, account.pk))
