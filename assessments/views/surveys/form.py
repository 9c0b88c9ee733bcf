"""Setting a survey up, and changing it."""

from typing import Any

from django.urls import reverse

from assessments.domain.surveys import write
from assessments.enums import SurveyRound
from assessments.forms.surveys import ReviewOf, SurveyForm
from assessments.models import Survey
from assessments.views.surveys.base import SurveyAct, cycle_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.ui.pages import ActPage


class SurveyCreate(ActPage):
    """``?review=<pk>`` fills in the review round of that survey."""

    once = True
    roles = PREFECTURE_ROLES
    form_class = SurveyForm
    template_name = "assessments/surveys/form.html"
    heading = "調査の作成"
    survey: Survey | None = None

    def get_form_kwargs(self):
        return {"user": self.user, "survey": None}

    def get_initial(self):
        """A review round's settings as the first round suggests them."""
        pk = ReviewOf(self.request.GET).values.review
        first = Survey.objects.editable_by(self.user).filter(pk=pk).first()
        if first is None:
            return {}
        names = ("title", "fiscal_year", "questionnaire", "group", "contact", "visibility")
        values: dict[str, Any] = {name: getattr(first, name) for name in names}
        return values | {"round": SurveyRound.REVIEW, "previous": first}

    def act(self, form):
        self.survey = write.create(form.values(), user=self.user)
        return f"「{self.survey.title}」を保存しました。"

    def get_success_url(self):
        return reverse("assessments:survey_detail", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:survey_list")

    def crumbs(self):
        return cycle_crumbs(self.heading)


class SurveyEdit(SurveyAct):
    form_class = SurveyForm
    template_name = "assessments/surveys/form.html"
    heading = "調査の設定の変更"

    def get_form_kwargs(self):
        return {"user": self.user, "survey": self.survey}

    def act(self, form):
        survey = write.change(self.survey.pk, form.values(), user=self.user)
        return f"「{survey.title}」を保存しました。"
