"""The register from a file: its form, and reading one in with a preview of what would change."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
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
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import UploadPage
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

    def show(self, form: ProductFileForm, upload: Upload, confirmation: ConfirmForm | None = None) -> HttpResponse:
        read = upload.read
        if read["problems"]:
            return self.ask(form, errors=[CellError(**problem) for problem in read["problems"]], notes=read["notes"])
        return self.ask(
            form,
            entries=[(entry, *KINDS[entry["kind"]]) for entry in read["entries"]],
            counts=[(*KINDS[kind], read["counts"][kind]) for kind in KINDS],
            token=str(upload.pk) if read["rows"] else "",
            confirmation=confirmation or self.confirmation(upload),
            read=True,
            notes=read["notes"],
        )

    def write(self, read: dict[str, Any], confirmation: ConfirmForm) -> str:
        counts = apply(read["rows"], user=self.user)
        return f"取り込みました（新規{counts[NEW]}件、変更{counts[CHANGED]}件）。"

    def overtaken_by(self, upload: Upload, refusal: Overtaken) -> HttpResponse:
        advice = "何も保存していません。一覧を書き出し直してから、もう一度取り込んでください。"
        return self.ask(ProductFileForm(), status=CONFLICT, upload_problem=f"{refusal.message}{advice}")

    def get_success_url(self) -> str:
        return reverse("consultations:products")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, "取込み")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"most": MOST} | kwargs))
