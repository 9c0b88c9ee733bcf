"""試算: other thresholds tried by GET, nothing saved; keeping them is an act of its own, by the admin."""

from fractions import Fraction

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from assessments.domain.tiers.comparison import try_thresholds
from assessments.domain.tiers.listing import listing_of
from assessments.domain.tiers.scheme_choice import save_thresholds
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import FROZEN_STEPS
from assessments.forms.tiers import ThresholdForm
from assessments.views.tiers.base import TierAct, TierStaffPage
from dxportal.core.accounts.enums import Role


class TrialPage(TierStaffPage):
    """What both pages know: the listing, its scheme and the limits tried."""

    form_class = ThresholdForm

    def enter(self):
        super().enter()
        self.listing = listing_of(self.survey, self.user)

    @property
    def computed(self) -> bool:
        """False while there is nothing to try thresholds on."""
        return bool(self.listing.run and self.listing.run.tier_scheme)

    def lead_back(self):
        messages.error(self.request, "まだ算定されていません。先に算定してください。")
        return redirect("assessments:tiers", pk=self.survey.pk)

    def get_form_kwargs(self):
        maximum = next(row.card.maximum for row in self.listing.rows if row.card)
        return {"scheme": tier_rules(self.listing.run.tier_scheme), "maximum": maximum}

    def get_context_data(self, form, **kwargs):
        rows = {row.organization.pk: row for row in self.listing.rows}
        context = {"listing": self.listing, "form": form, "maximum": form.maximum}
        if form.is_bound and form.is_valid():
            totals = {pk: row.total for pk, row in rows.items() if row.card}
            trial = try_thresholds(form.scheme, form.tried(), totals)
            context |= {
                "trial": trial,
                "moved": [(rows[moved.organization], moved) for moved in trial.moved],
                "bands": [(band, [rows[pk] for pk in band.after], set(band.joined)) for band in trial.bands],
            }
        return super().get_context_data(**context, **kwargs)


class TierTrial(TrialPage, TemplateView):
    template_name = "assessments/tiers/trial.html"
    heading = "基準の試算"

    def get(self, request, *args, **kwargs):
        if not self.computed:
            return self.lead_back()
        tried = any(name.startswith("tier_") for name in request.GET)
        form = ThresholdForm(request.GET if tried else None, **self.get_form_kwargs())
        decided = self.listing.classification and self.listing.classification.step in FROZEN_STEPS
        may_save = self.user.is_prefecture_admin and not decided
        query = request.GET.urlencode()
        context = {"may_save": may_save, "query": query, "heading": self.heading, "crumbs": self.crumbs()}
        return self.render_to_response(self.get_context_data(form, **context))


class ThresholdSave(TrialPage, TierAct):
    """Keeps tried thresholds as a new version of the prefecture's scheme, after a look at what follows."""

    roles = frozenset({Role.PREFECTURE_ADMIN})
    template_name = "assessments/tiers/thresholds.html"
    heading = "基準の変更"

    def get(self, request, *args, **kwargs):
        if not self.computed:
            return self.lead_back()
        form = self.get_form(request.GET)
        if not form.is_valid():
            trial = reverse("assessments:tiers_trial", args=[self.survey.pk])
            return redirect(f"{trial}?{request.GET.urlencode()}")
        return self.ask(form)

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.computed else self.lead_back()

    def act(self, form):
        limits = {tier: Fraction(value) for tier, value in form.minimums().items()}
        scheme = save_thresholds(self.survey.pk, limits, user=self.user)
        return f"「{scheme}」を保存し、この基準での算定を受け付けました。"
