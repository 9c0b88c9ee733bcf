"""The recheck of answers in a session: beside the town's sheet, and how far the towns of the prefecture are."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from assessments.models import Response
from consultations.domain.materials.parts import SessionPart
from consultations.enums import SUPPORTING_ROLES
from consultations.models import Session
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import CALLED_OFF
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.ui.forms import number_sent
from dxportal.core.ui.pages import ActPage, Crumbs, ForRoles, ScopedObject, crumbs
from dxportal.portal.domain import recheck
from dxportal.portal.domain.recheck import RecheckWish
from dxportal.portal.enums import RecheckFocus
from dxportal.portal.forms.recheck import RecheckForm, YearAddress
from dxportal.portal.models import Recheck

TITLE = "回答の見直しの確認"
SESSIONS = ("よろず相談", "consultations:sessions")


class RecheckRecord(ScopedObject, ActPage):
    """The sheet opens in a window of its own, so that both stand beside each other."""

    model = Session
    scope = "editable_by"
    name = "session"
    related = ("occasion", "kind")
    roles = SUPPORTING_ROLES
    form_class = RecheckForm
    template_name = "portal/recheck/record.html"
    heading = TITLE
    button = "記録する"

    @cached_property
    def sheets(self) -> dict[int, Response]:
        return recheck.sheets_of(self.session, self.user)

    def not_now(self) -> str:
        if not self.sheets:
            return recheck.NO_SHEET
        early = self.session.occasion.day > timezone.localdate() or self.session.occasion.state in CALLED_OFF
        return recheck.SOON if early else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": [(str(pk), sheet.organization.name) for pk, sheet in self.sheets.items()]}

    def get_initial(self) -> dict[str, Any]:
        wanted = number_sent(self.request.GET.get("organization", ""))
        town = wanted if wanted in self.sheets else next(iter(self.sheets), None)
        named = self.request.GET.get("focus", "")
        focus = named if named in RecheckFocus else recheck.due_focus(self.session.occasion.day)
        if town is None:
            return {"focus": focus}
        entry = self.entry_of(town, focus)
        if entry is not None:
            return {"organization": str(town), "focus": focus, "changed": entry.changed, "note": entry.note,
                    "revision": entry.revision}  # fmt: skip
        number = recheck.changed_since(self.sheets[town], self.session.occasion.starts_at)
        return {"organization": str(town), "focus": focus, "changed": number, "revision": 0}

    def entry_of(self, town: int, focus: str | None) -> Recheck | None:
        return self.session.rechecks.filter(organization=town, focus=focus or "").first()

    def act(self, form: RecheckForm) -> str:
        cleaned = form.cleaned_data
        wish = RecheckWish(
            int(cleaned["organization"]),
            cleaned["focus"],
            cleaned["changed"],
            cleaned["note"],
            cleaned["revision"] or 0,
        )
        entry = recheck.record(self.session.pk, wish, user=self.user)
        return f"{self.sheets[entry.organization_id].organization.name}の{TITLE}を記録しました（{entry.changed}問を変更）。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])

    def crumbs(self) -> Crumbs:
        return crumbs(SESSIONS, (self.session.occasion.title, "consultations:session", self.session.pk), TITLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        focus = recheck.due_focus(self.session.occasion.day)
        context = {
            "sheets": with_sections(self.sheets, focus),
            "entries": self.session.rechecks.select_related("organization"),
        }
        return super().get_context_data(**(context | kwargs))


class RecheckProgress(ForRoles, TemplateView):
    """n of m towns: of the prefecture, a bureau's area, a consultant's charges."""

    template_name = "portal/recheck/progress.html"
    roles = SUPPORTING_ROLES | {Role.BUREAU_STAFF, Role.VIEWER}

    def enter(self) -> None:
        super().enter()
        if self.user.acting.organization.is_municipality:
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        this_year = fiscal_year_of(timezone.localdate())
        address = YearAddress(self.request.GET, this_year=this_year)
        year = address.values.year or this_year
        rows = recheck.progress(self.user, year)
        focuses = list(RecheckFocus)
        context = {
            "form": address,
            "year": year,
            "counts": recheck.counts(rows),
            "focuses": focuses,
            "rows": [(row.town, [row.entries.get(focus) for focus in focuses]) for row in rows],
            "crumbs": crumbs(SESSIONS, TITLE),
        }
        return super().get_context_data(**(context | kwargs))


def with_sections(sheets: dict[int, Response], focus: str | None) -> list[tuple[Response, list[tuple[str, str]]]]:
    return [(sheet, recheck.sections_of(sheet, focus)) for sheet in sheets.values()]


def part_of(session: Session, user: User) -> SessionPart | None:
    """In the months in which answers are gone through again, and wherever that was recorded; the sheets for a click."""
    entries = list(Recheck.objects.for_user(user).filter(session=session).select_related("organization"))
    focus = recheck.due_focus(session.occasion.day)
    if session.occasion.state in CALLED_OFF or not (entries or focus):
        return None
    sheets = recheck.sheets_of(session, user)
    if not sheets:
        return None
    may_record = (
        user.role in SUPPORTING_ROLES
        and session.occasion.day <= timezone.localdate()
        and Session.objects.editable_by(user).filter(pk=session.pk).exists()
    )
    context = {"entries": entries, "focus": focus, "sheets": with_sections(sheets, focus), "may_record": may_record}
    return SessionPart(template="portal/recheck/_session.html", context=context)
