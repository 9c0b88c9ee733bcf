"""Tiers over the surveys: one municipality's line of years, and who moved since the survey before."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from assessments.domain.tiers.comparison import TierFlow, movements
from assessments.enums import ClassificationStep
from assessments.models import Classification, StoredScoreCard, Survey, TierAssignment
from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.domain.lives import Lives, Origins
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.then import PlaceThen


@dataclass(frozen=True, slots=True)
class TierYear:
    """One survey's result of a municipality; ``assignment`` None where nothing was classified.

    ``place``: what it was on the survey's day.
    """

    survey: Survey
    place: PlaceThen
    card: StoredScoreCard | None
    assignment: TierAssignment | None
    tier_name: str


@dataclass(frozen=True, slots=True)
class SurveyMovement:
    """``cells``: (before, after) → who, in the order given; ``newcomers`` had no tier before.

    ``joined``: who took the place of others between the two; ``origin_tiers``: of those, as far as they had some.
    """

    before: Survey
    after: Survey
    flows: tuple[TierFlow, ...]
    newcomers: tuple[int, ...]
    joined: Mapping[int, Origins]
    origin_tiers: Mapping[int, int]
    lives: Lives

    def who(self, before: int, after: int) -> tuple[int, ...]:
        flows = (flow.organizations for flow in self.flows if (flow.before, flow.after) == (before, after))
        return next(flows, ())


def years_of(organization: Organization, user) -> list[TierYear]:
    """The surveys that scored the municipality, the newest first, as far as the person may see."""
    cards = StoredScoreCard.objects.for_user(user).filter(organization=organization)
    cards = cards.select_related("run__survey", "run__tier_scheme").order_by(
        "-run__survey__fiscal_year", "-run__survey__opens_at", "-run__survey"
    )
    seen = TierAssignment.objects.for_user(user).filter(organization=organization)
    tiers = {row.classification.run_id: row for row in seen.select_related("classification", "adjusted_by")}
    lives, today = read_lives([organization.pk]), timezone.localdate()
    years = []
    for card in cards:
        assignment = tiers.get(card.run_id)
        tier = assignment.tier if assignment else card.tier
        bands = card.run.tier_scheme.data["bands"] if card.run.tier_scheme else []
        name = next((band["name"] for band in bands if band["tier"] == tier), "")
        place = lives.place_on(organization.pk, card.run.survey.day, today)
        years.append(TierYear(card.run.survey, place, card, assignment, name))
    return years


def comparable(survey: Survey, user) -> list[Survey]:
    """The surveys whose tiers this one's can be compared with: last year's decision first, then the nearest."""
    classified = Classification.objects.for_user(user).values("survey")
    earlier = Survey.objects.for_user(user).filter(pk__in=classified, opens_at__lt=survey.opens_at)
    rows = earlier.exclude(pk=survey.pk).select_related("classification").order_by("-fiscal_year", "-opens_at")
    published = ClassificationStep.PUBLISHED
    # False comes before True, and among equal ones the order of the query stays: the nearest first.
    return sorted(rows, key=lambda row: (row.fiscal_year == survey.fiscal_year, row.classification.step != published))


def movement(before: Survey, after: Survey, user) -> SurveyMovement:
    """Who was in which tier before and is in which now."""
    then, now = (tiers_of(survey, user) for survey in (before, after))
    lives = read_lives(now)
    origins = {town: lives.origins(town, before.day, after.day) for town in now}
    joined = {town: came for town, came in origins.items() if came}
    newcomers = tuple(town for town in now if town not in then and town not in joined)
    tiers = {town: then[town] for came in joined.values() for town in came.towns if town in then}
    return SurveyMovement(before, after, movements(then, now), newcomers, joined, tiers, lives)


def tiers_of(survey: Survey, user) -> dict[int, int]:
    """Tier by organisation, in the order of the municipalities."""
    rows = TierAssignment.objects.for_user(user).filter(classification__survey=survey)
    return dict(rows.order_by("organization__sort_order", "organization_id").values_list("organization_id", "tier"))
