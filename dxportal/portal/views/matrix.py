"""The comparison matrix of a survey: municipalities × questions, and its file."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dxportal.core.intake.export import Sheet, file_response
from dxportal.core.organizations.then import now_cells, now_titles
from dxportal.portal.domain import lens
from dxportal.portal.domain.lens import FigureAudience
from dxportal.portal.domain.matrix import AnswerText, MatrixColumn, MatrixHead, MatrixTown
from dxportal.portal.domain.snapshots.store import SnapshotReading
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.forms.figures import FiguresAddress
from dxportal.portal.views.common import no_figures, reading_for
from dxportal.portal.views.files import Line, cell_text, notes
from dxportal.portal.views.questions import SurveyFiguresPage, survey_crumbs
from dxportal.portal.views.words import answer_state

MOST_COLUMNS = 24
NOT_SHOWN = "この調査では、市町村どうしの個別の回答を公開していません。"


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A municipality with the cells of the columns shown; ``href`` is "" where its karte may not be opened."""

    name: str
    href: str
    cells: list[tuple[MatrixColumn, AnswerText]]


class MatrixPage(SurveyFiguresPage):
    """A long questionnaire is shown a section at a time."""

    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, _, row = self.find(request, survey)
        reading = reading_for(request, audience, SnapshotKind.MATRIX, survey)
        context = {
            "survey": row,
            "reading": reading,
            "crumbs": [*survey_crumbs(row), ("団体×設問の比較表", None)],
        }
        if reading is None:
            context |= no_figures(request, NOT_SHOWN if audience.public else "")
        else:
            context |= table(*stored(reading, audience), audience, FiguresAddress(request.GET).values.section)
        return render(request, "portal/matrix/page.html", context)


class MatrixExport(SurveyFiguresPage):
    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, _, row = self.find(request, survey)
        reading = reading_for(request, audience, SnapshotKind.MATRIX, survey)
        if reading is None:
            raise Http404
        head, towns = stored(reading, audience)
        header = ["団体コード", "団体"]
        for column in head.columns:
            header += column_titles(column)
        header += now_titles(towns)
        lines = [(*matrix_line(town, head), *now_cells(town, towns)) for town in towns]
        sheet = Sheet("比較表", header, lines, notes(head.survey, reading))
        return file_response(f"比較表_{row.title}", [sheet], FiguresAddress(request.GET).values.format)


def stored(reading: SnapshotReading, audience: FigureAudience) -> tuple[MatrixHead, list[MatrixTown]]:
    """The head with the municipalities that the reader may see, in the order of their codes."""
    kinds = (SnapshotKind.MATRIX, SnapshotKind.MATRIX_TOWN)
    head_kind, town_kind = (kind.public if audience.public else kind for kind in kinds)
    head = reading.only(head_kind, MatrixHead)
    towns = sorted(reading.all(town_kind, MatrixTown).values(), key=lambda town: (town.order, town.id))
    return head, lens.matrix(towns, audience)


def table(head: MatrixHead, towns: list[MatrixTown], audience: FigureAudience, wanted: str) -> dict[str, Any]:
    sections = head.sections if len(head.columns) > MOST_COLUMNS else ()
    codes = [section.code for section in sections]
    chosen = wanted if wanted in codes else codes[0] if codes else ""
    at = [number for number, column in enumerate(head.columns) if not chosen or column.section == chosen]
    return {
        "data": head,
        "sections": [(section.title, f"?section={section.code}", section.code == chosen) for section in sections],
        "columns": [head.columns[number] for number in at],
        "towns": [
            MatrixLine(
                town.shown,
                karte_href(town, head, audience),
                [(head.columns[number], town.cells[number]) for number in at],
            )
            for town in towns
        ],
    }


def karte_href(town: MatrixTown, head: MatrixHead, audience: FigureAudience) -> str:
    if not audience.opens(town.id, town.prefecture_id):
        return ""
    return f"{reverse('portal:karte', args=[town.id])}?survey={head.survey.id}"


def column_titles(column: MatrixColumn) -> list[str]:
    """One a question; a table has one for each of its rows."""
    title = f"問{column.code} {column.short}"
    return [f"{title}：{label}" for label in column.rows] or [title]


def matrix_line(town: MatrixTown, head: MatrixHead) -> Line:
    cells: list[str] = []
    for cell, column in zip(town.cells, head.columns, strict=True):
        if not column.rows:
            cells.append(cell_text(cell))
        elif cell.rows:
            cells += [mark for _, mark in cell.rows]
        else:
            cells += [answer_state(cell.state) for _ in column.rows]
    return (town.code, town.name, *cells)
