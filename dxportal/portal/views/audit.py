"""監査: the search over everything that the prefecture's people changed, for its admins."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.enums import Role
from dxportal.core.history.trail import HistoryEntry
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.ui.pages import ForRoles, crumbs
from dxportal.portal.domain import audit
from dxportal.portal.forms.audit import AuditForm

PER_PAGE = 50
HEADER = ("日時", "変更した人", "代行", "団体", "種類", "対象", "操作", "項目", "変更前", "変更後")


class Audit(ForRoles, TemplateView):
    roles = frozenset({Role.PREFECTURE_ADMIN})
    template_name = "portal/audit/search.html"

    def get(self, request, *args, **kwargs):
        self.form = AuditForm(request.GET, user=request.user)
        if request.GET.get("format") == "xlsx" and self.form.is_valid():
            return self.workbook()
        return super().get(request, *args, **kwargs)

    def events(self):
        return audit.search(self.request.user.acting.organization_id, self.form.wanted())

    def get_context_data(self, **kwargs):
        page = None
        if self.form.is_valid():
            page = Paginator(self.events(), PER_PAGE).get_page(self.request.GET.get("page"))
        query = self.request.GET.copy()
        query.pop("page", None)
        context = {"form": self.form, "page": page, "ceiling": audit.CEILING, "query": query.urlencode()}
        return super().get_context_data(**kwargs) | context | {"crumbs": crumbs("変更の記録")}

    def workbook(self):
        entries = self.events()[0 : audit.CEILING]
        notes = [("時点", f"{timezone.localtime():%Y-%m-%d %H:%M}"), ("件数", f"{len(entries)}件の変更（1行は1項目）")]
        if len(entries) == audit.CEILING:
            notes.append(("注意", f"新しい{audit.CEILING:,}件だけです。期間などの条件を絞ってください。"))
        rows = [row for entry in entries for row in _rows(entry)]
        return workbook_response(
            f"変更の記録_{timezone.localtime():%Y%m%d}", [Sheet("変更の記録", HEADER, rows, notes)]
        )


def _rows(entry: HistoryEntry):
    """One row a changed field, so that a cell holds one datum."""
    on_behalf = "県による代行" if entry.on_behalf else ""
    fixed = (entry.at, entry.who, on_behalf, entry.place, entry.kind, entry.subject, entry.act)
    for change in entry.changes:
        yield (*fixed, change.label, "" if entry.created else change.old, change.new)
    if not entry.changes:
        yield (*fixed, "", "", "")
