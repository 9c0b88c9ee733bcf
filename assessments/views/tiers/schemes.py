"""Which schemes judge a survey; and a survey whose scores come from a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.scheme_choice import choose_schemes
from assessments.domain.tiers.step_scores import create_imported
from assessments.domain.tiers.stored_schemes import priority_rules, schemes_of, tier_rules
from assessments.enums import FROZEN_STEPS
from assessments.forms.tiers import ImportedSurveyForm, SchemeForm
from assessments.models import Classification
from assessments.views.surveys.base import SurveyStaffPage, cycle_crumbs, survey_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role
from dxportal.core.accounts.views.mixins import RoleRequiredMixin
from dxportal.core.ui.pages import take


class SurveySchemes(SurveyStaffPage, View):
    """The schemes in use, told in full to staff; the admin chooses others."""

    def get(self, request, pk):
        tiers, priority = schemes_of(self.survey)
        initial = {"tier_scheme": tiers, "priority_scheme": priority}
        return self.page(SchemeForm(prefecture=self.survey.prefecture, initial=initial))

    def post(self, request, pk):
        form = SchemeForm(request.POST, prefecture=self.survey.prefecture)
        if form.is_valid():
            try:
                choose_schemes(pk, user=request.user, **form.cleaned_data)
            except ValidationError as error:
                take(form, error)
            else:
                messages.success(request, "基準を変更しました。算定済みの調査は、新しい基準で算定し直します。")
                return redirect("assessments:tiers", pk=pk)
        return self.page(form)

    def page(self, form):
        tiers, priority = schemes_of(self.survey)
        decided = Classification.objects.filter(survey=self.survey, step__in=FROZEN_STEPS).exists()
        context = {
            "survey": self.survey,
            "form": form,
            "tiers": tier_rules(tiers) if tiers else None,
            "priority": priority_rules(priority) if priority else None,
            "decided": decided,
            "may_change": self.request.user.role == Role.PREFECTURE_ADMIN and not decided,
            "heading": "分類と優先度の基準",
            "crumbs": survey_crumbs(
                self.survey, ("支援分類", reverse("assessments:tiers", args=[self.survey.pk])), ("基準", None)
            ),
        }
        return render(self.request, "assessments/tiers/schemes.html", context)


class ImportedSurveyCreate(RoleRequiredMixin, View):
    """得点を取り込む調査: set up, then led to the file."""

    roles = PREFECTURE_ROLES

    def get(self, request):
        return self.page(ImportedSurveyForm(prefecture=request.user.acting.organization))

    def post(self, request):
        form = ImportedSurveyForm(request.POST, prefecture=request.user.acting.organization)
        if form.is_valid():
            try:
                survey = create_imported(user=request.user, **form.cleaned_data)
            except ValidationError as error:
                take(form, error)
            else:
                messages.success(request, "調査を作成しました。続けて、得点のファイルを取り込んでください。")
                return redirect("assessments:step_scores_import", pk=survey.pk)
        return self.page(form)

    def page(self, form):
        heading = "得点を取り込む調査の作成"
        context = {"form": form, "heading": heading, "crumbs": cycle_crumbs(heading)}
        return render(self.request, "assessments/tiers/imported_new.html", context)
