"""The board, the list, the list on paper and as a file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from consultations.domain.actions.lines import ActionLine, BoardColumn, board, count_overdue, lines, overdue_first
from consultations.models import Action
from consultations.views.actions.base import ROOM, TOP, ActionRows
from dxportal.core.intake.export import Sheet
from dxportal.core.ui.pages import Crumbs, crumbs

HEADER = (
    "期限", "期限超過", "状態", "団体", "振興局", "対応する側", "担当課", "内容", "詳しい内容", "分野", "結果・理由",
    "完了・取りやめの日時", "登録日時", "登録者",
)  # fmt: skip
DEFINITION = "期限の日を過ぎて未完了のもの（日本時間の日付で数え、期限の当日は含みません）"


class ActionBoard(ActionRows):
    """Columns by what comes next."""

    heading = "アクション"
    template_name = "consultations/actions/board.html"
    per_page = None

    def ordered(self, rows: QuerySet[Action]) -> list[BoardColumn]:
        return board(rows, self.today)

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)


class ActionList(ActionRows):
    """Overdue ones first, unless another order is asked for."""

    heading = "アクションの一覧"
    template_name = "consultations/actions/list.html"
    sorts = {
        "due": "due_day",
        "town": "organization__sort_order",
        "bearer": "bearer",
        "state": "state",
        "area": "area__sort_order",
    }

    def ordered(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        return super().ordered(rows) if self.filters.sort else overdue_first(rows, self.today)

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, self.heading)

    def file_name(self) -> str:
        return f"アクション_{self.today:%Y%m%d}"

    def sheets(self, rows: QuerySet[Action]) -> Sequence[Sheet]:
        notes = (("期限超過", DEFINITION), ("時点", f"{self.today:%Y-%m-%d}"))
        return [Sheet("アクション", HEADER, [cells(line) for line in lines(rows, self.today)], notes)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["rows"] = lines(kwargs["rows"], self.today)
        context = {"overdue_count": count_overdue(self.filtered(self.all_rows()), self.today)}
        return super().get_context_data(**(context | kwargs))


class ActionPaper(ActionList):
    """All of them on A4."""

    template_name = "consultations/actions/paper.html"
    per_page = None


def cells(line: ActionLine) -> tuple[Any, ...]:
    action = line.action
    return (
        action.due_day,
        line.words if line.overdue else "",
        action.get_state_display(),
        action.organization.marked,
        action.organization.parent.name,
        action.get_bearer_display(),
        action.section,
        action.title,
        action.detail,
        action.area.name if action.area else "",
        action.result,
        action.closed_at,
        action.created_at,
        action.created_by.name if action.created_by else "",
    )
