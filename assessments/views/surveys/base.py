"""What the pages about one survey share: the survey in scope, its breadcrumbs, acts that lead back to its progress."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.enums import SurveyState
from assessments.models import Survey
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, ForRoles, ScopedObject, crumbs


def cycle_crumbs(*steps) -> Crumbs:
    """From the list of surveys, the top of this room, down."""
    return crumbs(("調査", "assessments:survey_list"), *steps)


def survey_crumbs(survey: Survey, *steps) -> Crumbs:
    """Down to a page about this survey."""
    return cycle_crumbs((survey.title, "assessments:survey_detail", survey.pk), *steps)


class SurveyPage(ScopedObject):
    """One survey that the person sees: ``self.survey``."""

    model = Survey
    scope = "for_user"
    name = "survey"
    related: tuple[str, ...] = ("questionnaire", "group", "previous")
    heading = ""

    def crumbs(self) -> Crumbs:
        return survey_crumbs(self.survey, self.heading)


class AboveTowns(ForRoles):
    """Put before a page of several municipalities: 403 for people of a municipality. By organisation, since a viewer may
    be a municipality's or the prefecture's."""

    def enter(self) -> None:
        super().enter()
        if self.user.acting.organization.is_municipality:
            raise PermissionDenied


class SurveyStaffPage(SurveyPage):
    """For the prefecture's staff only; others who see the survey are refused."""

    roles = PREFECTURE_ROLES


class SurveyAct(SurveyStaffPage, ActPage):
    """Something that the prefecture's staff does to a survey. ``states``: where it makes sense."""

    states: frozenset[str] = frozenset(SurveyState)

    def not_now(self) -> str:
        if self.survey.state in self.states:
            return ""
        return f"「{self.survey.title}」は現在「{self.survey.get_state_display()}」です。"

    def get_success_url(self) -> str:
        return reverse("assessments:survey_detail", args=[self.survey.pk])
