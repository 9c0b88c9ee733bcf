"""調査進捗: where every municipality is with its response, as a table, a heat table and files."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.surveys.progress import SectionProgress
from assessments.domain.surveys.submissions import OVERDUE, arrange, counts, section_progress, submissions
from assessments.enums import ResponseState, SurveyRound
from assessments.forms.surveys import ProgressFilter
from assessments.models import Response
from assessments.views.surveys.base import SurveyPage, survey_crumbs
from assessments.views.surveys.files import heat_sheet, table_sheet
from assessments.views.surveys.takeover import left_count
from dxportal.core.ui.pages import ListPage
from dxportal.core.ui.tags.lists import heat_class


class ProgressPage(SurveyPage, ListPage):
    """The responses of a survey that the person sees, filtered and sorted by the address."""

    address_class = ProgressFilter
    template_name = "assessments/surveys/detail.html"
    per_page = 100

    def all_rows(self):
        self.everybody = submissions(Response.objects.for_user(self.user), self.survey)
        return self.everybody

    def filtered(self, rows):
        filters = self.filters
        return arrange(rows, state=filters.state, bureau=filters.bureau, overdue=filters.overdue, sort=filters.sort)

    def ordered(self, rows):
        return rows

    def page_size(self, rows):
        return None if self.filters.all else self.per_page

    def file_name(self):
        return f"{self.survey.fiscal_year}_{self.survey.title}_進捗_{timezone.localtime():%Y%m%d}"

    def sheets(self, rows):
        pages = [table_sheet(self.survey, rows)]
        if self.survey.questionnaire_id:
            sections = stored_questionnaire(self.survey.questionnaire_id).spec.sections
            pages.append(heat_sheet(sections, rows, section_progress(self.survey, rows)))
        return pages


class SurveyDetail(ProgressPage):
    """For those above the municipalities; a municipality is sent to its own response."""

    def get(self, request, *args, **kwargs):
        if self.user.acting.organization.is_municipality:
            return self.to_own()
        return super().get(request, *args, **kwargs)

    def to_own(self):
        """Its own response; after a merger those of the towns before it, where several were asked."""
        rows = list(Response.objects.for_user(self.user).filter(survey=self.survey)[:2])
        if not rows:
            raise Http404
        if len(rows) > 1:
            return redirect("assessments:response_list")
        return redirect("assessments:response_detail", rows[0].pk)

    def crumbs(self):
        return survey_crumbs(self.survey)

    def get_context_data(self, **kwargs):
        totals = counts(self.everybody)
        bureaus = {row.response.organization.bureau.pk: row.response.organization.bureau for row in self.everybody}
        context = {
            "all": len(self.everybody),
            "counters": [(state.label, state.value, totals[state], state.tone) for state in ResponseState],
            "overdue_count": totals[OVERDUE],
            "submitted": totals[ResponseState.SUBMITTED],
            "handed_in": sum(row.handed_in for row in self.everybody),
            "bureaus": sorted(bureaus.values(), key=lambda bureau: (bureau.order, bureau.name)),
            "now": timezone.now(),
            "may_act": self.user.is_prefecture_staff,
            "left": self.left(),
        }
        return super().get_context_data(**context, **self.heat(kwargs["rows"]), **kwargs)

    def left(self):
        """Of a review round, for those who set it up."""
        if self.survey.round != SurveyRound.REVIEW or not self.user.is_prefecture_staff:
            return {}
        return left_count(self.survey, Response.objects.for_user(self.user))

    def heat(self, rows):
        if not self.survey.questionnaire_id:
            return {}
        shares = section_progress(self.survey, rows)
        cells = {pk: [heat_cell(share) for share in row] for pk, row in shares.items()}
        return {
            "sections": stored_questionnaire(self.survey.questionnaire_id).spec.sections,
            "heat": [(row.response, cells[row.response.pk]) for row in rows],
        }


def heat_cell(share: SectionProgress) -> tuple[str, int | str]:
    """What is printed in the cell and the class of its colour."""
    if not share.required:
        return "対象なし", "none"
    return f"{share.answered}／{share.required}", heat_class(share.answered, share.required)


class SurveyExport(ProgressPage):
    """The progress table as filtered and sorted on the page: ``?format=xlsx|csv|csv-sjis``."""

    file_only = True
