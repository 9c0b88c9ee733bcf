"""得点の取込み: step scores of a survey that has no answers, from a workbook."""

from fractions import Fraction

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from assessments.domain.tiers.step_scores import FROM_ANSWERS, StepScores, import_step_scores
from assessments.enums import SurveySource
from assessments.forms.tiers import ScoreFileForm, WarnedRowsForm
from assessments.intake.tiers import HEADINGS, STEPS, ScoreSheet, read_step_scores
from assessments.views.tiers.base import TierAct, TierStaffPage
from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible

KEPT_FOR = 30 * 60  # seconds
TOO_LATE = "確認の画面を表示してから時間がたちました。何も保存していません。もう一度ファイルを選んでください。"


class StepScorePage(TierStaffPage):
    def municipalities(self):
        """Those that the survey is about, as they lived on its day."""
        group = self.survey.group
        rows = (group.members if group else Organization.objects.for_user(self.user)).filter(kind="municipality")
        return rows.living(timezone.localdate(self.survey.opens_at)).select_related("prefecture")


class StepScoreTemplate(StepScorePage, View):
    """An empty sheet with the municipalities already in it."""

    def get(self, request, pk) -> HttpResponse:
        rows = [[town.code or "", town.name, *(None for _ in STEPS)] for town in self.municipalities()]
        notes = [("得点", "各ステップ0～30点、小数第1位まで。すべての欄に入力してください。")]
        return workbook_response(f"{self.survey.title}_得点の様式", [Sheet("得点", HEADINGS, rows, notes)])


class StepScoreImport(StepScorePage, TierAct):
    """First the file; where rows are warned about, then their confirmation one by one, before anything is written."""

    form_class = ScoreFileForm
    template_name = "assessments/tiers/import.html"
    heading = "得点の取込み"
    button = "取り込む"

    def not_now(self):
        if self.survey.source == SurveySource.IMPORTED:
            return ""
        return FROM_ANSWERS

    def get_form(self, data=None, files=None):
        if data is None or "sealed" not in data:
            return super().get_form(data, files)
        try:
            warnings = self.unsealed(data["sealed"])["warnings"]
        except signing.BadSignature:
            form = super().get_form(data, files)
            form.add_error(None, TOO_LATE)
            return form
        return WarnedRowsForm(data, warnings=warnings)

    def act(self, form):
        if reason := self.not_now():
            raise NotPossible(reason)
        if isinstance(form, WarnedRowsForm):
            read = self.unsealed(form.cleaned_data["sealed"])["rows"]
            rows = [StepScores(town, {step: Fraction(score) for step, score in scores}) for town, scores in read]
        else:
            try:
                table = read_step_scores(read_book(form.cleaned_data["file"]), self.municipalities())
            except UnreadableBookError as error:
                raise NotPossible({"file": str(error)}) from error
            if table.errors:
                return self.ask(form, errors=table.errors)
            if table.warnings:
                return self.ask(self.to_confirm(table))
            rows = list(table.rows)
        import_step_scores(self.survey, rows)
        return f"{len(rows)}団体の得点を取り込み、優先度と分類を計算しました。"

    def to_confirm(self, table: ScoreSheet) -> WarnedRowsForm:
        read = {
            "rows": [
                [row.organization, [[step, str(score)] for step, score in row.steps.items()]] for row in table.rows
            ],
            "warnings": [[warning.cell, warning.message] for warning in table.warnings],
        }
        sealed = signing.dumps(read, salt=self.salt, compress=True)
        return WarnedRowsForm(initial={"sealed": sealed}, warnings=read["warnings"])

    def unsealed(self, sealed: str) -> dict:
        return signing.loads(sealed, salt=self.salt, max_age=KEPT_FOR)

    @property
    def salt(self) -> str:
        """Bound to survey and membership: what somebody read in one role is not written in another."""
        return f"step-scores:{self.survey.pk}:{self.user.acting.pk}"

    def get_context_data(self, **kwargs):
        values = super().get_context_data(**kwargs)
        confirming = isinstance(values.get("form"), WarnedRowsForm)
        return values | {"confirming": confirming, "button": "確かめた行を取り込む" if confirming else self.button}

    def get_success_url(self):
        page = "priority" if self.survey.priority_scheme_id else "tiers"
        return reverse(f"assessments:{page}", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:tiers", args=[self.survey.pk])
