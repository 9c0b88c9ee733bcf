"""The result list as a file: every page of the search, in its order."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from casestudies.domain.reading.detail import source_label, step_label
from casestudies.domain.search.facets import FACETS
from casestudies.enums import FigureKind
from casestudies.models import Case
from casestudies.views.search.facets import tags
from casestudies.views.search.inquiry import Inquiry, inquire
from casestudies.views.search.results import in_order, main_places
from dxportal.core.intake.export import Sheet
from dxportal.core.ui.pages import ListPage

MOST = 5000


class SearchExport(ListPage):
    """``?format=xlsx|csv|csv-sjis`` with the page's own parameters."""

    file_only = True

    def all_rows(self) -> list[Case]:
        self.inquiry = inquire(self.request)
        hits = self.inquiry.result.page(0, MOST)
        return in_order(self.user, [hit.pk for hit in hits], "places", "areas", "figures")

    def sheets(self, rows: Sequence[Case]) -> list[Sheet]:
        return [Sheet("事例", header(), table(self.request, rows), notes(self.inquiry))]

    def file_name(self) -> str:
        return f"事例一覧_{timezone.localtime():%Y%m%d}"


def header() -> tuple[str, ...]:
    """Columns that are facets, too, are called as on the page."""
    heading = {facet.key: facet.heading for facet in FACETS}
    return (
        *("順位", "事例番号", "題名", "団体", heading["prefectures"], heading["kinds"], "人口（人）", "人口の時点"),
        *(heading["years"], heading["steps"], heading["fields"], heading["areas"], "タグ", "要約", "課題"),
        *("取組の内容", "成果", "費用", "出典", "アドレス"),
    )


def table(request: HttpRequest, cases: Sequence[Case]) -> Iterator[tuple[Any, ...]]:
    for rank, case in enumerate(cases, 1):
        places = main_places(case)
        first = places[0] if places else None
        yield (
            rank,
            case.source_id,
            case.title,
            "、".join(place.full_name for place in places),
            "、".join(dict.fromkeys(place.prefecture_name for place in places if place.prefecture_name)),
            "、".join(dict.fromkeys(place.get_kind_display() for place in places)),
            first.population if first else None,
            first.population_date if first else None,
            case.year,
            step_label(case),
            case.field.name if case.field else "",
            "、".join(area.name for area in case.areas.all()),
            "、".join(case.tags),
            case.summary,
            case.issue,
            case.actions,
            case.outcome,
            cost_of(case),
            source_label(case),
            request.build_absolute_uri(reverse("casestudies:detail", args=(case.source_id,))),
        )


def cost_of(case: Case) -> str:
    costs = [figure for figure in case.figures.all() if figure.kind == FigureKind.COST]
    words = [f"{cost.meaning}：{cost.printed or f'{cost.value:,.0f}{cost.unit}'}" for cost in costs]
    return "、".join([*words, *([case.cost_text] if case.cost_text else [])])


def notes(inquiry: Inquiry) -> list[tuple[str, str]]:
    conditions = [f"{tag.kind}：{tag.label}" if tag.kind else tag.label for tag in tags(inquiry)]
    lines = [
        ("検索のことば", inquiry.address.text or "（なし）"),
        ("条件", "、".join(conditions) or "（なし）"),
        ("件数", f"{inquiry.count}件"),
        ("人口", "団体が複数あるときは最初の団体の人口"),
        ("作成日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
    ]
    return [*lines, ("書き出した件数", f"先頭の{MOST}件まで")] if inquiry.count > MOST else lines
