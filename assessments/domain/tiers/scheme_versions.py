"""A prefecture's own version of the tier thresholds, kept from a trial by an explicit act."""

from collections.abc import Mapping
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.domain.questionnaires.loading import tier_rules
from assessments.domain.tiers.scheduling import request_classification
from assessments.domain.tiers.scheme_choice import lock_for_schemes, schemes_of
from assessments.domain.tiers.schemes import tier_problems, tiers_to_data
from assessments.domain.tiers.what_if import with_minimums
from assessments.models import Survey, TierScheme


def save_thresholds(survey_id: int, minimums: Mapping[int, Fraction], *, user) -> TierScheme:
    """A new version with these lower limits becomes the survey's scheme, and a run by it is queued.

    By the prefecture's admin only; ValidationError while the classification is proposed or published.
    """
    with transaction.atomic():
        survey = lock_for_schemes(survey_id, user)
        standing, _ = schemes_of(survey)
        rules = with_minimums(tier_rules(standing), minimums)
        if found := tier_problems(rules.bands):
            raise ValidationError([message for _, message in found])
        survey.tier_scheme = _next_version(survey, standing, tiers_to_data(rules))
        survey.save(update_fields=["tier_scheme"])
        request_classification(survey, user=user)
    return survey.tier_scheme


def _next_version(survey: Survey, standing: TierScheme, data: dict) -> TierScheme:
    """Versions of a prefecture have a code of their own: those of the fixtures stay free for later ones."""
    code = f"tiers-{survey.prefecture_id}"
    last = TierScheme.objects.filter(code=code).order_by("-version").first()
    if last and last.data == data:
        return last
    title = f"{standing.title.split('・')[0]}・{survey.prefecture.name}"[:100]
    return TierScheme.objects.create(code=code, version=last.version + 1 if last else 1, title=title, data=data)
