"""履歴: who changed what and when, of an answer sheet, a survey, a municipality's tier."""

from django.core.paginator import Paginator
from django.views.generic import DetailView, TemplateView

from assessments.domain.history import ANSWERS as ANSWER_TRAIL
from assessments.domain.history import RESPONSES, SURVEYS, TIERS, answer_events
from assessments.domain.questionnaires.stored import sheet_of
from assessments.models import Response, TierAssignment
from assessments.views.surveys.moves import SurveyPage
from assessments.views.surveys.surveys import survey_crumbs
from dxportal.core.accounts.views.mixins import ScopedMixin
from dxportal.core.history.trail import HistoryList, newest

PER_PAGE = 50
CEILING = 10_000


class ResponseHistory(ScopedMixin, DetailView):
    """For all who may read the sheet: its moves with their comments, and every change of an answer, old → new."""

    model = Response
    scope = "for_user"
    template_name = "assessments/surveys/response_history.html"

    def get_queryset(self):
        return super().get_queryset().select_related("survey", "organization")

    def get_context_data(self, **kwargs):
        questions = sheet_of(self.object.survey.questionnaire_id).spec.questions
        wanted = self.request.GET.get("question", "")
        chosen = wanted if any(one.code == wanted for one in questions) else ""
        found = HistoryList([(ANSWER_TRAIL, answer_events(self.object, chosen))], CEILING)
        context = {
            "page": Paginator(found, PER_PAGE).get_page(self.request.GET.get("page")),
            "questions": questions,
            "chosen": chosen,
            "moves": self.object.transitions.order_by("-at", "-pk"),
            "changes": newest(RESPONSES, RESPONSES.events.objects.filter(pgh_obj=self.object.pk)),
            "crumbs": survey_crumbs(self.object.survey, (f"{self.object.organization}の履歴", None)),
        }
        return super().get_context_data(**kwargs) | context


class SurveyHistory(SurveyPage, TemplateView):
    template_name = "assessments/surveys/object_history.html"

    def get_context_data(self, **kwargs):
        context = {
            "heading": f"{self.survey.title}の変更履歴",
            "entries": newest(SURVEYS, SURVEYS.events.objects.filter(pgh_obj=self.survey.pk)),
            "crumbs": survey_crumbs(self.survey, ("変更履歴", None)),
        }
        return super().get_context_data(**kwargs) | context


class TierHistory(ScopedMixin, DetailView):
    """Of one municipality's tier, for those who may see that tier."""

    model = TierAssignment
    scope = "for_user"
    template_name = "assessments/surveys/object_history.html"

    def get_queryset(self):
        return super().get_queryset().select_related("organization", "classification__survey")

    def get_context_data(self, **kwargs):
        events = TIERS.events.objects.filter(pgh_obj=self.object.pk)
        if self.request.user.acting.organization.is_municipality:
            events = events.filter(pgh_created_at__gte=self.object.classification.published_at)
        context = {
            "heading": f"{self.object.organization}の支援分類の履歴",
            "entries": newest(TIERS, events),
            "crumbs": survey_crumbs(self.object.classification.survey, ("支援分類の履歴", None)),
        }
        return super().get_context_data(**kwargs) | context
