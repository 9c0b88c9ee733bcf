"""支援分類の一覧: a survey's tiers; a municipality sees its own tier, once published. 支援優先度: the four steps' scores."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.domain.tiers.listing import TierListing, arrange, changed_since, listing_of
from assessments.domain.tiers.moves import possible_moves
from assessments.domain.tiers.scheduling import latest_job
from assessments.domain.tiers.stored_schemes import schemes_of
from assessments.enums import CLASSIFICATION_MOVES, FROZEN_STEPS, ClassificationMove, ClassificationStep, SurveySource
from assessments.forms.tiers import PriorityFilter, TierFilter
from assessments.models import TierAssignment
from assessments.views.surveys.base import AboveTowns, SurveyPage
from assessments.views.tiers import files
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.ui.pages import ListPage

# What each step is for, in the words of the page.
STEP_NOTES = {
    ClassificationStep.COMPUTED: "得点から算定した分類です。市町村には見えません。",
    ClassificationStep.HEARING: "ヒアリングの結果で、団体ごとに分類を調整できます。市町村には見えません。",
    ClassificationStep.PROPOSED: "県内部の案です。算定と調整は止まっています。市町村には見えません。",
    ClassificationStep.PUBLISHED: "決定し、公表しています。市町村は自団体の分類を見られます。",
}
FORWARD = frozenset({ClassificationMove.HEAR, ClassificationMove.PROPOSE, ClassificationMove.PUBLISH})


class TierListPage(SurveyPage, ListPage):
    """The municipalities of a survey with their scores and tiers, as the person may see them."""

    related = ("prefecture", "questionnaire", "tier_scheme", "priority_scheme")
    address_class = TierFilter
    per_page = None
    heading = "支援分類"

    def all_rows(self):
        self.listing = listing_of(self.survey, self.user)
        return self.listing.rows

    def filtered(self, rows):
        filters = self.filters
        return arrange(rows, bureau=filters.bureau, tier=filters.tier, adjusted=filters.adjusted, sort=filters.sort)

    def ordered(self, rows):
        return rows

    def file_name(self):
        return f"{self.survey.fiscal_year}_{self.survey.title}_{self.heading}_{timezone.localtime():%Y%m%d}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(listing=self.listing, staff=self.user.is_prefecture_staff, **kwargs)


class TierList(TierListPage):
    def get_template_names(self):
        own = self.user.acting.organization.is_municipality
        return ["assessments/tiers/own.html" if own else "assessments/tiers/list.html"]

    def get_context_data(self, **kwargs):
        acting = self.user.acting.organization
        if acting.is_municipality:
            return super().get_context_data(**own_tier(self.listing), **kwargs)
        listing = self.listing
        step = listing.classification.step if listing.classification else None
        staff = self.user.is_prefecture_staff
        bureaus = {row.organization.bureau.pk: row.organization.bureau for row in listing.rows}
        context = {
            "steps": steps(step),
            "step_note": STEP_NOTES.get(step, ""),
            "columns": listing.columns(),
            "bureaus": sorted(bureaus.values(), key=lambda bureau: (bureau.order, bureau.name)),
            "scheme": listing.run.tier_scheme if listing.run else schemes_of(self.survey)[0],
            "job": latest_job(self.survey) if staff else None,
            "acts": self.acts(),
            "may_run": staff and step not in FROZEN_STEPS and self.survey.source == SurveySource.ANSWERS,
            "may_import": staff and step not in FROZEN_STEPS and self.survey.source == SurveySource.IMPORTED,
            "may_adjust": staff and step == ClassificationStep.HEARING,
            "changed": changed_since(self.survey, listing.run) if listing.run and staff else 0,
            "moves": listing.classification.transitions.all() if listing.classification else [],
        }
        return super().get_context_data(**context, **kwargs)

    def acts(self) -> list[tuple[str, str, bool]]:
        """(label, address, forward) of the steps that the person may take."""
        if self.listing.classification is None:
            return []
        possible = possible_moves(self.listing.classification, self.user)
        return [
            (
                ClassificationMove(row.move).label,
                reverse("assessments:tiers_step", args=[self.survey.pk, row.target]),
                row.move in FORWARD,
            )
            for row in CLASSIFICATION_MOVES
            if row.source == self.listing.classification.step and row.move in possible
        ]


def steps(now: str | None) -> list[tuple[str, str]]:
    """For the list of steps: done, current, to do."""
    order = list(ClassificationStep)
    reached = order.index(ClassificationStep(now)) if now else -1
    states = ["done" if at < reached else "current" if at == reached else "todo" for at in range(len(order))]
    return [(step.label, state) for step, state in zip(order, states, strict=True)]


def own_tier(listing: TierListing) -> dict[str, Any]:
    """A municipality's own row, of a year before a merger those of the towns in whose place it stands.

    Of the others only counts, and names when the prefecture publishes them.
    """
    if not listing.published:
        return {"owns": []}
    everyone = TierAssignment.objects.filter(classification=listing.classification)
    named = [] if listing.classification.names_hidden else list(everyone.select_related("organization"))
    recall((row.organization, listing.survey.day) for row in named)
    tiers = [row.tier for row in named] or list(everyone.values_list("tier", flat=True))
    return {
        "owns": listing.rows,
        "counts": [(band, tiers.count(band.tier)) for band in listing.bands],
        "names": [
            (band, [row.organization for row in named if row.tier == band.tier]) for band in listing.bands if named
        ],
        "total": len(tiers),
    }


class TierExport(AboveTowns, TierListPage):
    """Tiers, scores by section, reasons; the history of the steps; notes. Filtered and sorted as the page."""

    file_only = True

    def sheets(self, rows):
        return files.tier_sheets(self.listing, rows)


class PriorityPage(AboveTowns, TierListPage):
    """Scores of the four steps, deficits and what support follows, by the survey's priority scheme."""

    related = ("priority_scheme",)
    address_class = PriorityFilter
    heading = "支援優先度"

    def filtered(self, rows):
        return arrange(rows, sort=self.filters.sort)


class PriorityList(PriorityPage):
    template_name = "assessments/tiers/priority.html"

    def get_context_data(self, **kwargs):
        counts = [(level, sum(row.priority == level for row in self.listing.rows)) for level in ("高", "中", "低")]
        return super().get_context_data(counts=counts, **kwargs)


class PriorityExport(PriorityPage):
    file_only = True

    def sheets(self, rows):
        return files.priority_sheets(self.listing, rows)
