"""Who sees which organisation. What a person reaches is asked of ``user.acting`` alone."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dxportal.core.organizations.successions import with_predecessors, with_successors


class OrganizationQuerySet(models.QuerySet):
    def for_user(self, user):
        """The organisations inside the person's reach."""
        return self.filter(user.reach("self"))

    def editable_by(self, user):
        """Organisations whose profile and members the person may change."""
        return self.filter(user.reach("self")) if user.is_prefecture_admin else self.none()

    def municipalities(self):
        return self.filter(kind="municipality")

    def prefectures(self):
        return self.filter(kind="prefecture")

    def living(self, day, *, besides=()):
        """Those that exist on the day. A page of today gives ``timezone.localdate()``, a survey its own day.

        ``besides``: keys of ended ones that stay offered, such as those that a form has ticked already.
        """
        begun = Q(first_day__isnull=True) | Q(first_day__lte=day)
        going_on = Q(last_day__isnull=True) | Q(last_day__gte=day)
        return self.filter((begun & going_on) | Q(pk__in=besides))

    def before(self, organization):
        """Those in whose place the organisation stands, whenever that was."""
        itself = self.model._default_manager.filter(pk=organization.pk).values("pk")
        return self.filter(pk__in=with_predecessors(itself)).exclude(pk=organization.pk).order_by("last_day", "code")

    def after(self, organization):
        """Those that stand in the organisation's place."""
        itself = self.model._default_manager.filter(pk=organization.pk).values("pk")
        return self.filter(pk__in=with_successors(itself)).exclude(pk=organization.pk).order_by("first_day", "code")

    def line_of(self, keys):
        """These and everybody in whose place they stand: whose meetings, promises and people theirs are, too."""
        return self.filter(pk__in=with_predecessors(self.model._default_manager.filter(pk__in=keys).values("pk")))

    def today(self, keys):
        """Who stands today where these stood: themselves, unless they have ended and others followed."""
        after = with_successors(self.model._default_manager.filter(pk__in=keys).values("pk"))
        gone = Q(last_day__lt=timezone.localdate(), successions__isnull=False)
        return self.filter(pk__in=after).exclude(gone).distinct()

    def ended(self, day):
        """Those whose last day was before the day."""
        return self.filter(last_day__lt=day)


class GroupQuerySet(models.QuerySet):
    def for_user(self, user):
        """A prefecture's own groups, and the groups that an organisation in reach belongs to."""
        acting = user.acting
        if acting is None:
            return self.none()
        return self.filter(Q(prefecture=acting.organization.prefecture_id) | user.reach("members")).distinct()

    def editable_by(self, user):
        return self.filter(prefecture=user.acting.organization_id) if user.is_prefecture_admin else self.none()
