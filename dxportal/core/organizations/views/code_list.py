"""The yearly national list for one's own prefecture: the file, what it would change, decisions, and then the change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.code_list import report
from dxportal.core.organizations.domain.code_list.bringing import CHANGED_MEANWHILE, bring_in, plan_for
from dxportal.core.organizations.domain.code_list.changes import Plan
from dxportal.core.organizations.forms.code_list import CodeListFileForm, DecisionForm
from dxportal.core.organizations.intake.code_list import CodeRow, read_code_list
from dxportal.core.organizations.intake.kept_list import KeptList, packed, unpacked
from dxportal.core.organizations.views.organizations import ADMINS
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs, take
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.workflow.errors import NotPossible, Overtaken

LATE = "確認の画面を表示してから時間がたちました。もう一度ファイルを選択してください。"


class CodeListImport(ActPage):
    """First the file, then what it would change with the decisions, then the change; the rows travel in the form."""

    roles = ADMINS
    form_class = CodeListFileForm
    template_name = "organizations/code_list.html"
    heading = "団体コード一覧の取込み"
    button = "内容を確かめる"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if text := request.POST.get("kept", ""):
            return self.confirm(unpacked(text, membership=self.user.acting.pk))
        return super().post(request, *args, **kwargs)

    def act(self, form: CodeListFileForm) -> HttpResponse:
        """Shows what the file would change for the person's prefecture."""
        try:
            listed = read_code_list(read_book(form.cleaned_data["file"]))
        except UnreadableBookError as error:
            raise NotPossible({"file": str(error)}) from error
        if listed.errors:
            return self.ask(form, errors=listed.errors, notes=listed.notes)
        for note in listed.notes:
            messages.info(self.request, note)
        rows = self.own(listed.rows)
        plan = plan_for(rows)
        return self.preview(
            form, plan, DecisionForm(plan=plan), packed(rows, plan.digest, membership=self.user.acting.pk)
        )

    def own(self, rows: tuple[CodeRow, ...]) -> list[CodeRow]:
        """The rows of the person's prefecture: by its code, by its name where it has none yet."""
        prefecture = self.user.acting.organization
        heads = [row for row in rows if row.kind == "prefecture"]
        by_code = [row for row in heads if row.code == prefecture.code]
        head = next(iter(by_code or [row for row in heads if name_key(row.name) == name_key(prefecture.name)]), None)
        if head is None:
            raise NotPossible(
                {
                    "file": f"{prefecture}の行が一覧にありません。全国の一覧か、{prefecture}を含む一覧を選択してください。"
                }
            )
        return [row for row in rows if row.code[:2] == head.code[:2]]

    def preview(self, form: Any, plan: Plan, decisions: DecisionForm, kept: str, status: int = 200) -> HttpResponse:
        changes = [(change, report.LABELS[change.kind]) for change in plan.changes]
        return self.ask(form, status=status, plan=plan, changes=changes, decisions=decisions, kept=kept)

    def confirm(self, kept: KeptList | None) -> HttpResponseBase:
        try:
            if kept is None:
                raise NotPossible(LATE)
            plan = plan_for(kept.rows)
        except NotPossible as refusal:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect(reverse("organizations:code_list"))
        decisions = DecisionForm(self.request.POST, plan=plan)
        text = packed(kept.rows, plan.digest, membership=self.user.acting.pk)
        try:
            if plan.digest != kept.digest:
                raise Overtaken(CHANGED_MEANWHILE, plan)
            if not decisions.is_valid():
                return self.preview(CodeListFileForm(), plan, decisions, text)
            values = decisions.cleaned_data
            settled = bring_in(kept.rows, decisions.decisions(), day=values["day"], digest=kept.digest)
        except ValidationError as refusal:
            take(decisions, refusal)
            status = CONFLICT if isinstance(refusal, Overtaken) else 200
            return self.preview(CodeListFileForm(), plan, decisions, text, status)
        messages.success(self.request, f"一覧を取り込みました（{report.summary(settled, plan, 0)}）。")
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("organizations:list")

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "一覧の取込み")
