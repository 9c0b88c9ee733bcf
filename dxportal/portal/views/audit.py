"""監査: the search over everything that the prefecture's people changed, for its admins."""

from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.history.trail import HistoryEntry
from dxportal.core.intake.export import Sheet
from dxportal.core.ui.pages import ListPage, crumbs
from dxportal.portal.domain import audit
from dxportal.portal.forms.audit import AuditSearch

HEADER = ("日時", "変更した人", "代行", "団体", "種類", "対象", "操作", "項目", "変更前", "変更後")


class Audit(ListPage):
    """The events of what the admin may open; none are looked for while a day or the words of the search can't be read."""

    roles = frozenset({Role.PREFECTURE_ADMIN})
    template_name = "portal/audit/search.html"
    heading = "変更の記録"
    address_class = AuditSearch

    def get_address_kwargs(self):
        return {"user": self.user}

    def all_rows(self):
        if self.address.errors:
            return []
        return audit.search(self.address.wanted(), user=self.user)

    @property
    def has_file(self):
        return not self.address.errors

    def get_context_data(self, **kwargs):
        values = super().get_context_data(**kwargs, ceiling=audit.CEILING)
        return values | {"page": None} if self.address.errors else values

    def crumbs(self):
        return crumbs(self.heading)

    def file_name(self):
        return f"{self.heading}_{timezone.localtime():%Y%m%d}"

    def sheets(self, rows):
        entries = rows[0 : audit.CEILING]
        notes = [("時点", f"{timezone.localtime():%Y-%m-%d %H:%M}"), ("件数", f"{len(entries)}件の変更（1行は1項目）")]
        if len(entries) == audit.CEILING:
            notes.append(("注意", f"新しい{audit.CEILING:,}件だけです。期間などの条件を絞ってください。"))
        return [Sheet(self.heading, HEADER, [row for entry in entries for row in _rows(entry)], notes)]


def _rows(entry: HistoryEntry):
    """One row a changed field, so that a cell holds one datum."""
    on_behalf = "県による代行" if entry.on_behalf else ""
    fixed = (entry.at, entry.who, on_behalf, entry.place, entry.kind, entry.subject, entry.act)
    for change in entry.changes:
        yield (*fixed, change.label, "" if entry.created else change.old, change.new)
    if not entry.changes:
        yield (*fixed, "", "", "")
