"""The register of cases: out as workbook or CSV, in with a preview of what would change."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.contribution.register import CHANGED, NEW, UNCHANGED, apply
from casestudies.domain.contribution.write import with_parts
from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.forms.contribution.case import Choices
from casestudies.forms.contribution.moves import RegisterFileForm
from casestudies.intake.contribution.preview import entries_of, problems_of
from casestudies.intake.contribution.register import MOST
from casestudies.intake.contribution.sheets import HEADERS, NOTES, sheets
from casestudies.models import Case
from casestudies.views.contribution.base import MANAGE, TOP
from dxportal.core.accounts.enums import Role
from dxportal.core.intake.export import Sheet, csv_response, workbook_response
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import UploadPage
from dxportal.core.workflow.errors import Overtaken

KINDS = {NEW: ("新規", "green"), CHANGED: ("変更", "blue"), UNCHANGED: ("変更なし", "gray")}


class RegisterExport(ListPage):
    """All cases that the person may open, in the columns that the import reads."""

    model = Case
    scope = "for_user"
    file_only = True
    related = ("field", "organization", "prefecture", "document")
    ending = "xlsx"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"事例台帳_{timezone.localdate():%Y%m%d}"
        pages = self.sheets(self.all_rows())
        if self.ending == "csv":
            encoding = "cp932" if request.GET.get("encoding") == "cp932" else "utf-8-sig"
            return csv_response(name, pages[0].header, pages[0].rows, encoding)
        return workbook_response(name, pages)

    def sheets(self, rows: QuerySet[Case]) -> Sequence[Sheet]:
        return [*sheets(with_parts(rows)), choices_sheet()]


class RegisterTemplate(ListPage):
    """The same sheets, empty, with the notes and the names to choose from."""

    roles = CONTRIBUTING_ROLES
    file_only = True
    heading = "事例台帳の様式"

    def all_rows(self) -> tuple:
        return ()

    def sheets(self, rows: tuple) -> Sequence[Sheet]:
        return [*(Sheet(title, header, rows, NOTES[title]) for title, header in HEADERS.items()), choices_sheet()]


def choices_sheet() -> Sheet:
    choices = Choices.load()
    lists = (
        ("取組の区分", choices.fields),
        ("分野", choices.areas),
        ("アウトカム", choices.outcomes),
        ("マインドセット", choices.mindsets),
    )
    return Sheet("選択肢", ("項目", "名称"), [(field, name) for field, pairs in lists for _, name in pairs])


class RegisterImport(UploadPage):
    """First the file, then what it would change, then the change; nothing is written before it is confirmed."""

    roles = CONTRIBUTING_ROLES
    template_name = "casestudies/contribution/import.html"
    heading = "事例の取込み"
    form_class = RegisterFileForm
    upload_kind = "casestudies.register"

    def show(self, form: RegisterFileForm, upload: Upload, confirmation: ConfirmForm | None = None) -> HttpResponseBase:
        """What the file would change; the row of the upload keeps it until it is confirmed."""
        notes = upload.read.get("notes", ())
        if problems := problems_of(upload.read):
            return self.ask(form, problems=problems, notes=notes)
        counts = [(*KINDS[kind], upload.read["counts"][kind]) for kind in KINDS]
        entries = [(entry, *KINDS[entry.kind]) for entry in entries_of(upload.read)]
        token = str(upload.pk) if upload.read["rows"] else ""
        confirmation = confirmation or self.confirmation(upload)
        return self.ask(
            form, entries=entries, counts=counts, token=token, confirmation=confirmation, read=True, notes=notes
        )

    def write(self, read: dict[str, Any], confirmation: ConfirmForm) -> str:
        result = apply(read["rows"], user=self.user)
        return f"台帳を取り込みました（新規{result.created}件、変更{result.changed}件）。"

    def overtaken_by(self, upload: Upload, refusal: Overtaken) -> HttpResponseBase:
        advice = "取り込みませんでした。台帳を書き出し直してから、もう一度取り込んでください。"
        return self.ask(RegisterFileForm(), status=CONFLICT, upload_problem=f"{refusal.message}{advice}")

    def get_success_url(self) -> str:
        return reverse("casestudies:manage")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (MANAGE, "casestudies:manage"), "取込み")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"most": MOST, "alone": self.user.role == Role.CONSULTANT} | kwargs))
