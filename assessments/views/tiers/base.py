"""What the pages about a survey's tiers share."""

from django.urls import reverse

from assessments.models import Survey
from assessments.views.surveys.base import SurveyAct, SurveyStaffPage, survey_crumbs
from dxportal.core.ui.pages import Crumbs


def tier_crumbs(survey: Survey, *steps) -> Crumbs:
    return survey_crumbs(survey, ("支援分類", "assessments:tiers", survey.pk), *steps)


class TierStaffPage(SurveyStaffPage):
    def crumbs(self) -> Crumbs:
        return tier_crumbs(self.survey, self.heading)


class TierAct(TierStaffPage, SurveyAct):
    """Something that the prefecture's staff does to a survey's tiers."""

    def get_success_url(self) -> str:
        return reverse("assessments:tiers", args=[self.survey.pk])
