"""Tiers over the years: one municipality's history, and the movement between two surveys."""

from typing import Any

from django.views.generic import TemplateView

from assessments.domain.tiers.listing import TierListing, listing_of
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.domain.tiers.years import SurveyMovement, comparable, movement, years_of
from assessments.forms.tiers import MovementFilter
from assessments.models import Survey
from assessments.views.surveys.base import AboveTowns, SurveyPage, cycle_crumbs
from assessments.views.tiers.base import tier_crumbs
from dxportal.core.organizations.models import Organization
from dxportal.core.organizations.then import origins_label
from dxportal.core.ui.pages import ScopedObject


class OrganizationTiers(ScopedObject, TemplateView):
    """年度ごとの分類: every survey's score and tier of one municipality."""

    model = Organization
    scope = "for_user"
    name = "organization"
    template_name = "assessments/tiers/years.html"

    def queryset(self, rows):
        return rows.filter(kind="municipality")

    def predecessors(self):
        """Their years stand beside the town's own and are never added up."""
        return Organization.objects.for_user(self.user).before(self.organization)

    def get_context_data(self, **kwargs):
        heading = f"{self.organization}の支援分類の推移"
        context = {
            "years": years_of(self.organization, self.user),
            "predecessors": [(town, years_of(town, self.user)) for town in self.predecessors()],
            "heading": heading,
            "own": self.user.acting.organization.is_municipality,
            "crumbs": cycle_crumbs(heading),
        }
        return super().get_context_data(**context, **kwargs)


class TierMovement(AboveTowns, SurveyPage, TemplateView):
    """昨年度との移動: last tiers down, these tiers across, with names."""

    template_name = "assessments/tiers/movement.html"
    heading = "分類の移動"

    def get_context_data(self, **kwargs):
        earlier = comparable(self.survey, self.user)
        chosen = MovementFilter(self.request.GET).values.before
        before = next((survey for survey in earlier if survey.pk == chosen), earlier[0] if earlier else None)
        listing = listing_of(self.survey, self.user)
        context = {
            "listing": listing,
            "earlier": earlier,
            "before": before,
            "heading": self.heading,
            "crumbs": tier_crumbs(self.survey, self.heading),
        }
        if before and listing.bands:
            context |= self.grid(before, listing)
        return super().get_context_data(**context, **kwargs)

    def grid(self, before: Survey, listing: TierListing) -> dict[str, Any]:
        change = movement(before, self.survey, self.user)
        towns = {row.organization.pk: row.organization for row in listing.rows}
        rows = [
            (old, [(new, [towns[pk] for pk in change.who(old.tier, new.tier)]) for new in listing.bands])
            for old in tier_rules(listing.run.tier_scheme).bands
        ]
        moved = {"up": 0, "down": 0, "same": 0}
        for flow in change.flows:
            direction = "up" if flow.after > flow.before else "down" if flow.after < flow.before else "same"
            moved[direction] += len(flow.organizations)
        return {
            "grid": rows,
            "moved": moved,
            "newcomers": [towns[pk] for pk in change.newcomers if pk in towns],
            "joined": joined_rows(change, listing, towns),
        }


def joined_rows(change: SurveyMovement, listing: TierListing, towns: dict[int, Organization]) -> list[dict[str, Any]]:
    """Who took the place of others, with the tiers of those beside its own; they are never added up."""
    bands = {band.tier: band.name for band in tier_rules(listing.run.tier_scheme).bands}
    names = {row.organization.pk: row.band.name for row in listing.rows if row.band}
    rows = []
    for pk, came in change.joined.items():
        called = {key: change.lives.by_pk[key].name_on(change.before.day).name for key in came.towns}
        before = [(f"旧{name}", bands.get(change.origin_tiers.get(key), "分類なし")) for key, name in called.items()]
        words = origins_label(came.event, called.values())
        if pk in towns:
            rows.append({"town": towns[pk], "tier": names.get(pk, ""), "words": words, "before": before})
    return rows
