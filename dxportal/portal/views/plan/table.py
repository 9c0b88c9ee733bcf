"""計画と実績: every row of the contract as of a day, on the page and as a file."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs
from dxportal.portal.domain.plan.content import RowFigures
from dxportal.portal.domain.plan.reading import PlanTable, plan_table
from dxportal.portal.enums import OF_MEETINGS, PlanState
from dxportal.portal.forms.plan import PlanAddress
from dxportal.portal.models import PlanItem
from dxportal.portal.views.plan.base import PLAN, day_in, years_of

HEADER = (
    "区分", "項目", "数え方", "当初の目標値", "目標値", "実績値", "単位", "進捗率（％）", "期日までの予定",
    "希望しない月を除いた予定", "期日（済／全体）", "次の期日", "状態", "備考",
)  # fmt: skip
TONES = {
    PlanState.REACHED: "green", PlanState.ON_PLAN: "blue", PlanState.BEHIND: "orange", PlanState.NOT_DUE: "gray",
}  # fmt: skip


class PlanPage(ListPage):
    model = PlanItem
    scope = "for_user"
    address_class = PlanAddress
    per_page = None
    heading = PLAN
    template_name = "portal/plan/table.html"

    def enter(self) -> None:
        """Whoever belongs to the prefecture: nobody in bureaus and towns has a plan to read."""
        super().enter()
        if self.user.acting.organization.kind != OrganizationKind.PREFECTURE:
            raise PermissionDenied
        self.years = years_of(self.user)

    def get_address_kwargs(self) -> dict[str, Any]:
        return {"years": self.years}

    @cached_property
    def year(self) -> int:
        """The year of the address; else the latest that has a plan."""
        return int(self.filters.year) if self.filters.year else self.years[0]

    def filtered(self, rows: Any) -> Any:
        return rows.filter(fiscal_year=self.year)

    def ordered(self, rows: Any) -> Any:
        return rows.order_by("order", "pk")

    @cached_property
    def table(self) -> PlanTable:
        day = day_in(self.year, self.filters.day, timezone.localdate())
        return plan_table(self.ordered(self.filtered(self.all_rows())), self.year, day)

    def crumbs(self) -> Crumbs:
        return crumbs(PLAN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "table": self.table,
            "figures": [(row, TONES[row.state]) for row in self.table.rows],
            "year": self.year,
            "may_edit": self.user.role in PREFECTURE_ROLES,
            "may_count": self.user.role in OFFICE_ROLES,
            "adjusted": any(row.adjusted is not None for row in self.table.rows),
            "of_meetings": OF_MEETINGS,
            "states": [(state, sum(row.state == state for row in self.table.rows)) for state in PlanState],
        }
        return super().get_context_data(**(context | kwargs))

    # --- the file

    def file_name(self) -> str:
        return f"{PLAN}_{self.year}年度_{self.table.day:%Y%m%d}時点"

    def sheets(self, rows: Any) -> list[Sheet]:
        notes = [
            ("時点", f"{self.table.day:%Y-%m-%d}（この日まで。この日を含む）"),
            ("進捗率", "実績値÷目標値。小数第1位を四捨五入"),
            ("期日までの予定", "計画の日程で、この日までに期日が来た数の合計。期日が来ていない項目は遅れではない"),
        ]
        return [Sheet(PLAN, HEADER, [_cells(row) for row in self.table.rows], notes)]


def _cells(row: RowFigures) -> tuple[Any, ...]:
    passed, days = row.due_days
    return (
        row.row.section, row.row.item, row.row.measure.label, row.baseline, row.row.target, row.actual, row.row.unit,
        row.percent, row.expected, row.adjusted, f"{passed}／{days}" if days else "", row.next_due, row.state.label,
        row.row.note,
    )  # fmt: skip
