"""Open actions of the consultations on the portal's pages."""

from consultations.domain.actions.lines import ActionSummary, summary
from consultations.models import Action
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization

AT_HOME = ON_KARTE = 5


def for_home(user: User) -> ActionSummary:
    """Those in the person's reach, overdue ones first."""
    return summary(Action.objects.for_user(user), AT_HOME) if user.acting else ActionSummary()


def for_karte(user: User, organization: Organization) -> ActionSummary:
    line = Organization.objects.line_of([organization.pk])
    return summary(Action.objects.for_user(user).filter(organization__in=line), ON_KARTE)
