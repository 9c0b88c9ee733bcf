"""Who sees which person's rows."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.successions import with_predecessors


def in_force(day: dt.date | None = None) -> Q:
    """Rows with first and last day that are in force on ``day`` (today)."""
    day = day or timezone.localdate()
    return Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))


class MembershipQuerySet(models.QuerySet):
    def current(self, day: dt.date | None = None):
        """Memberships in force, with what a request needs of them."""
        return self.filter(in_force(day), user__is_active=True).select_related("organization__prefecture")

    def for_user(self, user):
        """All memberships in the prefecture for its staff; one's own organisation's for the others.

        Those of the organisations before it are of the same people, where the prefecture is the same.
        """
        if user.acting is None:
            return self.none()
        if user.is_prefecture_staff:
            return self.filter(user.reach())
        own = user.acting.organization
        itself = Organization.objects.filter(pk=own.pk).values("pk")
        return self.filter(organization__in=with_predecessors(itself), organization__prefecture=own.prefecture_id)

    def editable_by(self, user):
        return self.filter(user.reach()) if user.is_prefecture_admin else self.none()


class AssignmentQuerySet(models.QuerySet):
    def on_day(self, day: dt.date | None = None):
        return self.filter(in_force(day))

    def for_user(self, user):
        return self.filter(user.reach())

    def editable_by(self, user):
        return self.filter(user.reach()) if user.is_prefecture_admin else self.none()


class InvitationQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach()) if user.is_prefecture_staff else self.none()

    def editable_by(self, user):
        return self.filter(user.reach()) if user.is_prefecture_admin else self.none()

    def open(self):
        """Not accepted, not revoked, not expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())
