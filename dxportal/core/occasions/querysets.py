"""Who sees and writes which occasion. A foreign prefecture reads nothing, whatever it is named in."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.occasions.enums import CALLED_OFF, OFFICE_ROLES, OWNING_PARTS, TOOK_PLACE, WRITING_ROLES
from dxportal.core.organizations.enums import OrganizationKind


def sees_whole_prefecture(user) -> bool:
    """Members of the prefecture itself, its viewers and the support office included; consultants have their charges."""
    acting = user.acting
    return acting.organization.kind == OrganizationKind.PREFECTURE and acting.role != Role.CONSULTANT


class OccasionQuerySet(models.QuerySet):
    def for_user(self, user):
        """All of the prefecture for its members; else what the own bodies take part in and what the person attends."""
        if user.acting is None:
            return self.none()
        inside = self.filter(prefecture=user.acting.organization.prefecture_id)
        if sees_whole_prefecture(user):
            return inside
        return inside.filter(pk__in=self._concerning(user))

    def editable_by(self, user):
        """Those of the prefecture for its staff and the support office; a bureau's area; a consultant's charges and what
        they attend; of a town's occasions those that it or a group of its own holds."""
        if user.role not in WRITING_ROLES:
            return self.none()
        seen = self.for_user(user)
        if user.role in OFFICE_ROLES or user.role in (Role.CONSULTANT, Role.BUREAU_STAFF):
            return seen
        return seen.filter(self._held_by(user))

    def attended_by(self, user):
        """Those at which the person (or the one of that key) was or is to be."""
        return self.filter(self._attended_by(user))

    def attended_by_supporter(self, supporter):
        """The same for somebody of the register, with an account or without."""
        person = Q(supporter=supporter) | Q(user__supporters=supporter)
        return self.filter(Exists(self._hanging("attendances").filter(person, occasion=OuterRef("pk"))))

    def took_place(self):
        return self.filter(state__in=TOOK_PLACE)

    def taking_place(self):
        """All but those that were called off: what stands in somebody's way."""
        return self.exclude(state__in=CALLED_OFF)

    def between(self, first_day: dt.date, last_day: dt.date):
        """Those that start on one of these local days, both included."""
        midnight = dt.time()
        start = timezone.make_aware(dt.datetime.combine(first_day, midnight))
        end = timezone.make_aware(dt.datetime.combine(last_day + dt.timedelta(days=1), midnight))
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def of_kind(self, *codes: str):
        """Those that count as any of these kinds, each once."""
        return self.filter(Exists(self._hanging("counts").filter(occasion=OuterRef("pk"), kind__code__in=codes)))

    def with_body(self, organizations):
        """Those in which one of these organisations takes part by itself or as member of a group."""
        part = Q(organization__in=organizations) | Q(group__members__in=organizations)
        return self.filter(Exists(self._hanging("bodies").filter(part, occasion=OuterRef("pk"))))

    def with_group(self, group):
        """Those in which the group itself takes part."""
        return self.filter(Exists(self._hanging("bodies").filter(occasion=OuterRef("pk"), group=group)))

    def _hanging(self, relation: str) -> models.QuerySet:
        """The rows that hang on occasions; asked of the relation, since models stand above querysets."""
        rows: Any = self.model._meta.get_field(relation).related_model
        return rows._default_manager.all()

    def _concerning(self, user) -> models.QuerySet:
        """Keys of what own bodies take part in and what the person attends."""
        bodies, people = self._hanging("bodies").order_by(), self._hanging("attendances").order_by()
        parts = [people.filter(user=user), people.filter(supporter__user=user)]
        if user.acting.organization.kind == OrganizationKind.MUNICIPALITY:
            parts.append(bodies.filter(user.reach("group__members")))
        # Each read by an index of its own, then put together: joined by OR, every meeting of the nation would be looked at.
        return bodies.filter(user.reach()).values("occasion").union(*(part.values("occasion") for part in parts))

    def _held_by(self, user) -> Exists:
        # EXISTS instead of a join: an occasion with several own bodies is one occasion, and counts stay right.
        part = user.reach() & Q(role__in=OWNING_PARTS)
        if user.acting.organization.kind == OrganizationKind.MUNICIPALITY:
            part |= user.reach("group__members")
        return Exists(self._hanging("bodies").filter(part, occasion=OuterRef("pk")))

    def _attended_by(self, user) -> Exists:
        person = Q(user=user) | Q(supporter__user=user)
        return Exists(self._hanging("attendances").filter(person, occasion=OuterRef("pk")))


class KindQuerySet(models.QuerySet):
    def of_prefecture(self, prefecture_id: int):
        """What an occasion of the prefecture may count as: everybody's kinds and its own."""
        return self.filter(Q(prefecture__isnull=True) | Q(prefecture=prefecture_id))

    def for_user(self, user):
        return self.of_prefecture(user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        """A prefecture's own; those for everybody come with the portal."""
        return self.filter(prefecture=user.acting.organization_id) if user.role in OFFICE_ROLES else self.none()

    def in_use(self):
        return self.filter(is_active=True)


class BusyPeriodQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.filter(NOTHING)

    def editable_by(self, user):
        """A town's own; for the prefecture's staff and the support office those of all its towns."""
        if not (user.is_answering or user.role in OFFICE_ROLES):
            return self.none()
        return self.for_user(user)

    def between(self, first_day: dt.date, last_day: dt.date):
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)


class FeedQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own, of the membership that one works under: each role reads something else."""
        return self.filter(user=user, membership=user.acting.pk) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user)
