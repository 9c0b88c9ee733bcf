"""得点の取込み: step scores of a survey that has no answers, from a workbook."""

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.step_scores import FROM_ANSWERS, import_step_scores
from assessments.enums import SurveySource
from assessments.forms.tiers import ScoreFileForm, WarnedRowsForm
from assessments.intake.score_file import errors_of, municipalities_of, rows_of
from assessments.intake.tiers import HEADINGS, STEPS
from assessments.views.tiers.base import TierAct, TierStaffPage
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.uploads.pages import UploadPage
from dxportal.core.workflow.errors import NotPossible

KEPT_FOR = 30 * 60  # seconds
TOO_LATE = "確認の画面を表示してから時間がたちました。何も保存していません。もう一度ファイルを選んでください。"


class StepScorePage(TierStaffPage):
    def municipalities(self):
        return municipalities_of(self.survey, self.user)


class StepScoreTemplate(StepScorePage, View):
    """An empty sheet with the municipalities already in it."""

    def get(self, request, pk) -> HttpResponse:
        rows = [[town.code or "", town.name, *(None for _ in STEPS)] for town in self.municipalities()]
        notes = [("得点", "各ステップ0～30点、小数第1位まで。すべての欄に入力してください。")]
        return workbook_response(f"{self.survey.title}_得点の様式", [Sheet("得点", HEADINGS, rows, notes)])


class StepScoreImport(UploadPage, StepScorePage, TierAct):
    """First the file; where rows are warned about, then their confirmation one by one, before anything is written."""

    form_class = ScoreFileForm
    template_name = "assessments/tiers/import.html"
    heading = "得点の取込み"
    button = "取り込む"
    upload_kind = "assessments.step_scores"

    def upload_params(self):
        return {"survey": self.survey.pk}

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
            read = self.unsealed(form.cleaned_data["sealed"])
        else:
            upload = self.receive(form.cleaned_data["file"])
            if upload.waits or upload.read["errors"] or upload.read["warnings"]:
                return self.answer(form, upload)
            read = upload.read
        rows = rows_of(read)
        import_step_scores(self.survey, rows)
        for note in read.get("notes", ()):
            messages.info(self.request, note)
        return f"{len(rows)}団体の得点を取り込み、優先度と分類を計算しました。"

    def show(self, form, upload):
        """Errors, or the boxes for what is warned about; a file that a worker read is confirmed in any case."""
        if errors := errors_of(upload.read):
            return self.ask(form, errors=errors, notes=upload.read.get("notes", ()))
        read = {name: upload.read[name] for name in ("rows", "warnings")}
        sealed = signing.dumps(read, salt=self.salt, compress=True)
        form = WarnedRowsForm(initial={"sealed": sealed}, warnings=read["warnings"])
        return self.ask(form, confirmed_count=len(read["rows"]), notes=upload.read.get("notes", ()))

    def unsealed(self, sealed: str) -> dict:
        return signing.loads(sealed, salt=self.salt, max_age=KEPT_FOR)

    @property
    def salt(self) -> str:
        """Bound to survey and membership: what somebody read in one role is not written in another."""
        return f"step-scores:{self.survey.pk}:{self.user.acting.pk}"

    def get_context_data(self, **kwargs):
        values = super().get_context_data(**kwargs)
        confirming = isinstance(values.get("form"), WarnedRowsForm)
        warned = confirming and len(values["form"].fields) > 1
        return values | {
            "confirming": confirming,
            "warned": warned,
            "button": "確かめた行を取り込む" if warned else self.button,
        }

    def get_success_url(self):
        page = "priority" if self.survey.priority_scheme_id else "tiers"
        return reverse(f"assessments:{page}", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:tiers", args=[self.survey.pk])
