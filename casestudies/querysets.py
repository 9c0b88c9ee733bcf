"""Who finds, opens and changes which case."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casestudies.enums import CONTRIBUTING_ROLES, Audience, CaseState
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.successions import with_predecessors


class CaseQuerySet(models.QuerySet):
    def published_for(self, user):
        """What the person's search, facets, counts and suggestions may show."""
        acting = user.acting
        return self.none() if acting is None else self.published_in(acting.organization.prefecture_id)

    def published_in(self, prefecture_id: int | None):
        """What the search of everybody in the prefecture may show."""
        inside = Q(audience=Audience.PREFECTURE, prefecture=prefecture_id)
        return self.filter(Q(audience=Audience.EVERYONE) | inside, state=CaseState.PUBLISHED)

    def for_user(self, user):
        """What the person may open: published ones, the own organisation's, for staff the prefecture's but others' drafts."""
        acting = user.acting
        if acting is None:
            return self.none()
        published = Q(state=CaseState.PUBLISHED, audience=Audience.EVERYONE) | Q(
            state=CaseState.PUBLISHED, audience=Audience.PREFECTURE, prefecture=acting.organization.prefecture_id
        )
        return self.filter(published | self._own(user))

    def editable_by(self, user):
        """Cases whose content the person may change: own drafts; for staff every one of the prefecture."""
        if user.role not in CONTRIBUTING_ROLES:
            return self.none()
        own = self.filter(self._own(user))
        if user.is_prefecture_staff:
            return own
        return own.filter(self._authored(user), state=CaseState.DRAFT)

    def of_user(self, user):
        """Those behind the scenes of which the person may look (history, comments): what is their own."""
        return self.filter(self._own(user)) if user.acting else self.none()

    def authored_by(self, user):
        """Those that the person hands over and takes back: the organisation's that wrote it, a consultant's the author's."""
        if user.acting is None:
            return self.none()
        return self.of_user(user).filter(self._authored(user))

    def _authored(self, user) -> Q:
        """Also what the organisations before the own one left unfinished: else nobody could go on with it.

        Of one that has ended itself (after a split, or into another prefecture) nothing is changed any more.
        """
        organization = user.acting.organization
        itself = Organization.objects.living(timezone.localdate()).filter(pk=organization.pk).values("pk")
        theirs = Q(organization__in=with_predecessors(itself), prefecture=organization.prefecture_id)
        return theirs | Q(organization__isnull=True, author=user)

    def _own(self, user) -> Q:
        acting = user.acting
        if user.is_prefecture_staff:
            # A consultant's case whose author is no longer at work in the prefecture: else nobody could finish it.
            consultants = Membership.objects.current().filter(role=Role.CONSULTANT)
            at_work = consultants.filter(organization__prefecture=OuterRef("prefecture"), user=OuterRef("author"))
            # NOT EXISTS holds also where the author's account is gone (NULL); NOT IN would not.
            left_behind = Q(organization__isnull=True) & ~Exists(at_work)
            others = Q(state=CaseState.DRAFT) & ~Q(organization=acting.organization_id) & ~left_behind
            return Q(prefecture=acting.organization_id) & ~others
        if acting.role == Role.CONSULTANT:
            return Q(author=user, prefecture=acting.organization.prefecture_id)
        if acting.organization.kind == OrganizationKind.MUNICIPALITY:
            return user.reach()
        itself = Organization.objects.filter(pk=acting.organization_id).values("pk")
        return Q(organization__in=with_predecessors(itself))


class PersonalQuerySet(models.QuerySet):
    """Rows that belong to one person: bookmarks, saved searches."""

    def for_user(self, user):
        return self.filter(user=user)

    def editable_by(self, user):
        return self.for_user(user)


class UptakeQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        """A municipality's own; for staff those of the prefecture's municipalities. Nothing of one that has ended."""
        if not (user.is_answering or user.is_prefecture_staff):
            return self.none()
        ended = Q(organization__last_day__lt=timezone.localdate())
        return self.for_user(user).exclude(ended)
