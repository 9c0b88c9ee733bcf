"""Supporters from a file."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse

from dxportal.core.intake.book import CellError
from dxportal.core.intake.export import Sheet
from dxportal.core.people.domain.additions import add
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.forms.imports import SupporterFileForm
from dxportal.core.people.intake.supporters import HEADER, MOST, TITLE, UPLOAD_KIND
from dxportal.core.people.models import Capacity
from dxportal.core.people.views.supporters import LIST
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import UploadPage


class SupporterTemplate(ListPage):
    """The sheet, empty."""

    roles = OFFICE_ROLES
    file_only = True
    heading = "支援者の様式"

    def all_rows(self) -> tuple:
        return ()

    def sheets(self, rows: tuple) -> Sequence[Sheet]:
        return [Sheet(TITLE, HEADER, (), (("行", "1行に1人の1役割。国の制度は「、」で区切る。終了日は空欄でもよい"),))]


class SupporterImport(UploadPage):
    roles = OFFICE_ROLES
    template_name = "people/supporters/import.html"
    heading = "支援者の取込み"
    form_class = SupporterFileForm
    upload_kind = UPLOAD_KIND

    def show(self, form: Any, upload: Upload, confirmation: ConfirmForm | None = None) -> HttpResponseBase:
        read = upload.read
        if problems := read.get("problems"):
            return self.ask(form, errors=[CellError(**problem) for problem in problems], notes=read["notes"])
        names = dict(Capacity.objects.for_user(self.user).values_list("pk", "name"))
        entries = [(row["person"], row["post"], names.get((row["post"] or {}).get("capacity"))) for row in read["rows"]]
        confirmation = (confirmation or self.confirmation(upload)) if entries else None
        values = {"read": True, "entries": entries, "same": read["same"], "notes": read["notes"]}
        return self.ask(form, confirmation=confirmation, **values)

    def write(self, read: dict[str, Any], confirmation: ConfirmForm) -> str:
        people, posts = add(read["rows"], user=self.user)
        return f"取り込みました（支援者{people}人、役割{posts}件）。"

    def get_success_url(self) -> str:
        return reverse("people:supporters")

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, "取込み")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"most": MOST} | kwargs))
