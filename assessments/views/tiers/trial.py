"""試算: other thresholds tried by GET, nothing saved; keeping them is an act of its own, by the admin."""

from fractions import Fraction

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.comparison import try_thresholds
from assessments.domain.tiers.listing import listing_of
from assessments.domain.tiers.scheme_choice import save_thresholds
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import FROZEN_STEPS
from assessments.forms.tiers import ThresholdForm
from assessments.views.surveys.base import SurveyStaffPage, survey_crumbs
from dxportal.core.accounts.enums import Role


class TrialPage(SurveyStaffPage, View):
    """What both pages know: the board, its scheme and the limits asked for."""

    def setup_board(self) -> bool:
        """False while there is nothing to try thresholds on."""
        self.board = listing_of(self.survey, self.request.user)
        return bool(self.board.run and self.board.run.tier_scheme)

    def form(self, data=None):
        return ThresholdForm(data, scheme=tier_rules(self.board.run.tier_scheme), maximum=self.maximum())

    def maximum(self):
        return next(row.card.maximum for row in self.board.rows if row.card)

    def trial(self, form):
        totals = {row.organization.pk: row.total for row in self.board.rows if row.card}
        return try_thresholds(form.scheme, form.tried(), totals)

    def context(self, form, heading):
        crumbs = survey_crumbs(self.survey, ("支援分類", reverse("assessments:tiers", args=[self.survey.pk])))
        rows = {row.organization.pk: row for row in self.board.rows}
        context = {"survey": self.survey, "board": self.board, "form": form, "rows": rows, "heading": heading}
        context |= {"crumbs": [*crumbs, (heading, None)], "maximum": form.maximum}
        if form.is_bound and form.is_valid():
            trial = self.trial(form)
            context |= {"trial": trial, "moved": [(rows[one.organization], one) for one in trial.moved]}
            context["bands"] = [(one, [rows[pk] for pk in one.after], set(one.joined)) for one in trial.bands]
        return context

    def nothing(self):
        messages.error(self.request, "まだ算定されていません。先に算定してください。")
        return redirect("assessments:tiers", pk=self.survey.pk)


class TierTrial(TrialPage):
    def get(self, request, pk):
        if not self.setup_board():
            return self.nothing()
        tried = any(name.startswith("tier_") for name in request.GET)
        context = self.context(self.form(request.GET if tried else None), "基準の試算")
        decided = self.board.classification and self.board.classification.step in FROZEN_STEPS
        context["may_save"] = request.user.is_prefecture_admin and not decided
        context["query"] = request.GET.urlencode()
        return render(request, "assessments/tiers/trial.html", context)


class ThresholdSave(TrialPage):
    """Keeps tried thresholds as a new version of the prefecture's scheme, after a look at what follows."""

    roles = frozenset({Role.PREFECTURE_ADMIN})

    def get(self, request, pk):
        if not self.setup_board():
            return self.nothing()
        form = self.form(request.GET)
        if not form.is_valid():
            return redirect(f"{reverse('assessments:tiers_trial', args=[pk])}?{request.GET.urlencode()}")
        return render(request, "assessments/tiers/thresholds.html", self.context(form, "基準の変更"))

    def post(self, request, pk):
        if not self.setup_board():
            return self.nothing()
        form = self.form(request.POST)
        if form.is_valid():
            limits = {tier: Fraction(value) for tier, value in form.minimums().items()}
            try:
                scheme = save_thresholds(pk, limits, user=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"「{scheme}」を保存し、この基準での算定を受け付けました。")
                return redirect("assessments:tiers", pk=pk)
        return render(request, "assessments/tiers/thresholds.html", self.context(form, "基準の変更"))
