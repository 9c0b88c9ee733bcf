from dxportal.core.accounts.models.assignment import Assignment
from dxportal.core.accounts.models.invitation import Invitation
from dxportal.core.accounts.models.membership import Membership
from dxportal.core.accounts.models.sent_form import SentForm
from dxportal.core.accounts.models.user import User

__all__ = ["Assignment", "Invitation", "Membership", "SentForm", "User"]
