"""得点の取込み: step scores of a survey that has no answers, from a workbook."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views import View

from assessments.domain.tiers.step_scores import (
    CHANGED,
    FROM_ANSWERS,
    GONE,
    NEW,
    UNCHANGED,
    ScoreChange,
    import_step_scores,
    scores_in_force,
)
from assessments.enums import SurveySource
from assessments.forms.tiers import ScoreFileForm
from assessments.intake.score_file import errors_of, municipalities_of, rows_of
from assessments.intake.tiers import HEADINGS, STEPS
from assessments.views.tiers.base import TierAct, TierStaffPage
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.forms import number_sent
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.uploads.pages import UploadPage
from dxportal.core.workflow.errors import NotPossible

KINDS = {
    NEW: ("新規", "green"),
    CHANGED: ("変更", "blue"),
    UNCHANGED: ("変更なし", "gray"),
    GONE: ("得点がなくなる", "orange"),
}


class StepScorePage(TierStaffPage):
    def municipalities(self):
        return municipalities_of(self.survey, self.user)


class StepScoreTemplate(StepScorePage, View):
    """An empty sheet with the municipalities already in it."""

    def get(self, request, pk) -> HttpResponse:
        towns = list(self.municipalities())
        recall((town, self.survey.day) for town in towns)
        rows = [[town.place.code, town.place.name, *(None for _ in STEPS)] for town in towns]
        notes = [("得点", "各ステップ0～30点、小数第1位まで。すべての欄に入力してください。")]
        return workbook_response(f"{self.survey.title}_得点の様式", [Sheet("得点", HEADINGS, rows, notes)])


class StepScoreImport(UploadPage, StepScorePage, TierAct):
    """First the file, then what it would change, town by town; nothing is written before that is confirmed."""

    form_class = ScoreFileForm
    template_name = "assessments/tiers/import.html"
    heading = "得点の取込み"
    button = "内容を確かめる"
    upload_kind = "assessments.step_scores"

    def upload_params(self):
        return {"survey": self.survey.pk}

    def not_now(self):
        if self.survey.source == SurveySource.IMPORTED:
            return ""
        return FROM_ANSWERS

    def show(self, form, upload, confirmation=None):
        if errors := errors_of(upload.read):
            return self.ask(form, errors=errors, notes=upload.read["notes"])
        return self.preview(upload, confirmation)

    def preview(self, upload, confirmation=None, **values):
        """What the file would change, as things stand now."""
        in_force = scores_in_force(self.survey)
        changes = in_force.changes(rows_of(upload.read))
        counts = Counter(change.kind for change in changes)
        keys = {change.organization for change in changes}
        about = list(self.municipalities())
        # A town that the survey is no longer about may still have scores.
        scored = list(Organization.objects.filter(pk__in=keys))
        recall((town, self.survey.day) for town in (*about, *scored))
        towns = {town.pk: town.shown for town in about}
        names = {town.pk: town.shown for town in scored}
        return self.ask(
            ScoreFileForm(),
            confirmation=confirmation or self.confirmation(upload, seen=in_force.run),
            counts=[(*KINDS[kind], counts[kind]) for kind in KINDS],
            changes=[shown(change, names) for change in changes if change.kind != UNCHANGED],
            absent=[name for key, name in towns.items() if key not in keys],
            read_count=len(upload.read["rows"]),
            step_titles=list(STEPS),
            notes=upload.read["notes"],
            **values,
        )

    def write(self, read, confirmation):
        if reason := self.not_now():
            raise NotPossible(reason)
        rows = rows_of(read)
        import_step_scores(self.survey, rows, seen=number_sent(confirmation.cleaned_data["seen"]))
        return f"{len(rows)}団体の得点を取り込み、優先度と分類を計算しました。"

    def overtaken_by(self, upload, refusal):
        return self.preview(upload, status=CONFLICT, upload_problem=refusal.message)

    def get_success_url(self):
        page = "priority" if self.survey.priority_scheme_id else "tiers"
        return reverse(f"assessments:{page}", args=[self.survey.pk])

    def get_back_url(self):
        return reverse("assessments:tiers", args=[self.survey.pk])


def shown(change: ScoreChange, names: Mapping[int, str]) -> dict[str, Any]:
    """A row of the preview; ``scores``: before and after by step, "" where there is none."""
    label, tone = KINDS[change.kind]
    scores = [(plain(change.old.get(step)), plain(change.new.get(step))) for step in STEPS.values()]
    return {"label": label, "tone": tone, "town": names.get(change.organization, ""), "scores": scores}


def plain(score: Fraction | int | None) -> str:
    return "" if score is None else f"{float(score):g}"
