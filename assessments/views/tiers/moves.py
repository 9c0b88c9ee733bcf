"""Acts on a classification: computing, adjusting one municipality, taking a step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.decorators.http import require_POST

from assessments.domain.tiers.listing import listing_of
from assessments.domain.tiers.moves import StaleError, adjust, move, possible_steps
from assessments.domain.tiers.scheduling import request_classification
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import FROZEN_STEPS, ClassificationStep, SurveySource
from assessments.forms.tiers import AdjustForm, PublishForm, StepForm, WithdrawForm
from assessments.models import Classification, Survey, TierAssignment
from assessments.views.surveys.base import SurveyStaffPage, survey_crumbs
from assessments.views.tiers.pages import ACTS
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.views.mixins import RoleRequiredMixin
from dxportal.core.ui.pages import take

STEPS = ClassificationStep
FORMS = {("proposed", "published"): PublishForm, ("published", "proposed"): WithdrawForm}


@require_POST
def classification_run(request, pk):
    """Queues a run; while one is under way, that one is shown."""
    survey = get_object_or_404(Survey.objects.for_user(request.user), pk=pk)
    if not request.user.is_prefecture_staff:
        raise PermissionDenied
    if survey.source != SurveySource.ANSWERS:
        messages.error(request, "得点を取り込む調査です。回答からは算定できません。")
    elif Classification.objects.filter(survey=survey, step__in=FROZEN_STEPS).exists():
        messages.error(request, "「案」または「決定・公表」の段階では算定できません。先に段階を戻してください。")
    else:
        request_classification(survey, user=request.user)
        messages.success(request, "算定を受け付けました。終わるとこの画面に反映されます。")
    return redirect("assessments:tiers", pk=pk)


class TierAdjust(RoleRequiredMixin, View):
    """One municipality's tier set by hand, with the reason; 404 outside the prefecture."""

    roles = PREFECTURE_ROLES

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = TierAssignment.objects.for_user(request.user).select_related(
                "organization", "classification__survey", "classification__run__tier_scheme", "adjusted_by"
            )
            self.row = get_object_or_404(rows, pk=kwargs["pk"])
            self.bands = {band.tier: band for band in tier_rules(self.row.classification.run.tier_scheme).bands}
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        chosen = str(self.row.tier) if self.row.is_adjusted else ""
        initial = {"tier": chosen, "reason": self.row.reason, "revision": self.row.revision}
        return self.page(self.form(initial=initial))

    def post(self, request, pk):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        data = form.cleaned_data
        try:
            row = adjust(pk, tier=form.chosen(), reason=data["reason"], revision=data["revision"], user=request.user)
        except StaleError as error:
            return self.stale(form, error)
        except ValidationError as error:
            take(form, error)
            return self.page(form)
        messages.success(request, f"{row.organization}の分類を「{self.bands[row.tier].name}」にしました。")
        return redirect("assessments:tiers", pk=row.classification.survey_id)

    def stale(self, form, error):
        """The typed input stays; the current state is shown above and becomes what the next save is checked against."""
        self.row = error.current
        data = self.request.POST.copy()
        data["revision"] = self.row.revision
        form = self.form(data)
        take(form, error)
        return self.page(form)

    def form(self, *args, **kwargs):
        names = {tier: band.name for tier, band in self.bands.items()}
        return AdjustForm(*args, names=names, computed=self.row.computed_tier, **kwargs)

    def page(self, form):
        survey = self.row.classification.survey
        heading = f"{self.row.organization}の分類の調整"
        context = {
            "row": self.row,
            "form": form,
            "heading": heading,
            "band": self.bands[self.row.tier],
            "computed": self.bands[self.row.computed_tier],
            "possible": self.row.classification.step == STEPS.HEARING,
            "survey": survey,
            "crumbs": survey_crumbs(survey, ("支援分類", f"/surveys/{survey.pk}/tiers/"), (heading, None)),
        }
        return render(self.request, "assessments/tiers/adjust.html", context)


class ClassificationMoveView(SurveyStaffPage, View):
    """Asks before a step, naming what follows from it, and takes it."""

    def enter(self):
        if self.kwargs["step"] not in STEPS.values:
            raise Http404
        super().enter()

    def get(self, request, pk, step):
        return self.page(step, None)

    def post(self, request, pk, step):
        classification = self.classification()
        form = self.form_class(classification.step, step)(request.POST)
        if form.is_valid():
            try:
                move(classification.pk, step, user=request.user, **self.what(form.cleaned_data))
            except ValidationError as error:
                take(form, error)
            else:
                messages.success(request, f"支援分類を「{STEPS(step).label}」の段階にしました。")
                return redirect("assessments:tiers", pk=pk)
        return self.page(step, form)

    def classification(self):
        return get_object_or_404(Classification.objects.editable_by(self.request.user), survey=self.survey)

    def what(self, data):
        given = {"comment": data["comment"], "from_step": data["from_step"]}
        if "names" in data:
            given |= {"names_hidden": data["names"] == "hidden", "decided_on": data["decided_on"]}
        return given

    def form_class(self, before, step):
        return FORMS.get((before, step), StepForm)

    def page(self, step, form):
        now = self.classification()
        if step not in possible_steps(now, self.request.user) and form is None:
            return self.impossible(now, step)
        board = listing_of(self.survey, self.request.user)
        heading = ACTS.get((now.step, step), STEPS(step).label)
        context = {
            "survey": self.survey,
            "board": board,
            "columns": board.columns(),
            "step": step,
            "now": now,
            "form": form or self.form_class(now.step, step)(initial={"from_step": now.step, "names": "hidden"}),
            "heading": heading,
            "crumbs": survey_crumbs(self.survey, ("支援分類", f"/surveys/{self.survey.pk}/tiers/"), (heading, None)),
        }
        return render(self.request, "assessments/tiers/step.html", context)

    def impossible(self, now, step):
        """An admin's step for other staff is 403; a step that does not follow leads back with a word."""
        if (now.step, step) in ACTS:
            raise PermissionDenied
        messages.error(self.request, f"この支援分類は現在「{now.get_step_display()}」の段階です。")
        return redirect("assessments:tiers", pk=self.survey.pk)
