"""Statistics of the sessions of a year, as of a day: on the page and as a file."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils import timezone

from consultations.domain.statistics.content import CountTable, Coverage, YearToDay
from consultations.domain.statistics.counts import held_in, tables
from consultations.domain.statistics.coverage import coverage, towns_in
from consultations.domain.statistics.regions import regional_table
from consultations.forms.statistics import StatisticsAddress
from consultations.models import Session
from consultations.views.actions.base import ROOM
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.japanese import western
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs

HEADING = "統計"
OLDEST = 10  # so many years back from this one may be chosen


class StatisticsPage(ListPage):
    """What the person reaches: a town its own sessions, a bureau its area, the prefecture all."""

    model = Session
    scope = "for_user"
    address_class = StatisticsAddress
    per_page = None
    heading = "よろず相談の統計"
    template_name = "consultations/statistics/page.html"

    def get_address_kwargs(self) -> dict[str, Any]:
        this = fiscal_year_of(timezone.localdate())
        return {"years": range(this, this - OLDEST - 1, -1)}

    @cached_property
    def frame(self) -> YearToDay:
        """The year and day of the address, else the year of the last session that took place, as of today."""
        today = timezone.localdate()
        year = int(self.filters.year) if self.filters.year else self.latest_year(today)
        first, last = bounds(year)
        return YearToDay(year, first, min(max(self.filters.day or today, first), last))

    def latest_year(self, today: dt.date) -> int:
        rows = held_in(YearToDay(0, dt.date(2000, 4, 1), today), self.user)
        at = rows.order_by("-occasion__starts_at").values_list("occasion__starts_at", flat=True).first()
        return max(fiscal_year_of(timezone.localdate(at)) if at else 0, fiscal_year_of(today) - OLDEST)

    @cached_property
    def towns(self) -> list[Organization]:
        return towns_in(self.frame, self.user)

    @cached_property
    def tables(self) -> list[CountTable]:
        return tables(self.frame, self.user, self.towns)

    @cached_property
    def coverage(self) -> Coverage:
        return coverage(self.frame, self.user, self.towns)

    @cached_property
    def regions(self) -> CountTable:
        return regional_table(self.frame, self.user)

    @property
    def number(self) -> int:
        (kinds,) = (table for table in self.tables if table.key == "kind")
        return sum(row[1] for row in kinds.rows)

    def all_rows(self) -> list[CountTable]:
        return self.tables

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, HEADING)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "frame": self.frame,
            "number": self.number,
            "coverage": self.coverage,
            "covered": sum(row.held > 0 for row in self.coverage.rows),
            "regions": self.regions,
        }
        return super().get_context_data(**(context | kwargs))

    # --- the file

    def file_name(self) -> str:
        return f"よろず相談の統計_{self.frame.year}年度_{self.frame.day:%Y%m%d}時点"

    def sheets(self, rows: Sequence[CountTable]) -> list[Sheet]:
        notes = [
            ("年度", f"{self.frame.year}年度"),
            ("時点", f"{western(self.frame.day)}（この日まで。この日を含む）"),
            ("数えた相談", f"実施した相談 {self.number}回"),
            ("団体", f"{len(self.coverage.rows)}団体。年度の中でなくなった団体も、そのときの名前で含む"),
        ]
        counted = [
            Sheet(table.title, table.header, table.rows, [("数え方", table.note)]) for table in rows if table.note
        ]
        plain = [Sheet(table.title, table.header, table.rows) for table in rows if not table.note]
        region = Sheet(self.regions.title, self.regions.header, self.regions.rows, [("数え方", self.regions.note)])
        return [Sheet("団体と月", *cover_cells(self.coverage), notes), *plain, *counted, region]


def cover_cells(shown: Coverage) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    header = ("団体", "振興局", "実施（回）", *(f"{month.year}年{month.month}月" for month in shown.months))
    rows: list[tuple[Any, ...]] = [
        (row.name, row.bureau, row.held, *(cell.words for cell in row.cells)) for row in shown.rows
    ]
    rows.append(("実施した団体／対象の団体", "", "", *(f"{foot.covered}／{foot.wanted}" for foot in shown.feet)))
    return header, rows
