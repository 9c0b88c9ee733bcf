"""Who reads and writes supporters and contacts. A foreign prefecture reads nothing."""

import datetime as dt

from django.db import models
from django.db.models import Q

from dxportal.core.people.enums import OFFICE_ROLES


def in_force(day: dt.date) -> Q:
    """First and last day included; no last day is no end."""
    return Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))


class CapacityQuerySet(models.QuerySet):
    def of_prefecture(self, prefecture_id: int):
        """Everybody's capacities and the prefecture's own."""
        return self.filter(Q(prefecture__isnull=True) | Q(prefecture=prefecture_id))

    def for_user(self, user):
        return self.of_prefecture(user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        """A prefecture's own; those for everybody come with the portal."""
        return self.filter(prefecture=user.acting.organization_id) if user.role in OFFICE_ROLES else self.none()

    def in_use(self):
        return self.filter(is_active=True)


class SupporterQuerySet(models.QuerySet):
    def for_user(self, user):
        """Everybody of the prefecture, its towns too: they meet these people every month."""
        return self.filter(prefecture=user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        return self.filter(prefecture=user.acting.organization_id) if user.role in OFFICE_ROLES else self.none()


class SupporterCapacityQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(supporter__prefecture=user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        if user.role not in OFFICE_ROLES:
            return self.none()
        return self.filter(supporter__prefecture=user.acting.organization_id)

    def on_day(self, day: dt.date):
        return self.filter(in_force(day))


class ContactQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach())

    def editable_by(self, user):
        """A town's own contacts; those of all of its towns for the prefecture's staff and the support office."""
        if user.is_answering:
            # Of those in whose place it stands, too: nobody else keeps them.
            here = user.acting.organization
            line = type(here).objects.line_of([here.pk]).filter(prefecture=here.prefecture_id)
            return self.filter(organization__in=line)
        return self.for_user(user) if user.role in OFFICE_ROLES else self.none()

    def on_day(self, day: dt.date):
        return self.filter(in_force(day))
