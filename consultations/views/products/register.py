"""The register from a file: its form, and reading one in with a preview of what would change."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from consultations.domain.products.register import CHANGED, NEW, UNCHANGED, apply
from consultations.enums import ACTING_ROLES
from consultations.forms.products import ProductFileForm
from consultations.intake.products.register import MOST, UPLOAD_KIND
from consultations.intake.products.sheets import sheet
from consultations.views.products.base import TOP
from dxportal.core.intake.book import CellError
from dxportal.core.intake.export import Sheet
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.uploads.domain import claim
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import LATE, UploadPage
from dxportal.core.workflow.errors import Overtaken

KINDS = {NEW: ("新規", "green"), CHANGED: ("変更", "blue"), UNCHANGED: ("変更なし", "gray")}


class ProductTemplate(ListPage):
    """The sheet, empty, with its notes."""

    roles = ACTING_ROLES
    file_only = True
    heading = "製品・契約の様式"

    def all_rows(self) -> tuple:
        return ()

    def sheets(self, rows: tuple) -> Sequence[Sheet]:
        return [sheet(())]


class ProductImport(UploadPage):
    """First the file, then what it would change, then the change: all of it or nothing."""

    roles = ACTING_ROLES
    template_name = "consultations/products/import.html"
    heading = "製品・契約の取込み"
    form_class = ProductFileForm
    upload_kind = UPLOAD_KIND

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if token := request.POST.get("token", ""):
            return self.confirm(token)
        return super().post(request, *args, **kwargs)

    def show(self, form: ProductFileForm, upload: Upload) -> HttpResponse:
        read = upload.read
        if read["problems"]:
            problems = [CellError(**problem) for problem in read["problems"]]
            return self.ask(form, problems=problems, notes=read["notes"])
        counts = [(*KINDS[kind], read["counts"][kind]) for kind in KINDS]
        entries = [(entry, *KINDS[entry["kind"]]) for entry in read["entries"]]
        token = str(upload.pk) if read["rows"] else ""
        return self.ask(form, entries=entries, counts=counts, token=token, read=True, notes=read["notes"])

    def confirm(self, token: str) -> HttpResponseBase:
        try:
            with transaction.atomic():
                # Of two clicks the second waits here until the first has written; a refusal gives the file back.
                read = claim(token, self.upload_kind, user=self.user)
                if read is None:
                    return self.ask(ProductFileForm(), upload_problem=LATE)
                counts = apply(read["rows"], user=self.user)
        except Overtaken as refusal:
            return self.ask(ProductFileForm(), status=CONFLICT, overtaken=refusal.message)
        messages.success(self.request, f"取り込みました（新規{counts[NEW]}件、変更{counts[CHANGED]}件）。")
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("consultations:products")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, "取込み")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"most": MOST} | kwargs))
