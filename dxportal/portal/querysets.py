"""Who sees which snapshot."""

from django.db import models


class SnapshotQuerySet(models.QuerySet):
    def for_user(self, user):
        """A prefecture's figures for those who work in it; a municipality's own sheet for whoever reaches it."""
        acting = user.acting
        if acting is None:
            return self.none()
        return self.filter(
            models.Q(organization__isnull=True, prefecture=acting.organization.prefecture_id)
            | user.reach("organization")
        )
