"""The neutral book: plain cells with their addresses, read from .xlsx or .csv within limits. Checks see only this."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from re import compile as pattern
from typing import Any

from openpyxl.utils import get_column_letter

from dxportal.core.intake.errors import CellError

Check = Callable[["Book"], Iterable[CellError]]
LOOKS_LIKE_NUMBER = pattern(r"[-+−△▲]?[\d,]*\.?\d+")


class CellKind(StrEnum):
    """What stands in a cell. The last four cannot be taken as they are: ``Cell.problem`` says why."""

    EMPTY = "empty"
    TEXT = "text"
    NUMERIC_TEXT = "numeric_text"  # a number that is stored as text, as every number of a CSV is
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    PERCENT = "percent"  # the value is 0.5 where 50% is shown
    ERROR = "error"  # #DIV/0! and the like
    FORMULA = "formula"  # whose result is not stored
    COVERED = "covered"  # by a merged range whose value stands in another cell


@dataclass(frozen=True, slots=True)
class Oddity:
    """A cell whose value does not say by itself what stands there. ``shown`` as the spreadsheet shows it."""

    kind: CellKind
    shown: str


def kind_of(value: Any) -> CellKind:
    if value is None:
        return CellKind.EMPTY
    if isinstance(value, bool):
        return CellKind.BOOLEAN
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return CellKind.DATE
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value[:40])
        return CellKind.NUMERIC_TEXT if LOOKS_LIKE_NUMBER.fullmatch(plain) else CellKind.TEXT
    return CellKind.NUMBER


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its place. Text has its ends trimmed; an empty cell holds None."""

    row: int
    column: str
    value: Any
    oddity: Oddity | None = None

    @property
    def address(self) -> str:
        return f"{self.column}{self.row}"

    @property
    def kind(self) -> CellKind:
        return self.oddity.kind if self.oddity else kind_of(self.value)

    @property
    def text(self) -> str:
        """The value as text; whole numbers without 「.0」, "" for an empty cell."""
        if self.value is None:
            return ""
        whole = isinstance(self.value, float) and self.value.is_integer()
        return str(int(self.value)) if whole else str(self.value)

    @property
    def shown(self) -> str:
        """What a person sees there: 「50%」, 「#DIV/0!」, 「=A1+B1」, 「TRUE」; else the text."""
        if self.oddity:
            return self.oddity.shown
        return self.text.upper() if self.kind is CellKind.BOOLEAN else self.text

    @property
    def is_filled(self) -> bool:
        """Whether anything stands there, even if it can't be read; what a merged range covers is empty."""
        return self.value is not None or self.kind is CellKind.FORMULA

    @property
    def problem(self) -> str:
        """Why nobody can take the cell as it is, and what to do; "" where it is fine."""
        sentence = PROBLEMS.get(self.kind, "")
        return sentence.format(shown=self.shown[:60], value=self.text) if sentence else ""

    @property
    def number_problem(self) -> str:
        """The same where a number is wanted; "" for numbers and for text, which may hold one."""
        sentence = NO_NUMBERS.get(self.kind, "")
        return sentence.format(shown=self.shown) if sentence else self.problem


PROBLEMS = {
    CellKind.FORMULA: "数式の結果がないため、値を読み取れません（{shown}）。"
    "Excelで開いて計算させてから保存し直すか、数式の代わりに値を入力してください。",
    CellKind.ERROR: "数式のエラー「{shown}」が入っています。数式を直すか、値を入力してください。",
    CellKind.PERCENT: "パーセント表示の「{shown}」が入っています（値は{value}）。"
    "セルの表示形式を「標準」にして、取り込む値そのものを入力してください。",
    CellKind.COVERED: "結合セル（{shown}）の一部で、このセルには値がありません。"
    "セルの結合を解除し、セルごとに値を入力してください。",
}
NO_NUMBERS = {
    CellKind.DATE: "日付「{shown}」が入っています。セルの表示形式を「標準」にして、数字を入力してください。",
    CellKind.BOOLEAN: "「{shown}」が入っています。数字を入力してください。",
}
Rows = tuple[tuple[Any, ...], ...]
CellPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet's rows, the first one numbered 1; rows may differ in length, and those that hold nothing are empty.

    ``state``: "visible", "hidden" or "veryHidden"; a hidden sheet comes without its rows. ``hidden_rows`` and
    ``hidden_columns`` are those that hold something. ``merged``: ranges such as 「A1:B2」. ``protected``: against
    changes, which is no hindrance to reading. ``oddities`` and ``covered`` (by which range) go by row and column.
    ``is_typed``: cells know numbers from texts, as those of a CSV don't.
    """

    title: str
    rows: Rows = ()
    state: str = "visible"
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    protected: bool = False
    is_typed: bool = True
    oddities: Mapping[CellPlace, Oddity] = field(default_factory=dict, hash=False)
    covered: Mapping[CellPlace, str] = field(default_factory=dict, hash=False)

    @property
    def is_hidden(self) -> bool:
        return self.state != "visible"

    def cell(self, row: int, column: int) -> Cell:
        """Row and column count from 1; outside the sheet an empty cell."""
        inside = 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1])
        value = self.rows[row - 1][column - 1] if inside else None
        oddity = self.oddities.get((row, column))
        if value is None and oddity is None and (merged := self.covered.get((row, column))):
            oddity = Oddity(CellKind.COVERED, merged)
        return Cell(row, get_column_letter(column), value, oddity)

    def is_filled(self, row: int) -> bool:
        values = self.rows[row - 1] if 1 <= row <= len(self.rows) else ()
        # The row of a formula without result reaches to its cell, so that it isn't lost as an empty one.
        return any(value is not None for value in values) or (
            bool(values) and any((row, column) in self.oddities for column in range(1, len(values) + 1))
        )

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
            if self.is_filled(row):
                yield self.cell(row, number)

    def records(self, header_row: int = 1) -> Iterator[dict[str, Cell]]:
        """Each filled row as cells by heading."""
        columns = self.header(header_row)
        for row in range(header_row + 1, len(self.rows) + 1):
            if self.is_filled(row):
                yield {heading: self.cell(row, number) for heading, number in columns.items()}


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets in order. ``digest``: SHA-256 of the file's bytes. ``protected``: nobody may add or move sheets."""

    sheets: tuple[BookSheet, ...]
    digest: str = ""
    name: str = ""
    protected: bool = False
    _by_title: dict[str, BookSheet] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_title.update({sheet.title: sheet for sheet in self.sheets})

    def sheet(self, title: str) -> BookSheet | None:
        return self._by_title.get(title)

    @property
    def visible(self) -> tuple[BookSheet, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.is_hidden)

    @property
    def first(self) -> BookSheet:
        """The first that is not hidden."""
        return self.visible[0] if self.visible else BookSheet("")

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
