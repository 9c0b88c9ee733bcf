"""Figures as workbooks and CSV: the same rows, scope and filter as the page they belong to."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import View

from dxportal.core.intake.export import Sheet, csv_response, workbook_response
from dxportal.core.ui.tags.text import datetime_ja
from dxportal.portal.definitions import BY_SLUG
from dxportal.portal.domain import lens
from dxportal.portal.domain.figures import exact
from dxportal.portal.domain.filters import BoardFilter
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot
from dxportal.portal.views.common import audience_for, chosen_survey, find_row, surveys_for
from dxportal.portal.views.pages import board, question
from dxportal.portal.views.questions import SurveyPage

ENCODINGS = {"csv": "utf-8-sig", "csv-sjis": "cp932"}
Row = Sequence[Any]


def answer(request: HttpRequest, name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """An .xlsx with every sheet, or a CSV of the first."""
    wanted = request.GET.get("format", "xlsx")
    if wanted in ENCODINGS:
        return csv_response(name, sheets[0].header, sheets[0].rows, encoding=ENCODINGS[wanted])
    return workbook_response(name, sheets)


def notes(data: dict, row: Snapshot, *slugs: str) -> list[tuple[str, str]]:
    """Source, moment and definitions, for the sheet of notes."""
    found = [
        ("出典", f"{data['survey']['year_label']} {data['survey']['title']}"),
        ("集計の時点", datetime_ja(row.computed_at)),
    ]
    for slug in slugs:
        one = BY_SLUG[slug]
        found += [(f"{one.title}の計算", one.formula), (f"{one.title}の分母", one.denominator)]
    return found


class DashboardExport(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        survey = chosen_survey(request, surveys_for(request.user), audience)
        row = find_row(request, audience.kind(SnapshotKind.BOARD), survey.pk) if survey else None
        if row is None:
            raise Http404
        page = board.page(row.data, BoardFilter.read(request.GET), audience, timezone.localdate())
        if page["suppressed"]:
            raise Http404
        return answer(request, f"県ダッシュボード_{survey.title}", board_sheets(page, row))


def board_sheets(page: dict, row: Snapshot) -> list[Sheet]:
    data, hidden = page["data"], page["hidden"]
    sections = [f"{one['title']}（{one['worth']}点）" for one in data["sections"]]
    place = () if hidden else ("団体コード", "振興局", "人口")
    header = ("団体", *place, "支援分類", "前回の支援分類", f"総合点（{data['maximum']}点）", *sections, "支援優先度")
    rows = [town_row(town, data, hidden) for town in page.get("heat") or page["rows"]]
    tiers = [(one["tier"], one["name"], one["count"], one["last"]) for one in page["figures"].tiers]
    return [
        Sheet("市町村別", header, rows, notes(data, row, "total-score", "section-score", "tier")),
        Sheet("支援分類", ("段階", "分類", "今回", "前回"), tiers),
        Sheet("まとめ", ("内容",), [(sentence,) for sentence in page["summary"]]),
    ]


def town_row(town: dict, data: dict, hidden: bool) -> Row:
    names = {one["tier"]: one["name"] for one in data["tiers"]}
    place = () if hidden else (town["code"], town["bureau"], town["population"])
    cells = [score(cell) for cell in town["cells"] or [None] * len(data["sections"])]
    tiers = (names.get(town["tier"]), names.get(town["tier_last"]))
    return (town["name"], *place, *tiers, score(town["total"]), *cells, town["priority"])


def score(cell: Sequence | None) -> float | None:
    """Rounded as on the page."""
    return float(cell[2].replace(",", "")) if cell and exact(cell) is not None else None


class QuestionExport(SurveyPage):
    def get(self, request: HttpRequest, survey: int, code: str) -> HttpResponse:
        audience, _, found = self.find(request, survey)
        row = find_row(request, audience.kind(SnapshotKind.QUESTION), f"{survey}:{code}")
        if row is None:
            raise Http404
        page = question.page(row.data, audience, request.GET.get("names") == "hidden")
        return answer(request, f"問{code}_{found.title}", question_sheets(page, row))


def question_sheets(page: dict, row: Snapshot) -> list[Sheet]:
    data = page["data"]
    about = [("設問", data["wording"]), *notes(data, row, page["definition"])]
    about += [(label, page["counts"][key]) for key, label in COUNTS]
    sheets = [Sheet("集計", *distribution(page), about)]
    if named := named_rows(page):
        sheets.append(Sheet("団体別", ("団体", "回答"), named))
    return sheets


COUNTS = (("asked", "対象 n"), ("answered", "回答 n"), ("unanswered", "未回答"), ("hidden", "対象外"))


def distribution(page: dict) -> tuple[Row, list[Row]]:
    if page["rows"]:
        header = ("行", *page["row_labels"], "未回答")
        return header, [
            (row["label"], *(one["count"] for one in row["options"]), row["unanswered_count"]) for row in page["rows"]
        ]
    if page["data"]["numbers"]:
        return ("階級", "団体数"), [
            (one["label"], question.SUPPRESSED if one["count"] is None else one["count"])
            for one in page["data"]["numbers"]["bins"]
        ]
    if page["options"]:
        header = ("選択肢", "団体数", "構成比（回答 n に占める割合）", "前回の団体数")
        return header, [(one["label"], one["count"], one["share"], one["previous"]) for one in page["options"]]
    return ("回答", "団体数"), [("記述", page["counts"]["answered"])]


def named_rows(page: dict) -> list[Row]:
    """Who gave which answer, for those who may see it."""
    rows = [(town["name"], one["label"]) for one in page["options"] for town in one["names"]["known"]]
    rows += [
        (town["name"], f"{row['label']}：{one['label']}")
        for row in page["rows"]
        for one in row["options"]
        for town in one["names"]["known"]
    ]
    return rows + [(town["name"], text) for town, text in [*page["values"], *page["texts"]] if town["name"]]


class MatrixExport(SurveyPage):
    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, _, found = self.find(request, survey)
        row = find_row(request, audience.kind(SnapshotKind.MATRIX), survey)
        if row is None:
            raise Http404
        data = lens.matrix(row.data, audience)
        header = ("団体コード", "団体", *(f"問{one['code']} {one['short']}" for one in data["columns"]))
        rows = [(town["code"], town["name"], *map(cell_text, town["cells"])) for town in data["towns"]]
        return answer(request, f"比較表_{found.title}", [Sheet("比較表", header, rows, notes(data, row))])


def cell_text(cell: Sequence) -> str:
    state, lines, detail = cell
    return "\n".join(part for part in (state or "、".join(lines), detail) if part)
