"""The yearly national list for one's own prefecture: the file, what it would change, decisions, and then the change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from dxportal.core.code_list.domain import report
from dxportal.core.code_list.domain.bringing import CHANGED_MEANWHILE, bring_in, plan_for
from dxportal.core.code_list.domain.changes import Plan
from dxportal.core.code_list.forms import CodeListFileForm, DecisionForm
from dxportal.core.code_list.intake.preview import UPLOAD_KIND, ShownPlan, errors_of, rows_of, unsealed
from dxportal.core.organizations.views.organizations import ADMINS
from dxportal.core.ui.pages import Crumbs, crumbs, take
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.uploads.domain import claim, find
from dxportal.core.uploads.enums import UploadState
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import LATE, UploadPage
from dxportal.core.workflow.errors import NotPossible, Overtaken

TAKEN = "この一覧はもう取り込み、組織の情報が変わりました。続けて取り込むときは、もう一度ファイルを選択してください。"


class CodeListImport(UploadPage):
    """First the file, then what it would change with the decisions, then the change: all of it, and once."""

    roles = ADMINS
    form_class = CodeListFileForm
    template_name = "code_list/import.html"
    heading = "団体コード一覧の取込み"
    button = "内容を確かめる"
    upload_kind = UPLOAD_KIND

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if text := request.POST.get("kept", ""):
            return self.decide(unsealed(text))
        return super().post(request, *args, **kwargs)

    def show(self, form: CodeListFileForm, upload: Upload, confirmation: ConfirmForm | None = None) -> HttpResponse:
        """What the file would change for the person's prefecture, as things stand now."""
        if errors := errors_of(upload.read):
            return self.ask(form, errors=errors, notes=upload.read["notes"])
        try:
            plan = plan_for(rows_of(upload.read))
        except NotPossible as refusal:
            return self.ask(form, upload_problem=" ".join(refusal.messages), notes=upload.read["notes"])
        return self.preview(upload, plan, DecisionForm(plan=plan))

    def preview(self, upload: Upload, plan: Plan, decisions: DecisionForm, status: int = 200) -> HttpResponse:
        return self.ask(
            CodeListFileForm(),
            status=status,
            notes=upload.read["notes"],
            plan=plan,
            changes=[(change, report.LABELS[change.kind]) for change in plan.changes],
            decisions=decisions,
            kept=ShownPlan(str(upload.pk), plan.digest).sealed,
        )

    def decide(self, shown: ShownPlan | None) -> HttpResponseBase:
        upload = find(shown.upload, self.upload_kind, user=self.user) if shown else None
        if shown is None or upload is None or upload.state not in (UploadState.READ, UploadState.TAKEN):
            messages.error(self.request, LATE)
            return redirect(reverse("organizations:code_list"))
        if upload.state == UploadState.TAKEN:
            return self.ask(CodeListFileForm(), status=CONFLICT, upload_problem=TAKEN)
        try:
            plan = plan_for(rows_of(upload.read))
        except NotPossible as refusal:
            return self.ask(CodeListFileForm(), status=CONFLICT, upload_problem=" ".join(refusal.messages))
        decisions = DecisionForm(self.request.POST, plan=plan)
        try:
            if plan.digest != shown.digest:
                raise Overtaken(CHANGED_MEANWHILE, plan)
            if not decisions.is_valid():
                return self.preview(upload, plan, decisions)
            return self.carry_out(upload, plan, decisions)
        except ValidationError as refusal:
            take(decisions, refusal)
            status = CONFLICT if isinstance(refusal, Overtaken) else 200
            return self.preview(upload, plan, decisions, status)

    def carry_out(self, upload: Upload, plan: Plan, decisions: DecisionForm) -> HttpResponseBase:
        day = decisions.cleaned_data["day"]
        with transaction.atomic():
            # Of two clicks the second waits here until the first has written; a refusal gives the file back.
            read = claim(str(upload.pk), self.upload_kind, user=self.user)
            if read is None:
                return self.ask(CodeListFileForm(), status=CONFLICT, upload_problem=TAKEN)
            settled = bring_in(rows_of(read), decisions.decisions(), day=day, digest=plan.digest)
        messages.success(self.request, f"一覧を取り込みました（{report.summary(settled, plan, 0)}）。")
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("organizations:list")

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "一覧の取込み")
