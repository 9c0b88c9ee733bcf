"""Who sees and changes which record of the consultations."""

from django.db import models

from consultations.enums import SUPPORTING_ROLES, ActionBearer


class ActionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those that concern a municipality in reach: consultants' charges, a bureau's area, a town's own."""
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        """For the supporting side every one in reach; for a town those that the town itself is to do."""
        if user.role in SUPPORTING_ROLES:
            return self.for_user(user)
        return self.for_user(user).filter(bearer=ActionBearer.TOWN) if user.is_answering else self.none()
