"""Who sees which job."""

from django.db import models


class JobQuerySet(models.QuerySet):
    def for_user(self, user):
        """Jobs of the prefecture, for its staff."""
        if not user.is_prefecture_staff:
            return self.none()
        return self.filter(prefecture=user.acting.organization_id)

    def editable_by(self, user):
        return self.for_user(user)
