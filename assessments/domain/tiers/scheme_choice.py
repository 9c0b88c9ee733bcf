"""Choosing the schemes that a survey is classified by: a stored version, or limits kept from a trial as the prefecture's own."""

from collections.abc import Mapping
from fractions import Fraction

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from assessments.domain.tiers.comparison import with_minimums
from assessments.domain.tiers.scheduling import request_classification
from assessments.domain.tiers.scheme_file import tier_problems, tiers_to_data
from assessments.domain.tiers.step_scores import StepScores, import_step_scores, scores_in_force
from assessments.domain.tiers.stored_schemes import schemes_of, tier_rules
from assessments.enums import FROZEN_STEPS, SurveySource
from assessments.models import (
    Classification,
    PriorityScheme,
    Survey,
    TierScheme,
)
from dxportal.core.workflow.errors import NotPossible


def tier_schemes_for(prefecture) -> QuerySet[TierScheme]:
    """Those that everybody has, and the prefecture's own versions."""
    return TierScheme.objects.filter(~Q(code__startswith="tiers-") | Q(code=f"tiers-{prefecture.pk}"))


def choose_schemes(
    survey_id: int, *, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None, user
) -> Survey:
    """The survey is classified by these from now on: a run is queued, imported scores are judged again at once.

    By the prefecture's admin only; NotPossible while the classification is proposed or published.
    """
    with transaction.atomic():
        survey = lock_for_schemes(survey_id, user)
        survey.tier_scheme = tier_scheme
        survey.priority_scheme = priority_scheme
        survey.save(update_fields=["tier_scheme", "priority_scheme"])
        if survey.source == SurveySource.IMPORTED:
            scores = [StepScores(town, steps) for town, steps in scores_in_force(survey).rows.items()]
            if scores:
                import_step_scores(survey, scores)
        elif survey.runs.exists():
            request_classification(survey, user=user)
    return survey


def lock_for_schemes(survey_id: int, user) -> Survey:
    """The survey, locked, for a change of its schemes; the caller holds the transaction.

    By the prefecture's admin only; NotPossible while the classification is proposed or published.
    """
    if not user.is_prefecture_admin:
        raise PermissionDenied
    survey = Survey.objects.editable_by(user).select_for_update(of=("self",)).get(pk=survey_id)
    if Classification.objects.filter(survey=survey, step__in=FROZEN_STEPS).exists():
        raise NotPossible("「案」または「決定・公表」の段階では基準を変えられません。")
    return survey


def save_thresholds(survey_id: int, minimums: Mapping[int, Fraction], *, user) -> TierScheme:
    """A new version with these lower limits becomes the survey's scheme, and a run by it is queued.

    By the prefecture's admin only; NotPossible while the classification is proposed or published.
    """
    with transaction.atomic():
        survey = lock_for_schemes(survey_id, user)
        in_use, _ = schemes_of(survey)
        if in_use is None:
            raise NotPossible("分類の基準が登録されていないため、下限を変えられません。")
        rules = with_minimums(tier_rules(in_use), minimums)
        if problems := tier_problems(rules.bands):
            raise NotPossible([message for _, message in problems])
        # Versions of a prefecture have a code of their own: those of the fixtures stay free for later ones.
        data = tiers_to_data(rules)
        code = f"tiers-{survey.prefecture_id}"
        scheme = TierScheme.objects.filter(code=code).order_by("-version").first()
        # The same limits kept twice in a row are no new version.
        if scheme is None or scheme.data != data:
            title = f"{in_use.title.split('・')[0]}・{survey.prefecture.name}"[:100]
            version = scheme.version + 1 if scheme else 1
            scheme = TierScheme.objects.create(code=code, version=version, title=title, data=data)
        survey.tier_scheme = scheme
        survey.save(update_fields=["tier_scheme"])
        request_classification(survey, user=user)
    return scheme
