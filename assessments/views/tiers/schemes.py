"""Which schemes judge a survey; and a survey whose scores come from a file."""

from django.urls import reverse

from assessments.domain.tiers.scheme_choice import choose_schemes
from assessments.domain.tiers.step_scores import create_imported
from assessments.domain.tiers.stored_schemes import priority_rules, schemes_of, tier_rules
from assessments.enums import FROZEN_STEPS
from assessments.forms.tiers import ImportedSurveyForm, SchemeForm
from assessments.models import Classification
from assessments.views.surveys.base import cycle_crumbs
from assessments.views.tiers.base import TierAct, tier_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role
from dxportal.core.ui.pages import ActPage


class SurveySchemes(TierAct):
    """The schemes in use, told in full to staff; the admin chooses others."""

    form_class = SchemeForm
    template_name = "assessments/tiers/schemes.html"
    heading = "分類と優先度の基準"

    def enter(self):
        super().enter()
        self.tier_scheme, self.priority_scheme = schemes_of(self.survey)

    def get_initial(self):
        return {"tier_scheme": self.tier_scheme, "priority_scheme": self.priority_scheme}

    def get_form_kwargs(self):
        return {"prefecture": self.survey.prefecture}

    def act(self, form):
        choose_schemes(self.survey.pk, user=self.user, **form.cleaned_data)
        return "基準を変更しました。算定済みの調査は、新しい基準で算定し直します。"

    def crumbs(self):
        return tier_crumbs(self.survey, "基準")

    def get_context_data(self, **kwargs):
        decided = Classification.objects.filter(survey=self.survey, step__in=FROZEN_STEPS).exists()
        context = {
            "tiers": tier_rules(self.tier_scheme) if self.tier_scheme else None,
            "priority": priority_rules(self.priority_scheme) if self.priority_scheme else None,
            "decided": decided,
            "may_change": self.user.role == Role.PREFECTURE_ADMIN and not decided,
        }
        return super().get_context_data(**context, **kwargs)


class ImportedSurveyCreate(ActPage):
    """得点を取り込む調査: set up, then led to the file."""

    once = True
    roles = PREFECTURE_ROLES
    form_class = ImportedSurveyForm
    template_name = "assessments/tiers/imported_new.html"
    heading = "得点を取り込む調査の作成"

    def get_form_kwargs(self):
        return {"prefecture": self.user.acting.organization}

    def act(self, form):
        self.survey = create_imported(user=self.user, **form.cleaned_data)
        return "調査を作成しました。続けて、得点のファイルを取り込んでください。"

    def get_success_url(self):
        return reverse("assessments:step_scores_import", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:survey_list")

    def crumbs(self):
        return cycle_crumbs(self.heading)
