"""Who sees which snapshot."""

from django.db import models
from django.db.models import Q

from consultations.enums import SUPPORTING_ROLES
from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.portal.enums import EVERYBODYS, PUBLIC_KINDS, SURVEY_KINDS


class SnapshotQuerySet(models.QuerySet):
    def for_user(self, user):
        """Full rows for those who work for the prefecture (a karte only in reach); municipalities the public ones.

        Bureau staff and consultants get the prefecture's rows too: ``lens`` leaves out the names beyond their reach.
        """
        acting = user.acting
        if acting is None:
            return self.none()
        prefecture = acting.organization.prefecture_id
        if acting.organization.kind == OrganizationKind.MUNICIPALITY:
            return self.filter(
                Q(organization__isnull=True, prefecture=prefecture, kind__in=EVERYBODYS)
                | (user.reach("organization") & Q(kind__in=PUBLIC_KINDS))
            )
        return self.filter(Q(organization__isnull=True, prefecture=prefecture) | user.reach("organization"))

    def of_survey(self, survey_id: int):
        """Everything that the figures of a survey are stored in."""
        return self.filter(Q(key=str(survey_id)) | Q(key__startswith=f"{survey_id}:"), kind__in=SURVEY_KINDS)


class PlanItemQuerySet(models.QuerySet):
    def for_user(self, user):
        """The contract is read by the prefecture and those who fulfil it: by nobody in bureaus and municipalities."""
        acting = user.acting
        if acting is None or acting.organization.kind != OrganizationKind.PREFECTURE:
            return self.none()
        return self.filter(prefecture=acting.organization_id)

    def editable_by(self, user):
        return self.filter(prefecture=user.acting.organization_id) if user.is_prefecture_staff else self.none()

    def countable_by(self, user):
        """Those for which the person enters numbers by hand."""
        return self.for_user(user) if user.role in OFFICE_ROLES else self.none()


class ExchangeMemberQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach())

    def editable_by(self, user):
        return self.for_user(user) if user.role in OFFICE_ROLES else self.none()


class BriefQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those about the towns in reach: a consultant's charges, a bureau's area, a town's own."""
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        """Made anew by whoever prepares a session; viewers read."""
        return self.none() if user.role == Role.VIEWER else self.for_user(user)


class RecheckQuerySet(models.QuerySet):
    """Of the towns in reach; entered by those who support them."""

    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user) if user.role in SUPPORTING_ROLES else self.none()


class SupportSurveyQuerySet(models.QuerySet):
    """Asked of a prefecture's towns by its office."""

    def for_user(self, user):
        return self.filter(prefecture=user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user) if user.role in OFFICE_ROLES else self.none()


class SupportVoiceQuerySet(models.QuerySet):
    """A town's own; for the prefecture those of all its towns, for a consultant those of the charges."""

    def for_user(self, user):
        acting = user.acting
        if acting is None or acting.organization.kind == OrganizationKind.BUREAU:
            return self.none()
        return self.filter(user.reach())

    def editable_by(self, user):
        """What a town says, it says itself."""
        return self.filter(organization=user.acting.organization_id) if user.is_answering else self.none()


class ReportResultQuerySet(models.QuerySet):
    def for_user(self, user):
        """Like the contract: read by the prefecture and those who fulfil it."""
        acting = user.acting
        if acting is None or acting.organization.kind != OrganizationKind.PREFECTURE:
            return self.none()
        return self.filter(prefecture=acting.organization_id)

    def editable_by(self, user):
        return self.for_user(user) if user.role in OFFICE_ROLES else self.none()
