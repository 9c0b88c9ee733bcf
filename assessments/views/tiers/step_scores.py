"""得点の取込み: step scores of a survey that has no answers, from a workbook."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.runs import BusyError, FrozenError
from assessments.domain.tiers.step_scores import import_step_scores
from assessments.enums import SurveySource
from assessments.forms.tiers import ScoreFileForm
from assessments.intake.tiers import HEADINGS, STEPS, read_step_scores
from assessments.views.surveys.base import SurveyStaffPage, survey_crumbs
from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.organizations.models import Organization

REFUSED = {
    FrozenError: "支援分類が「案」または「決定・公表」のため取り込めません。先に段階を戻してください。",
    BusyError: "同じ調査の処理が続いています。しばらくしてから、もう一度取り込んでください。",
}


class ScorePage(SurveyStaffPage, View):
    def municipalities(self):
        """Those that the survey is about."""
        if self.survey.group:
            return self.survey.group.members.filter(kind="municipality")
        return Organization.objects.for_user(self.request.user).municipalities()


class StepScoreTemplate(ScorePage):
    """An empty sheet with the municipalities already in it."""

    def get(self, request, pk) -> HttpResponse:
        rows = [[one.code or "", one.name, *(None for _ in STEPS)] for one in self.municipalities()]
        notes = [("得点", "各ステップ0～30点、小数第1位まで。すべての欄に入力してください。")]
        return workbook_response(f"{self.survey.title}_得点の様式", [Sheet("得点", HEADINGS, rows, notes)])


class StepScoreImport(ScorePage):
    def get(self, request, pk):
        return self.page(ScoreFileForm())

    def post(self, request, pk):
        form = ScoreFileForm(request.POST, request.FILES)
        if self.survey.source != SurveySource.IMPORTED or not form.is_valid():
            return self.page(form)
        try:
            found = read_step_scores(read_book(form.cleaned_data["file"]), self.municipalities())
            if found.errors:
                return self.page(form, found.errors)
            import_step_scores(self.survey, found.rows)
        except UnreadableBookError as error:
            form.add_error("file", str(error))
            return self.page(form)
        except (FrozenError, BusyError) as error:
            form.add_error(None, REFUSED[type(error)])
            return self.page(form)
        messages.success(request, f"{len(found.rows)}団体の得点を取り込み、優先度と分類を計算しました。")
        return redirect("assessments:priority" if self.survey.priority_scheme_id else "assessments:tiers", pk=pk)

    def page(self, form, errors=()):
        context = {
            "survey": self.survey,
            "form": form,
            "errors": errors,
            "possible": self.survey.source == SurveySource.IMPORTED,
            "heading": "得点の取込み",
            "crumbs": survey_crumbs(
                self.survey, ("支援分類", reverse("assessments:tiers", args=[self.survey.pk])), ("得点の取込み", None)
            ),
        }
        return render(self.request, "assessments/tiers/import.html", context)
