"""履歴: who changed what and when, of a response and of a survey."""

from django.views.generic import TemplateView

from assessments.domain.history import ANSWERS as ANSWER_TRAIL
from assessments.domain.history import RESPONSES, SURVEYS, answer_events
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.forms.surveys import QuestionFilter
from assessments.models import Response
from assessments.views.surveys.base import SurveyStaffPage, survey_crumbs
from dxportal.core.history.trail import HistoryList, newest
from dxportal.core.ui.pages import ListPage, ScopedObject

CEILING = 10_000


class ResponseHistory(ScopedObject, ListPage):
    """For all who may read the response: its moves with their comments, and every change of an answer, old → new."""

    model = Response
    scope = "for_user"
    name = "response"
    related = ("survey", "organization")
    address_class = QuestionFilter
    template_name = "assessments/surveys/response_history.html"

    def get_address_kwargs(self):
        return {"questions": stored_questionnaire(self.response.survey.questionnaire_id).spec.questions}

    def all_rows(self):
        return HistoryList([(ANSWER_TRAIL, answer_events(self.response, self.filters.question))], CEILING)

    def crumbs(self):
        return survey_crumbs(self.response.survey, f"{self.response.organization}の履歴")

    def get_context_data(self, **kwargs):
        context = {
            "moves": self.response.transitions.order_by("-at", "-pk"),
            "changes": newest(RESPONSES, RESPONSES.events.objects.filter(pgh_obj=self.response.pk)),
        }
        return super().get_context_data(**context, **kwargs)


class SurveyHistory(SurveyStaffPage, TemplateView):
    template_name = "assessments/surveys/object_history.html"

    def get_context_data(self, **kwargs):
        context = {
            "heading": f"{self.survey.title}の変更履歴",
            "entries": newest(SURVEYS, SURVEYS.events.objects.filter(pgh_obj=self.survey.pk)),
            "crumbs": survey_crumbs(self.survey, "変更履歴"),
        }
        return super().get_context_data(**context, **kwargs)
