"""The register of cases: out as workbook or CSV, in with a preview of what would change."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from casestudies.domain.contribution.prefill import homes
from casestudies.domain.contribution.register import CHANGED, NEW, UNCHANGED, apply, kept
from casestudies.domain.contribution.write import with_parts
from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.forms.contribution.case import Choices
from casestudies.forms.contribution.moves import RegisterFileForm
from casestudies.intake.contribution.register import LIMITS, MOST, Register, read_register
from casestudies.intake.contribution.sheets import HEADERS, NOTES, sheets
from casestudies.models import Case
from casestudies.views.contribution.pages import crumbs
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.views.mixins import RoleRequiredMixin
from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.intake.export import Sheet, csv_response, workbook_response
from dxportal.core.workflow.errors import Overtaken

KEPT_FOR = 30 * 60  # seconds
LABELS = {NEW: ("新規", "green"), CHANGED: ("変更", "blue"), UNCHANGED: ("変更なし", "gray")}


class RegisterExport(View):
    """All cases that the person may open, in the columns that the import reads."""

    ending = "xlsx"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = with_parts(Case.objects.for_user(request.user)).select_related(
            "field", "organization", "prefecture", "document"
        )
        found = sheets(rows)
        name = f"事例台帳_{timezone.localdate():%Y%m%d}"
        if self.ending == "csv":
            encoding = "cp932" if request.GET.get("encoding") == "cp932" else "utf-8-sig"
            return csv_response(name, found[0].header, found[0].rows, encoding)
        return workbook_response(name, [*found, _choices()])


class RegisterTemplate(RoleRequiredMixin, View):
    """The same sheets, empty, with the notes and the names to choose from."""

    roles = CONTRIBUTING_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        empty = [Sheet(title, header, (), NOTES[title]) for title, header in HEADERS.items()]
        return workbook_response("事例台帳の様式", [*empty, _choices()])


class RegisterImport(RoleRequiredMixin, View):
    """First the file, then what it would change, then the change; nothing is written before it is confirmed."""

    roles = CONTRIBUTING_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(RegisterFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if token := request.POST.get("token", ""):
            return self.write(token)
        form = RegisterFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        try:
            book = read_book(form.cleaned_data["file"], LIMITS)
        except UnreadableBookError as error:
            form.add_error("file", str(error))
            return self.page(form)
        return self.told(form, read_register(book, user=request.user, home=self.home()))

    def home(self) -> tuple:
        known = homes(self.request.user)
        return (known[0].place,) if len(known) == 1 else ()

    def told(self, form: RegisterFileForm, register: Register) -> HttpResponse:
        if register.problems:
            return self.page(form, problems=register.problems)
        rows = kept(register.entries)
        token = uuid.uuid4().hex if rows else ""
        if rows:
            cache.set(self.key(token), rows, KEPT_FOR)
        counts = [(*LABELS[kind], sum(one.kind == kind for one in register.entries)) for kind in LABELS]
        entries = [(one, *LABELS[one.kind]) for one in register.entries if one.kind != UNCHANGED]
        return self.page(form, entries=entries, counts=counts, token=token, read=True)

    def write(self, token: str) -> HttpResponse:
        rows = cache.get(self.key(token))
        # Deleting claims it: of two clicks only one finds it there.
        if rows is None or not cache.delete(self.key(token)):
            form = RegisterFileForm()
            return self.page(form, late=True)
        try:
            done = apply(rows, user=self.request.user)
        except Overtaken as error:
            return self.page(RegisterFileForm(), overtaken=error.message)
        messages.success(self.request, f"台帳を取り込みました（新規{done.created}件、変更{done.changed}件）。")
        return redirect("casestudies:manage")

    def key(self, token: str) -> str:
        """Bound to the membership: what somebody checked in one role is not written in another."""
        return f"case-register:{self.request.user.acting.pk}:{token[:32]}"

    def page(self, form: RegisterFileForm, **extra: Any) -> HttpResponse:
        context = {"form": form, "heading": "事例の取込み", "most": MOST, "crumbs": crumbs(("取込み", None)), **extra}
        context["alone"] = self.request.user.role == Role.CONSULTANT
        return render(self.request, "casestudies/contribution/import.html", context)


def _choices() -> Sheet:
    choices = Choices.load()
    lists = (
        ("取組の区分", choices.fields),
        ("分野", choices.areas),
        ("アウトカム", choices.outcomes),
        ("マインドセット", choices.mindsets),
    )
    return Sheet("選択肢", ("項目", "名称"), [(item, name) for item, pairs in lists for _, name in pairs])
