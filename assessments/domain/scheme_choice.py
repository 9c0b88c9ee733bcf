"""Which schemes a survey is classified by."""

from assessments.models import PriorityScheme, Survey, TierScheme


def schemes_of(survey: Survey) -> tuple[TierScheme | None, PriorityScheme | None]:
    """The survey's own schemes. One that names neither is classified by the default tiers; a priority is computed
    only where the survey asks for it, since its thresholds belong to their own questionnaire."""
    if survey.tier_scheme_id or survey.priority_scheme_id:
        return survey.tier_scheme, survey.priority_scheme
    return TierScheme.objects.filter(is_default=True).first(), None
