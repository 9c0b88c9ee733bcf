"""Past sessions and actions from a workbook, and a year of them as one in the same columns."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from consultations.domain.register.apply import apply
from consultations.enums import SUPPORTING_ROLES
from consultations.forms.register import PastSessionFileForm, RegisterAddress
from consultations.intake.register.reading import MOST
from consultations.intake.register.sheets import ACTIONS, HEADERS, NOTES, SESSIONS, action_cells, session_cells
from consultations.models import Action, Session
from consultations.views.actions.base import ROOM
from dxportal.core.intake.book import CellError
from dxportal.core.intake.export import Sheet
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.uploads.pages import UploadPage

SHOWN = 300  # rows of a preview; all of them are counted


class PastSessionExport(ListPage):
    """The year's sessions in reach, and the actions from them or due in it."""

    model = Session
    scope = "for_user"
    file_only = True
    address_class = RegisterAddress

    @property
    def year(self) -> int:
        year = self.filters.year
        return year if year and 1900 < year < 2200 else fiscal_year_of(timezone.localdate())

    def filtered(self, rows: Any) -> Any:
        in_year = Occasion.objects.for_user(self.user).between(*bounds(self.year))
        rows = rows.filter(occasion__in=in_year).select_related("kind", "occasion")
        bodies = ("occasion__bodies__organization", "occasion__bodies__group")
        return rows.prefetch_related(*bodies).order_by("occasion__starts_at", "pk")

    def file_name(self) -> str:
        return f"よろず相談_{self.year}年度"

    def sheets(self, rows: Any) -> Sequence[Sheet]:
        hers = Q(session__in=rows.order_by().values("pk")) | Q(session=None, due_day__range=bounds(self.year))
        actions = Action.objects.for_user(self.user).filter(hers).select_related("organization", "area")
        return [
            Sheet(SESSIONS, HEADERS[SESSIONS], [session_cells(row) for row in rows], NOTES[SESSIONS]),
            Sheet(ACTIONS, HEADERS[ACTIONS], [action_cells(row) for row in actions.order_by("due_day", "pk")]),
        ]


class PastSessionTemplate(ListPage):
    """The same sheets, empty."""

    roles = SUPPORTING_ROLES
    file_only = True
    heading = "よろず相談の様式"

    def all_rows(self) -> tuple:
        return ()

    def sheets(self, rows: tuple) -> Sequence[Sheet]:
        return [Sheet(title, header, (), NOTES[title]) for title, header in HEADERS.items()]


class PastSessionImport(UploadPage):
    """First the file, then what it would make, then the making: all of it or nothing."""

    roles = SUPPORTING_ROLES
    template_name = "consultations/register/import.html"
    heading = "過去の相談の取込み"
    form_class = PastSessionFileForm
    upload_kind = "consultations.register"

    def show(
        self, form: PastSessionFileForm, upload: Upload, confirmation: ConfirmForm | None = None
    ) -> HttpResponseBase:
        read = upload.read
        if problems := read.get("problems"):
            return self.ask(form, errors=[CellError(**problem) for problem in problems], notes=read["notes"])
        new = bool(read["sessions"] or read["actions"])
        values = {name: read[name][:SHOWN] for name in ("sessions", "actions")}
        counts = {"new_sessions": len(read["sessions"]), "new_actions": len(read["actions"]), "same": read["same"]}
        confirmation = (confirmation or self.confirmation(upload)) if new else None
        return self.ask(form, read=True, confirmation=confirmation, notes=read["notes"], **values, **counts)

    def write(self, read: dict[str, Any], confirmation: ConfirmForm) -> str:
        sessions, actions = apply(read["sessions"], read["actions"], user=self.user)
        return f"取り込みました（相談{sessions}件、アクション{actions}件）。"

    def get_success_url(self) -> str:
        return reverse("consultations:sessions")

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"most": MOST} | kwargs))
