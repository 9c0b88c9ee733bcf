"""得点の取込み: step scores of a survey that has no answers, from a workbook."""

from django.http import HttpResponse
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.step_scores import FROM_ANSWERS, import_step_scores
from assessments.enums import SurveySource
from assessments.forms.tiers import ScoreFileForm
from assessments.intake.tiers import HEADINGS, STEPS, read_step_scores
from assessments.views.tiers.base import TierAct, TierStaffPage
from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible


class StepScorePage(TierStaffPage):
    def municipalities(self):
        """Those that the survey is about."""
        if self.survey.group:
            return self.survey.group.members.filter(kind="municipality").select_related("prefecture")
        return Organization.objects.for_user(self.user).municipalities().select_related("prefecture")


class StepScoreTemplate(StepScorePage, View):
    """An empty sheet with the municipalities already in it."""

    def get(self, request, pk) -> HttpResponse:
        rows = [[town.code or "", town.name, *(None for _ in STEPS)] for town in self.municipalities()]
        notes = [("得点", "各ステップ0～30点、小数第1位まで。すべての欄に入力してください。")]
        return workbook_response(f"{self.survey.title}_得点の様式", [Sheet("得点", HEADINGS, rows, notes)])


class StepScoreImport(StepScorePage, TierAct):
    form_class = ScoreFileForm
    template_name = "assessments/tiers/import.html"
    heading = "得点の取込み"
    button = "取り込む"

    def not_now(self):
        if self.survey.source == SurveySource.IMPORTED:
            return ""
        return FROM_ANSWERS

    def act(self, form):
        if reason := self.not_now():
            raise NotPossible(reason)
        try:
            table = read_step_scores(read_book(form.cleaned_data["file"]), self.municipalities())
            # Whoever is warned has to confirm before anything is written: nothing is taken over an unlike name.
            if problems := (*table.errors, *table.warnings):
                return self.ask(form, errors=problems)
            import_step_scores(self.survey, table.rows)
        except UnreadableBookError as error:
            raise NotPossible({"file": str(error)}) from error
        return f"{len(table.rows)}団体の得点を取り込み、優先度と分類を計算しました。"

    def get_success_url(self):
        page = "priority" if self.survey.priority_scheme_id else "tiers"
        return reverse(f"assessments:{page}", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:tiers", args=[self.survey.pk])
