"""Bookmarks and taken-up cases as sheets: one datum a cell; of a withdrawn case only what its owner wrote."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casestudies.domain.reading import detail
from casestudies.domain.reading.bookmarks import KeptCase
from casestudies.domain.reading.shelf import ShelfLabel
from casestudies.domain.reading.uptake import ListedUptake
from casestudies.models import Case
from dxportal.core.intake.export import Sheet

AddressOf = Callable[[str], str]  # path → full address
CASE_HEADER = (
    "事例番号", "題名", "団体", "都道府県", "人口（人）", "人口の時点", "ステップ", "ステップの根拠", "取組の区分", "要約",
    "数値", "費用", "費用の説明", "年度", "出典",
)  # fmt: skip
BOOKMARK_HEADER = (*CASE_HEADER, "メモ", "登録日時", "ページのアドレス")
FIGURE_HEADER = ("事例番号", "題名", "種類", "意味", "値", "単位", "資料の表記")
UPTAKE_HEADER = (
    "団体コード", "団体", "事例番号", "題名", "状態", "メモ", "登録日時", "更新日時", "更新した人", "ページのアドレス",
)  # fmt: skip
POPULATION_NOTE = ("人口", "団体が複数ある事例は、資料で先に挙がる団体の人口です。")


def bookmark_sheets(kept: Sequence[KeptCase], address_of: AddressOf) -> list[Sheet]:
    notes = (("作成日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"), POPULATION_NOTE)
    rows: list[list[Any]] = []
    figures: list[list[Any]] = []
    for line in kept:
        case = line.case
        cells = case_cells(case) if line.label.readable else withdrawn_cells(line.label)
        rows.append([*cells, line.bookmark.note, line.bookmark.created_at, page_address(line.label, address_of)])
        for figure in case.figures.all() if line.label.readable else ():
            row = [case.source_id, case.title, figure.get_kind_display(), figure.meaning, detail.trimmed(figure.value)]
            figures.append([*row, figure.unit, figure.printed])
    return [Sheet("ブックマーク", BOOKMARK_HEADER, rows, notes), Sheet("数値と費用", FIGURE_HEADER, figures)]


def case_cells(case: Case) -> list[Any]:
    """A case in the columns of ``CASE_HEADER``, from a case with its places and figures fetched."""
    outline = detail.outline(case)
    first = outline.places[0] if outline.places else None
    return [
        case.source_id,
        case.title,
        outline.organizations,
        "・".join(dict.fromkeys(place.prefecture_name for place in outline.places if place.prefecture_name)),
        first and first.population,
        first and first.population_date,
        outline.step,
        case.get_step_basis_display() if case.step is not None else "",
        case.field.name if case.field else "",
        case.summary,
        _joined(outline.figures),
        _joined(outline.costs),
        case.cost_text,
        case.year,
        outline.source,
    ]


def withdrawn_cells(label: ShelfLabel) -> list[Any]:
    title = f"{label.title}（{label.word}）"
    return [label.source_id, title, *[None] * (len(CASE_HEADER) - 2)]


def _joined(figures: Sequence[detail.ShownFigure]) -> str:
    return "\n".join(f"{figure.meaning}：{figure.text}" for figure in figures)


def page_address(label: ShelfLabel, address_of: AddressOf) -> str:
    return address_of(reverse("casestudies:detail", args=[label.source_id])) if label.readable else ""


def uptake_sheet(rows: Sequence[ListedUptake], address_of: AddressOf) -> Sheet:
    notes = (("作成日時", f"{timezone.localtime():%Y-%m-%d %H:%M}"),)
    lines = []
    for line in rows:
        stored = line.uptake
        label = line.label
        lines.append(
            [
                stored.organization.code,
                stored.organization.name,
                label.source_id,
                label.title if label.readable else f"{label.title}（{label.word}）",
                stored.get_state_display(),
                stored.note,
                stored.created_at,
                stored.updated_at,
                stored.by and stored.by.name,
                page_address(label, address_of),
            ]
        )
    return Sheet("参考にした事例", UPTAKE_HEADER, lines, notes)
