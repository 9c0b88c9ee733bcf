"""Whose files are whose: nobody's but those of the membership that sent them."""

from django.db import models
from django.utils import timezone

from dxportal.core.uploads.enums import KEPT_FOR


class UploadQuerySet(models.QuerySet):
    def for_user(self, user):
        """Bound to the membership: what somebody read in one role is neither shown nor written in another."""
        if user.acting is None:
            return self.none()
        return self.filter(membership=user.acting.pk, created_at__gte=timezone.now() - KEPT_FOR)

    def editable_by(self, user):
        return self.for_user(user)

    def old(self):
        return self.filter(created_at__lt=timezone.now() - KEPT_FOR)
