"""Tiers over the years: one municipality's history, and the movement between two surveys."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import DetailView

from assessments.domain.tiers.listing import listing_of
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.domain.tiers.years import comparable, movement, years_of
from assessments.models import Survey
from assessments.views.surveys.base import cycle_crumbs, survey_crumbs
from dxportal.core.accounts.views.mixins import ScopedMixin
from dxportal.core.organizations.models import Organization


class OrganizationTiers(ScopedMixin, DetailView):
    """年度ごとの分類: every survey's score and tier of one municipality."""

    model = Organization
    scope = "for_user"
    template_name = "assessments/tiers/years.html"

    def get_queryset(self):
        return super().get_queryset().filter(kind="municipality")

    def get_context_data(self, **kwargs):
        heading = f"{self.object}の支援分類の推移"
        context = {
            "years": years_of(self.object, self.request.user),
            "heading": heading,
            "own": self.request.user.acting.organization.is_municipality,
            "crumbs": cycle_crumbs(heading),
        }
        return super().get_context_data(**kwargs) | context


class TierMovement(ScopedMixin, DetailView):
    """昨年度との移動: last tiers down, these tiers across, with names."""

    model = Survey
    scope = "for_user"
    template_name = "assessments/tiers/movement.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.acting.organization.is_municipality:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user, survey = self.request.user, self.object
        earlier = comparable(survey, user)
        wanted = self.request.GET.get("before", "")
        before = next((one for one in earlier if str(one.pk) == wanted), earlier[0] if earlier else None)
        board = listing_of(survey, user)
        context = {
            "board": board,
            "earlier": earlier,
            "before": before,
            "crumbs": survey_crumbs(
                survey, ("支援分類", reverse("assessments:tiers", args=[survey.pk])), ("分類の移動", None)
            ),
        }
        if before and board.bands:
            context |= self.grid(before, board)
        return super().get_context_data(**kwargs) | context

    def grid(self, before, board):
        found = movement(before, self.object, self.request.user)
        names = {row.organization.pk: row.organization for row in board.rows}
        rows = [
            (old, [(new, [names[pk] for pk in found.who(old.tier, new.tier)]) for new in board.bands])
            for old in tier_rules(board.run.tier_scheme).bands
        ]
        flows = found.flows
        moved = {"up": sum(len(one.organizations) for one in flows if one.after > one.before)}
        moved["down"] = sum(len(one.organizations) for one in flows if one.after < one.before)
        moved["same"] = sum(len(one.organizations) for one in flows if one.after == one.before)
        return {"grid": rows, "moved": moved, "newcomers": [names[pk] for pk in found.newcomers if pk in names]}
