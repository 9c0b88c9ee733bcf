"""Who sees which job, and which need a look."""

import datetime as dt

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from dxportal.core.jobs.enums import ACTIVE, JobState


class JobQuerySet(models.QuerySet):
    def for_user(self, user):
        """Jobs of the prefecture, for its staff."""
        if not user.is_prefecture_staff:
            return self.none()
        return self.filter(prefecture=user.acting.organization_id)

    def editable_by(self, user):
        return self.for_user(user)

    def active(self):
        return self.filter(state__in=ACTIVE)

    def unpublished(self, now: dt.datetime, *, lost_after: dt.timedelta, grace: dt.timedelta):
        """Queued jobs that the broker never took, or took and seems to have lost."""
        return self.filter(
            Q(published_at__isnull=True, created_at__lt=now - grace) | Q(published_at__lt=now - lost_after),
            state=JobState.QUEUED,
        )

    def silent(self, now: dt.datetime, stale_after: dt.timedelta):
        """Running jobs without a recent sign of life."""
        return self.filter(Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=now - stale_after), state=JobState.RUNNING)

    def urgent_first(self):
        """Failures that nothing later mended, then what is under way, then the rest; the newest first in each."""
        mended = self.model._default_manager.filter(
            kind=OuterRef("kind"),
            prefecture=OuterRef("prefecture"),
            key=OuterRef("key"),
            state=JobState.SUCCEEDED,
            created_at__gt=OuterRef("created_at"),
        )
        urgency = Case(
            When(Q(state=JobState.FAILED) & ~Exists(mended), then=Value(0)),
            When(state__in=ACTIVE, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.annotate(urgency=urgency).order_by("urgency", "-created_at", "pk")
