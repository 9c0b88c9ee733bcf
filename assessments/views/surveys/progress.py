"""調査進捗: where every municipality stands, as a table, a heat table and files."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView

from assessments.domain.questionnaires.stored import sheet_of
from assessments.domain.surveys.progress import SectionProgress
from assessments.domain.surveys.standing import (
    OVERDUE,
    SORT_KEYS,
    Standing,
    arrange,
    counts,
    section_progress,
    standings,
)
from assessments.enums import ResponseState
from assessments.models import Response, Survey
from assessments.views.surveys.progress_files import HEADER, heat_sheet, table_rows, table_sheet
from assessments.views.surveys.surveys import crumbs
from assessments.views.tones import TONES
from dxportal.core.accounts.views.mixins import ScopedMixin
from dxportal.core.intake.export import csv_response, workbook_response
from dxportal.core.ui.tags.lists import heat_class

ALL_ON_ONE_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it can't mean is left out."""

    state: str = ""
    bureau: int | None = None
    overdue: bool = False
    sort: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> "Filters":
        state, bureau, sort = (request.GET.get(name, "") for name in ("state", "bureau", "sort"))
        return cls(
            state=state if state in ResponseState.values else "",
            bureau=int(bureau) if bureau.isascii() and bureau.isdecimal() else None,
            overdue=request.GET.get("overdue") == "1",
            sort=sort if sort.removeprefix("-") in SORT_KEYS else "",
        )

    def apply(self, rows: list[Standing]) -> list[Standing]:
        return arrange(rows, state=self.state, bureau=self.bureau, overdue=self.overdue, sort=self.sort)

    @property
    def any(self) -> bool:
        return bool(self.state or self.bureau or self.overdue)


class SurveyDetail(ScopedMixin, DetailView):
    """For those above the municipalities; a municipality is sent to its own answer sheet."""

    model = Survey
    scope = "for_user"
    template_name = "assessments/surveys/detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("questionnaire", "group", "previous")

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if request.user.acting.organization.is_municipality:
            own = get_object_or_404(Response.objects.for_user(request.user), survey=self.object)
            return redirect("assessments:response_detail", own.pk)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        filters = Filters.read(self.request)
        rows = standings(Response.objects.for_user(self.request.user), self.object)
        found = filters.apply(rows)
        everything = "all" in self.request.GET or len(found) <= ALL_ON_ONE_PAGE
        page = Paginator(found, max(1, len(found)) if everything else ALL_ON_ONE_PAGE).get_page(
            self.request.GET.get("page")
        )
        context = {"filters": filters, "rows": page.object_list, "page": page, "found": len(found), "all": len(rows)}
        return super().get_context_data(**kwargs) | context | self.frame(rows) | self.heat(page.object_list)

    def frame(self, rows):
        bureaus = {one.response.organization.parent_id: one.response.organization.parent for one in rows}
        totals = counts(rows)
        return {
            "counters": [(state.label, state.value, totals[state], TONES[state]) for state in ResponseState],
            "overdue_count": totals[OVERDUE],
            "submitted": totals[ResponseState.SUBMITTED],
            "query": self.request.GET.urlencode(),
            "crumbs": crumbs((self.object.title, None)),
            "handed_in": sum(one.handed_in for one in rows),
            "bureaus": sorted(bureaus.values(), key=lambda one: (one.sort_order, one.name)),
            "tones": TONES,
            "now": timezone.now(),
            "may_act": self.request.user.is_prefecture_staff,
        }

    def heat(self, rows):
        if not self.object.questionnaire_id:
            return {}
        shares = section_progress(self.object, rows)
        sections = sheet_of(self.object.questionnaire_id).spec.sections
        cells = {pk: [heat_cell(share) for share in row] for pk, row in shares.items()}
        return {"sections": sections, "heat": [(one.response, cells[one.response.pk]) for one in rows]}


def heat_cell(share: SectionProgress) -> tuple[str, int | str]:
    """What is printed in the cell and the class of its colour."""
    if not share.required:
        return "対象なし", "none"
    return f"{share.answered}／{share.required}", heat_class(share.answered, share.required)


class SurveyExport(ScopedMixin, DetailView):
    """The progress table as filtered and sorted on the page: ``?format=xlsx|csv|csv-sjis``."""

    model = Survey
    scope = "for_user"

    def get(self, request, *args, **kwargs):
        survey = self.get_object()
        rows = Filters.read(request).apply(standings(Response.objects.for_user(request.user), survey))
        name = f"{survey.fiscal_year}_{survey.title}_進捗_{timezone.localtime():%Y%m%d}"
        wanted = request.GET.get("format", "xlsx")
        if wanted in ("csv", "csv-sjis"):
            return csv_response(name, HEADER, table_rows(rows), "cp932" if wanted == "csv-sjis" else "utf-8-sig")
        sheets = [table_sheet(survey, rows)]
        if survey.questionnaire_id:
            sections = sheet_of(survey.questionnaire_id).spec.sections
            sheets.append(heat_sheet(sections, rows, section_progress(survey, rows)))
        return workbook_response(name, sheets)
