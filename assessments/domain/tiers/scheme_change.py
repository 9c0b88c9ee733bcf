"""Choosing the schemes of a survey, and setting up a survey of imported scores (which are judged by its schemes)."""

import datetime as dt
from fractions import Fraction

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.domain.tiers.scheduling import request_classification
from assessments.domain.tiers.scheme_choice import lock_for_schemes
from assessments.domain.tiers.step_scores import StepScores, import_step_scores
from assessments.enums import SurveySource, SurveyState
from assessments.models import PriorityScheme, ScoreCard, Survey, TierScheme
from dxportal.core.organizations.fiscal import bounds


def tier_schemes_for(prefecture) -> QuerySet[TierScheme]:
    """Those that everybody has, and the prefecture's own versions."""
    return TierScheme.objects.filter(~Q(code__startswith="tiers-") | Q(code=f"tiers-{prefecture.pk}"))


def choose_schemes(
    survey_id: int, *, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None, user
) -> Survey:
    """The survey is classified by these from now on: a run is queued, imported scores are judged again at once.

    By the prefecture's admin only; ValidationError while the classification is proposed or published.
    """
    with transaction.atomic():
        survey = lock_for_schemes(survey_id, user)
        survey.tier_scheme, survey.priority_scheme = tier_scheme, priority_scheme
        survey.save(update_fields=["tier_scheme", "priority_scheme"])
        if survey.source == SurveySource.IMPORTED:
            _judge_again(survey)
        elif survey.runs.exists():
            request_classification(survey, user=user)
    return survey


def create_imported(
    *, title: str, fiscal_year: int, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None, user
) -> Survey:
    """A survey without answers, whose scores come from a file; ValidationError when the year has its title."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    first, last = bounds(fiscal_year)
    survey = Survey(
        prefecture=user.acting.organization,
        source=SurveySource.IMPORTED,
        state=SurveyState.CLOSED,
        title=title,
        fiscal_year=fiscal_year,
        opens_at=timezone.make_aware(dt.datetime.combine(first, dt.time())),
        closes_at=timezone.make_aware(dt.datetime.combine(last, dt.time(23, 59))),
        tier_scheme=tier_scheme,
        priority_scheme=priority_scheme,
    )
    if Survey.objects.filter(
        prefecture=survey.prefecture, fiscal_year=fiscal_year, title=title, round=survey.round
    ).exists():
        raise ValidationError({"title": "同じ年度に、同じ名前の調査があります。別の名前にしてください。"})
    survey.save()
    return survey


def _judge_again(survey: Survey) -> None:
    cards = ScoreCard.objects.filter(run__survey=survey, run__in_force=True)
    rows = [
        StepScores(card.organization_id, {one["step"]: Fraction(*one["score"]) for one in card.sections})
        for card in cards
    ]
    if rows:
        import_step_scores(survey, rows)
