"""Who sees which survey, response, score and tier."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.enums import EDITABLE_STATES, ClassificationStep, QuestionnaireStatus, SurveyState
from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind


class QuestionnaireQuerySet(models.QuerySet):
    def for_user(self, user):
        """Published questionnaires belong to no organisation: every signed-in member may read them."""
        return self.filter(status=QuestionnaireStatus.PUBLISHED) if user.acting else self.none()


class SurveyQuerySet(models.QuerySet):
    def for_user(self, user):
        """The prefecture's surveys; below it only opened ones that concern an organisation in reach."""
        acting = user.acting
        if acting is None:
            return self.none()
        if user.is_prefecture_staff or (
            acting.role in (Role.VIEWER, Role.SUPPORT_STAFF) and acting.organization.kind == OrganizationKind.PREFECTURE
        ):
            return self.filter(prefecture=acting.organization_id)
        concerned = self.model.responses.rel.related_model.objects.filter(user.reach()).values("survey")
        # By a subquery: a join would list a survey once for each response in reach, and spoil counts over it.
        return self.filter(~Q(state=SurveyState.DRAFT), pk__in=concerned)

    def editable_by(self, user):
        """Surveys that the person may change, open, close and classify."""
        return self.filter(prefecture=user.acting.organization_id) if user.is_prefecture_staff else self.none()


class ResponseQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach())

    def editable_by(self, user):
        """Responses that the person may fill in, were they open: own ones, or a prefecture's on behalf."""
        if user.is_answering:
            # Not those of the towns in whose place the own one stands: they are read, and stay as they were.
            return self.filter(organization=user.acting.organization_id)
        return self.filter(user.reach()) if user.is_prefecture_staff else self.none()

    def fillable(self):
        """In a state that takes answers, of an open survey or within a term of its own in a closed one."""
        extended = Q(survey__state=SurveyState.CLOSED, extended_until__gte=timezone.now())
        return self.filter(Q(survey__state=SurveyState.OPEN) | extended, state__in=EDITABLE_STATES)


class ScoreCardQuerySet(models.QuerySet):
    def for_user(self, user):
        """Staff and consultants see computed scores at once, municipalities after publication (with the tier)."""
        # Older runs are kept for the decisions that rest on them; what people read is the one in force.
        rows = self.filter(user.reach(), run__in_force=True)
        return rows if sees_unpublished(user) else rows.filter(run__survey__classification__step=_PUBLISHED)


class ClassificationQuerySet(models.QuerySet):
    def for_user(self, user):
        acting = user.acting
        if acting is None:
            return self.none()
        rows = self.filter(survey__prefecture=acting.organization.prefecture_id)
        return rows if sees_unpublished(user) else rows.filter(step=_PUBLISHED)

    def editable_by(self, user):
        return self.filter(survey__prefecture=user.acting.organization_id) if user.is_prefecture_staff else self.none()


class TierAssignmentQuerySet(models.QuerySet):
    def for_user(self, user):
        """Own tiers; for municipalities only published ones, and never another's."""
        rows = self.filter(user.reach())
        return rows if sees_unpublished(user) else rows.filter(classification__step=_PUBLISHED)

    def editable_by(self, user):
        return self.filter(user.reach()) if user.is_prefecture_staff else self.none()


_PUBLISHED = ClassificationStep.PUBLISHED


def sees_unpublished(user) -> bool:
    """Prefecture staff, bureau staff and consultants prepare the decision; municipalities wait for it."""
    acting = user.acting
    return acting is not None and acting.organization.kind != OrganizationKind.MUNICIPALITY
