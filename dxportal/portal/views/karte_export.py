"""A karte as a workbook or CSV: the rows that its pages show, read from the same snapshots."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import View

from dxportal.core.intake.export import Sheet
from dxportal.core.ui.tags.blocks import TIER_LETTERS
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot
from dxportal.portal.views.common import audience_for, find_row
from dxportal.portal.views.exports import Row, answer, notes, score
from dxportal.portal.views.karte import chosen_entry
from dxportal.portal.views.pages import cases
from dxportal.portal.views.pages import karte as pages

Data = dict[str, Any]
DIRECTIONS = {1: "前進", -1: "後退"}
SLUGS = ("total-score", "section-score", "tier", "peers", "strengths")


class KarteExport(View):
    """All sheets as .xlsx; as CSV the one that ``sheet`` names, by the tab it belongs to."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audience = audience_for(request)
        row = find_row(request, audience.kind(SnapshotKind.KARTE), pk)
        said = find_row(request, audience.kind(SnapshotKind.ANSWERS), pk)
        if row is None or said is None:
            raise Http404
        entry = chosen_entry(row.data["entries"], request.GET.get("survey", ""))
        if entry is None:
            raise Http404
        found = sheets(row, said, entry, cases.sheet_rows(request.user, row))
        wanted = found.get(request.GET.get("sheet", ""), found["overview"])
        rest = [one for one in found.values() if one is not wanted]
        # A CSV is the first sheet; a workbook keeps the order of the tabs.
        ordered = [wanted, *rest] if request.GET.get("format", "xlsx") != "xlsx" else list(found.values())
        return answer(request, f"カルテ_{row.data['town']['name']}_{entry['survey']['title']}", ordered)


def sheets(row: Snapshot, said: Snapshot, entry: Data, case_rows: list[Row]) -> dict[str, Sheet]:
    """By the name that asks for them."""
    survey = entry["survey"]["id"]
    answers = next((one for one in said.data["entries"] if one["survey"]["id"] == survey), None)
    return {
        "overview": Sheet("概要", OVERVIEW, overview_rows(entry)),
        "history": history_sheet(row.data["entries"]),
        "changes": Sheet("変化", CHANGES, change_rows(entry)),
        "areas": Sheet("強みと課題", AREAS, area_rows(entry)),
        "answers": Sheet("回答一覧", ANSWERS, answer_rows(answers) if answers else []),
        "cases": Sheet("事例", cases.COLUMNS, case_rows),
        "notes": Sheet("説明", ("項目", "内容"), about(row, entry)),
    }


OVERVIEW = ("区分", "得点", "満点", "県平均", "同規模団体の平均", "前年度との差")


def overview_rows(entry: Data) -> list[Row]:
    """The total, then the sections; nothing where scores aren't there to be seen."""
    scores = entry["scores"]
    if not scores or not scores["total"]:
        return []
    means = (score(scores["mean"]), score(scores["peer_mean"]))
    total = ("総合点", score(scores["total"]), scores["maximum"], *means, number(scores["change"]))
    return [total, *map(section_row, scores["sections"])]


def section_row(one: Data) -> Row:
    values = (score(one["own"]), one["worth"], score(one["mean"]), score(one["peer"]))
    return (one["title"], *values, number(one["change"]))


def history_sheet(entries: Sequence[Data]) -> Sheet:
    """Newest first; a section that a survey did not have stays empty."""
    rows = pages.past(entries)
    codes = pages.labels([one for one in reversed(rows) if one["scores"]["total"]])
    header = (
        "調査",
        "年度",
        "回",
        "総合点",
        "満点",
        "支援分類",
        "分類の段階",
        "県平均",
        *(label for _, label in codes),
    )
    return Sheet("経年", header, [history_row(one, codes) for one in rows])


def history_row(one: Data, codes: Sequence[tuple[str, str]]) -> Row:
    survey, scores = one["survey"], one["scores"]
    own = {section["code"]: score(section["own"]) for section in scores.get("sections", [])}
    return (
        survey["title"],
        survey["year"],
        survey["round"],
        score(scores["total"]),
        scores.get("maximum"),
        tier_text(scores),
        scores["step"] if scores["tier"] else "",
        score(scores.get("mean")),
        *(own.get(code) for code, _ in codes),
    )


def tier_text(scores: Data) -> str:
    return f"{TIER_LETTERS[scores['tier']]} {scores['tier_name']}" if scores["tier"] else ""


CHANGES = ("設問番号", "設問", "前回の回答", "今回の回答", "向き")


def change_rows(entry: Data) -> list[Row]:
    return [
        (
            one["code"],
            one["short"],
            "、".join(one["before"]) or "未回答",
            "、".join(one["after"]) or "未回答",
            DIRECTIONS.get(one["direction"], ""),
        )
        for one in entry["changes"]
    ]


AREAS = ("分野", "強み・課題", "達成率（%）", "県平均（%）", "差（ポイント）", "設問（得点／満点）")


def area_rows(entry: Data) -> list[Row]:
    """Every area of the page 領域別, the strengths and gaps of the overview marked."""
    scores = entry["scores"] or {}
    marks = dict.fromkeys(scores.get("strengths", []), "強み") | dict.fromkeys(scores.get("gaps", []), "課題")
    return [
        (
            one["area"],
            marks.get(one["area"], ""),
            *(number(one[key]) for key in ("own", "mean", "difference")),
            "、".join(
                f"問{code} {short}（{earned}／{possible}）" for code, short, earned, possible in one["questions"]
            ),
        )
        for one in scores.get("areas", [])
    ]


ANSWERS = ("区分", "設問番号", "設問", "回答", "前回の回答", "得点", "満点")


def answer_rows(entry: Data) -> list[Row]:
    return [
        (
            section["title"],
            one["code"],
            one["short"],
            one["state"] or "、".join(one["lines"]),
            "、".join(one["before"]),
            *(map(int, one["points"].split("／")) if one["points"] else (None, None)),
        )
        for section in entry["sections"]
        for one in section["questions"]
    ]


def number(text: str) -> float | None:
    """What a page shows as 「+15.0」, 「−3ポイント」, 「±0」 or 「85%」, as a number."""
    plain = text.removesuffix("%").removesuffix("ポイント").lstrip("+±").replace("−", "-").replace(",", "")
    return float(plain) if plain else None


def about(row: Snapshot, entry: Data) -> list[tuple[str, Any]]:
    """Whose karte, of which survey, against whom, as of when, and what the figures mean."""
    town, scores = row.data["town"], entry["scores"] or {}
    told = [
        ("団体", town["name"]),
        ("団体コード", town["code"]),
        ("人口", town["population"]),
        ("支援分類", f"{tier_text(scores)}（{scores['step']}）" if scores.get("tier") else ""),
        ("支援優先度", scores.get("priority", "")),
        ("県平均の団体数", scores.get("count")),
        ("同規模団体", scores["peers"]["label"] if scores else ""),
        ("前回の回答", entry["compared"]),
        ("設問の出典", entry["survey"]["source_note"]),
    ]
    return [pair for pair in told if pair[1] not in ("", None)] + notes(entry, row, *SLUGS)
