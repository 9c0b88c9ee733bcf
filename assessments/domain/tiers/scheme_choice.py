"""Which schemes a survey is classified by."""

from django.core.exceptions import PermissionDenied, ValidationError

from assessments.enums import FROZEN_STEPS
from assessments.models import Classification, PriorityScheme, Survey, TierScheme


def schemes_of(survey: Survey) -> tuple[TierScheme | None, PriorityScheme | None]:
    """The survey's own schemes. One that names neither is classified by the default tiers; a priority is computed
    only where the survey asks for it, since its thresholds belong to their own questionnaire."""
    if survey.tier_scheme_id or survey.priority_scheme_id:
        return survey.tier_scheme, survey.priority_scheme
    return TierScheme.objects.filter(is_default=True).first(), None


def lock_for_schemes(survey_id: int, user) -> Survey:
    """The survey, locked, for a change of its schemes; the caller holds the transaction.

    By the prefecture's admin only; ValidationError while the classification is proposed or published.
    """
    if not user.is_prefecture_admin:
        raise PermissionDenied
    survey = Survey.objects.editable_by(user).select_for_update(of=("self",)).get(pk=survey_id)
    if Classification.objects.filter(survey=survey, step__in=FROZEN_STEPS).exists():
        raise ValidationError("「案」または「決定・公表」の段階では基準を変えられません。")
    return survey
