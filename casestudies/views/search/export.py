"""The result list as a file: every page of the search, in its order."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from casestudies.domain.reading.detail import source_label, step_label
from casestudies.enums import FigureKind
from casestudies.models import Case
from casestudies.views.search.common import Asked, ask
from casestudies.views.search.facets import tags
from casestudies.views.search.results import main_places
from dxportal.core.intake.export import Sheet, csv_response, workbook_response

MOST = 5000
HEADER = (
    "順位", "事例番号", "題名", "団体", "都道府県", "団体の区分", "人口（人）", "人口の時点", "年度", "ステップ", "取組の区分",
    "分野", "タグ", "要約", "課題", "取組の内容", "成果", "費用", "出典", "アドレス",
)  # fmt: skip


class SearchExport(View):
    """``?format=xlsx|csv|csv-sjis`` with the page's own parameters."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = ask(request)
        hits = asked.found.page(0, MOST)
        rows = table(request, fetch(request.user, [hit.pk for hit in hits]))
        name = f"事例一覧_{timezone.localtime():%Y%m%d}"
        wanted = request.GET.get("format", "xlsx")
        if wanted in ("csv", "csv-sjis"):
            return csv_response(name, HEADER, rows, "cp932" if wanted == "csv-sjis" else "utf-8-sig")
        return workbook_response(name, [Sheet("事例", HEADER, rows, notes(asked))])


def fetch(user, pks: Sequence[int]) -> list[Case]:
    rows = Case.objects.published_for(user).filter(pk__in=pks).select_related("field", "document")
    found = {case.pk: case for case in rows.prefetch_related("places", "areas", "figures")}
    return [found[pk] for pk in pks if pk in found]


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
    costs = [one for one in case.figures.all() if one.kind == FigureKind.COST]
    words = [f"{one.meaning}：{one.printed or f'{one.value:,.0f}{one.unit}'}" for one in costs]
    return "、".join([*words, *([case.cost_text] if case.cost_text else [])])


def notes(asked: Asked) -> list[tuple[str, str]]:
    said = [
        ("検索のことば", asked.query.text or "（なし）"),
        ("条件", "、".join(f"{tag.kind}：{tag.label}" if tag.kind else tag.label for tag in tags(asked)) or "（なし）"),
        ("件数", f"{asked.count}件"),
        ("人口", "団体が複数あるときは最初の団体の人口"),
        ("作成日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
    ]
    return [*said, ("書き出した件数", f"先頭の{MOST}件まで")] if asked.count > MOST else said
