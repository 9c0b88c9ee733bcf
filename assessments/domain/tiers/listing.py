"""A survey's tiers as a person may see them: every municipality with its score, tier and adjustment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.tiers.rules import TierBand
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import HANDED_IN_STATES, ClassificationStep
from assessments.models import Classification, ClassificationRun, Response, StoredScoreCard, Survey, TierAssignment
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.models import Organization

SORTS = {
    "name": lambda row: (row.organization.sort_order, row.organization.code or "", row.organization.pk),
    "bureau": lambda row: (row.organization.bureau.order, row.organization.bureau.name),
    "total": lambda row: row.total if row.total is not None else Fraction(-1),
    "tier": lambda row: (row.tier or 0, row.total if row.total is not None else Fraction(-1)),
    "priority": lambda row: ("", "低", "中", "高").index(row.priority) if row.priority in ("低", "中", "高") else 0,
}
DEFAULT_SORT = "name"


@dataclass(frozen=True, slots=True)
class TierRow:
    """One municipality; without ``card`` it is 未算定."""

    organization: Organization
    card: StoredScoreCard | None
    assignment: TierAssignment | None
    band: TierBand | None

    @property
    def tier(self) -> int | None:
        return self.band.tier if self.band else None

    @property
    def total(self) -> Fraction | None:
        return Fraction(self.card.total_numerator, self.card.total_denominator) if self.card else None

    @property
    def priority(self) -> str:
        return self.card.priority if self.card else ""

    @property
    def adjusted(self) -> bool:
        return bool(self.assignment and self.assignment.is_adjusted)

    @property
    def scores(self) -> tuple[float, ...]:
        """The scored sections, in their order; empty without a card."""
        return tuple(section["rounded"] for section in self.card.sections if section["worth"]) if self.card else ()

    def score(self, code: str) -> float | None:
        """A section's score by its code, rounded for showing."""
        sections = self.card.sections if self.card else ()
        return next((section["rounded"] for section in sections if section["code"] == code), None)


@dataclass(frozen=True, slots=True)
class TierColumn:
    """A tier with its meaning and who is in it."""

    band: TierBand
    rows: tuple[TierRow, ...]


@dataclass(frozen=True, slots=True)
class TierListing:
    """``run`` None: nothing computed yet. ``sections``: the scored ones, as {code, title, worth}."""

    survey: Survey
    run: ClassificationRun | None
    classification: Classification | None
    rows: tuple[TierRow, ...]
    bands: tuple[TierBand, ...]
    sections: tuple[dict, ...]

    def columns(self, rows: Iterable[TierRow] | None = None) -> tuple[TierColumn, ...]:
        """From the highest tier down, each with its rows in order of the total."""
        ordered = sorted(self.rows if rows is None else rows, key=SORTS["total"], reverse=True)
        return tuple(TierColumn(band, tuple(row for row in ordered if row.tier == band.tier)) for band in self.bands)

    @property
    def uncomputed(self) -> tuple[TierRow, ...]:
        return tuple(row for row in self.rows if row.card is None)

    @property
    def flagged(self) -> tuple[TierRow, ...]:
        """Adjusted, and computed differently since."""
        return tuple(row for row in self.rows if row.assignment and row.assignment.needs_review)

    @property
    def published(self) -> bool:
        return bool(self.classification and self.classification.step == ClassificationStep.PUBLISHED)


def listing_of(survey: Survey, user) -> TierListing:
    """What ``user`` may see of the survey's tiers, in a handful of queries."""
    classification = Classification.objects.for_user(user).filter(survey=survey).select_related("run").first()
    # The points of every question are the longest column of a card, and a list shows none of them.
    cards = {
        card.organization_id: card
        for card in StoredScoreCard.objects.for_user(user)
        .filter(run__survey=survey)
        .select_related("run__tier_scheme", "run__priority_scheme")
        .defer("questions")
    }
    first = next(iter(cards.values()), None)
    run = first.run if first else None
    bands = tier_rules(run.tier_scheme).bands if run and run.tier_scheme else ()
    tiers = {}
    if classification:
        seen = TierAssignment.objects.for_user(user).filter(classification=classification)
        tiers = {row.organization_id: row for row in seen.select_related("adjusted_by")}
    sections = tuple(section for section in first.sections if section["worth"]) if first else ()
    return TierListing(survey, run, classification, _rows(survey, user, cards, tiers, bands), bands, sections)


def _rows(survey: Survey, user, cards: dict, tiers: dict, bands: Sequence[TierBand]) -> tuple[TierRow, ...]:
    invited = set(Response.objects.for_user(user).filter(survey=survey).values_list("organization_id", flat=True))
    # Imported scores have cards without responses, and an adjusted tier stays when its card is gone.
    named = Organization.objects.filter(pk__in=invited | set(cards) | set(tiers)).select_related("parent")
    recall((organization, survey.day) for organization in named)
    by_tier = {band.tier: band for band in bands}
    rows = []
    for organization in named:
        card = cards.get(organization.pk)
        assignment = tiers.get(organization.pk)
        tier = assignment.tier if assignment else card.tier if card else None
        rows.append(TierRow(organization, card, assignment, by_tier.get(tier) if tier is not None else None))
    return tuple(sorted(rows, key=SORTS[DEFAULT_SORT]))


def arrange(
    rows: Iterable[TierRow], *, bureau: int | None = None, tier: str = "", adjusted: bool = False, sort: str = ""
) -> list[TierRow]:
    """Filtered and sorted. ``tier``: "1".."4", or "none" for those without."""
    wanted = [
        row
        for row in rows
        if (bureau is None or row.organization.bureau.pk == bureau)
        and (not tier or str(row.tier or "none") == tier)
        and (not adjusted or row.adjusted)
    ]
    key = SORTS.get(sort.removeprefix("-"), SORTS[DEFAULT_SORT])
    return sorted(sorted(wanted, key=SORTS[DEFAULT_SORT]), key=key, reverse=sort.startswith("-"))


def changed_since(survey: Survey, run: ClassificationRun) -> int:
    """How many handed-in responses moved after the run read the answers."""
    return survey.responses.filter(state__in=HANDED_IN_STATES, changed_at__gt=run.answers_as_of).count()
