"""The neutral book: plain cells with their addresses, read from .xlsx or .csv within limits. Checks see only this."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from dxportal.core.intake.errors import CellError

Check = Callable[["Book"], Iterable[CellError]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its place. Text has its ends trimmed; an empty cell holds None."""

    row: int
    column: str
    value: Any

    @property
    def address(self) -> str:
        return f"{self.column}{self.row}"

    @property
    def text(self) -> str:
        """The value as text; whole numbers without 「.0」, "" for an empty cell."""
        if self.value is None:
            return ""
        whole = isinstance(self.value, float) and self.value.is_integer()
        return str(int(self.value)) if whole else str(self.value)


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet's rows, the first one numbered 1; rows may differ in length."""

    title: str
    rows: tuple[tuple[Any, ...], ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Row and column count from 1; outside the sheet an empty cell."""
        inside = 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1])
        return Cell(row, get_column_letter(column), self.rows[row - 1][column - 1] if inside else None)

    def header(self, row: int = 1) -> dict[str, int]:
        """Column number by heading; the first of two equal headings counts."""
        labels = self.rows[row - 1] if len(self.rows) >= row else ()
        columns: dict[str, int] = {}
        for number, label in enumerate(labels, 1):
            if label is not None:
                columns.setdefault(str(label), number)
        return columns

    def column(self, heading: str, header_row: int = 1) -> Iterator[Cell]:
        """The cells below a heading, in every row that holds anything at all; none when the heading is missing."""
        number = self.header(header_row).get(heading)
        if number is None:
            return
        for row in range(header_row + 1, len(self.rows) + 1):
            if any(value is not None for value in self.rows[row - 1]):
                yield self.cell(row, number)

    def records(self, header_row: int = 1) -> Iterator[dict[str, Cell]]:
        """Each filled row as cells by heading."""
        columns = self.header(header_row)
        for row in range(header_row + 1, len(self.rows) + 1):
            if any(value is not None for value in self.rows[row - 1]):
                yield {heading: self.cell(row, number) for heading, number in columns.items()}


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets in order. ``digest``: SHA-256 of the file's bytes."""

    sheets: tuple[BookSheet, ...]
    digest: str = ""
    name: str = ""
    _by_title: dict[str, BookSheet] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_title.update({sheet.title: sheet for sheet in self.sheets})

    def sheet(self, title: str) -> BookSheet | None:
        return self._by_title.get(title)

    @property
    def first(self) -> BookSheet:
        return self.sheets[0] if self.sheets else BookSheet("")

    def column(self, sheet: str, heading: str) -> Iterator[Cell]:
        page = self.sheet(sheet)
        return page.column(heading) if page else iter(())


def run_checks(book: Book, structure_checks: Sequence[Check], cell_checks: Sequence[Check]) -> list[CellError]:
    """All problems at once, by sheet and cell; cells are looked at only when the structure has no error."""
    problems = [problem for check in structure_checks for problem in check(book)]
    if not any(problem.severity == "error" for problem in problems):
        problems += [problem for check in cell_checks for problem in check(book)]
    positions = {sheet.title: position for position, sheet in enumerate(book.sheets)}
    return sorted(problems, key=lambda problem: (positions.get(problem.sheet, -1), *problem.order))
