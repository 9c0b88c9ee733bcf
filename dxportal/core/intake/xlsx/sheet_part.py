"""One sheet of a workbook in one pass: what stands in it, nothing that doesn't, and no further than the limits."""

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import IO, Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import BROKEN, LAST_COLUMN, LAST_ROW, TOO_MUCH, Budget, Limits
from dxportal.core.intake.neutral import BookSheet, CellKind, CellPlace, Oddity
from dxportal.core.intake.values import plain_value
from dxportal.core.intake.xlsx.number_formats import Shown
from dxportal.core.intake.xlsx.workbook_parts import ON, Workbook, joined
from dxportal.core.intake.xlsx.xml_part import Attributes, XmlPart

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
RANGE = re.compile(rf"{REFERENCE.pattern}(?::{REFERENCE.pattern})?")
LONGEST_NUMBER = 40
TOO_MANY_EMPTY = "値のない行や書式だけのセルが多すぎます。余分な行と列を削除して保存し直してください。"


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class Room:
    """What all sheets of a book together may still hold."""

    def __init__(self, limits: Limits):
        self.cells = limits.cells
        self.places = limits.places


class SheetPart:
    """Reads the XML of a sheet into a BookSheet."""

    def __init__(self, title: str, workbook: Workbook, limits: Limits, room: Room):
        self.title = title
        self._workbook = workbook
        self._limits = limits
        self._room = room
        self._rows: dict[int, dict[int, Any]] = {}
        self._oddities: dict[CellPlace, Oddity] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[range] = []
        self._merges: list[tuple[range, range]] = []
        self._protected = False
        # The row and the cell that are being read.
        self._row = 0
        self._row_text = "0"
        self._values: dict[int, Any] = {}
        self._columns: dict[str, int] = {}
        self._column = 0
        self._type = "n"
        self._style = "0"
        self._value = ""
        self._pieces: list[str] = []
        self._formula: str | None = None

    def read(self, stream: IO[bytes], budget: Budget) -> BookSheet:
        part = XmlPart(budget, too_many=TOO_MANY_EMPTY)
        part.at_start("row", self._start_row)
        part.at_end("row", self._end_row)
        part.at_start("c", self._start_cell)
        part.at_end("c", self._end_cell)
        part.gather("v", self._text)
        part.gather("t", self._more_text)
        part.gather("f", self._end_formula)
        part.skip("rPh")
        part.at_start("col", self._start_column)
        part.at_start("mergeCell", self._start_merge)
        part.at_start("sheetProtection", self._start_protection)
        part.read(stream)
        return self._sheet()

    def _start_row(self, attributes: Attributes) -> None:
        text = attributes.get("r")
        row = self._row + 1 if text is None else int(text) if text.isdecimal() and len(text) < 16 else 0
        if not 1 <= row <= LAST_ROW:
            message = (
                f"シート「{self.title}」の行番号「{(text or str(row))[:20]}」が正しくありません（1～{LAST_ROW:,}）。"
            )
            raise UnreadableBookError(f"{message}Excelで開いて保存し直してください。")
        self._row = row
        self._row_text = str(row)
        self._column = 0
        self._values = {}
        if attributes.get("hidden") in ON:
            self._hidden_rows.add(row)

    def _end_row(self) -> None:
        if not self._values:
            self._hidden_rows.discard(self._row)
            return
        if self._row in self._rows:
            message = f"シート「{self.title}」に{self._row}行目が二つあります。Excelで開いて保存し直してください。"
            raise UnreadableBookError(message)
        self._rows[self._row] = self._values

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self._column = self._column + 1 if reference is None else self._column_of(reference)
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value = ""
        self._pieces = []
        self._formula = None

    def _column_of(self, reference: str) -> int:
        row = self._row_text
        letters = reference[: -len(row)]
        if not reference.endswith(row) or letters not in self._columns:
            match = REFERENCE.fullmatch(reference)
            number = column_number(match[1]) if match and match[2] == row else 0
            if not 1 <= number <= LAST_COLUMN:
                message = f"シート「{self.title}」の{row}行目に、番地の正しくないセル「{reference[:20]}」があります。"
                raise UnreadableBookError(f"{message}Excelで開いて保存し直してください。")
            self._columns[letters] = number
        return self._columns[letters]

    def _text(self, text: str) -> None:
        self._value = text

    def _more_text(self, text: str) -> None:
        self._pieces.append(text)

    def _end_formula(self, text: str) -> None:
        self._formula = text

    def _end_cell(self) -> None:
        value = self._read_value()
        if value is None:
            return
        if isinstance(value, Oddity):
            self._oddities[self._row, self._column] = value
            value = None
        if self._row > self._limits.rows:
            message = f"シート「{self.title}」の行が多すぎます。{self._limits.rows:,}行以内にしてください。"
            raise UnreadableBookError(message)
        if self._column > self._limits.columns:
            message = f"シート「{self.title}」の列が多すぎます。{self._limits.columns}列以内にしてください。"
            raise UnreadableBookError(message)
        if self._column in self._values:
            message = f"シート「{self.title}」のセル{get_column_letter(self._column)}{self._row}が二つあります。"
            raise UnreadableBookError(f"{message}Excelで開いて保存し直してください。")
        self._values[self._column] = value
        self._room.cells -= 1
        if self._room.cells < 0:
            message = f"値のあるセルが多すぎます。{self._limits.cells:,}個以内になるよう、分けて保存してください。"
            raise UnreadableBookError(message)

    def _read_value(self) -> Any:
        """What a cell holds; an Oddity where it is a formula without result; None for nothing."""
        if self._formula is not None and self._lacks_result():
            return Oddity(CellKind.FORMULA, f"={self._formula}" if self._formula else "数式")
        if self._type == "s":
            return self._shared() if self._value else None
        if self._type in ("str", "inlineStr"):
            return plain_value(joined(self._pieces or [self._value]))
        if not self._value.strip():
            return None
        if self._type == "b":
            return self._value.strip() in ON
        if self._type == "e":
            return self._odd(self._value.strip(), Oddity(CellKind.ERROR, self._value.strip()))
        return self._iso_date() if self._type == "d" else self._number()

    def _lacks_result(self) -> bool:
        # A program that doesn't compute writes 0 and asks the spreadsheet to compute when it opens the file: that 0 is
        # nobody's result. A formula whose result is an empty text has the type of text.
        if self._value.strip() == "":
            return self._type != "str"
        return self._workbook.to_compute and self._type == "n" and self._value.strip() == "0"

    def _shared(self) -> str | None:
        number = int(self._value) if self._value.isdecimal() and len(self._value) < 16 else -1
        if not 0 <= number < len(self._workbook.texts):
            raise UnreadableBookError(BROKEN)
        return self._workbook.texts[number]

    def _odd(self, value: Any, oddity: Oddity) -> Any:
        self._oddities[self._row, self._column] = oddity
        return value

    def _iso_date(self) -> Any:
        text = self._value.strip().removesuffix("Z")
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return plain_value(text)
        return plain_value(moment)

    def _number(self) -> Any:
        text = self._value.strip()
        if len(text) < 16 and text.isascii() and text.removeprefix("-").isdigit():
            number: float = int(text)
        else:
            try:
                # 15 digits are what Excel shows and computes with; a 17th makes 18.499999999999996 of 18.5.
                number = float(f"{float(text):.15g}") if len(text) <= LONGEST_NUMBER else math.nan
            except ValueError:
                number = math.nan
        if not math.isfinite(number):
            return self._odd(text[:LONGEST_NUMBER], Oddity(CellKind.ERROR, text[:LONGEST_NUMBER]))
        shown = self._shown()
        if shown is Shown.PERCENT:
            return self._odd(number, Oddity(CellKind.PERCENT, f"{number * 100:.15g}%"))
        if shown is Shown.DATE:
            try:
                return plain_value(from_excel(number, self._workbook.epoch))
            except (ValueError, OverflowError):  # Excel shows ##### for it
                return self._odd(number, Oddity(CellKind.ERROR, f"日付にならない数 {text}"))
        return number

    def _shown(self) -> Shown:
        if not self._style.isdecimal() or len(self._style) > 6:
            return Shown.NUMBER
        position = int(self._style)
        return self._workbook.formats[position] if position < len(self._workbook.formats) else Shown.NUMBER

    def _start_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in ON:
            self._hidden_columns.append(_span(attributes.get("min", ""), attributes.get("max", "")))
        if len(self._hidden_columns) > LAST_COLUMN:
            raise UnreadableBookError(BROKEN)

    def _start_merge(self, attributes: Attributes) -> None:
        match = RANGE.fullmatch(attributes.get("ref", ""))
        if not match:
            raise UnreadableBookError(BROKEN)
        first_column, first_row = column_number(match[1]), int(match[2])
        last_column = column_number(match[3]) if match[3] else first_column
        last_row = int(match[4]) if match[4] else first_row
        self._merges.append((range(first_row, last_row + 1), range(first_column, last_column + 1)))
        if len(self._merges) > self._limits.merges:
            message = f"シート「{self.title}」の結合セルが多すぎます。セルの結合を解除して保存し直してください。"
            raise UnreadableBookError(message)

    def _start_protection(self, attributes: Attributes) -> None:
        self._protected = attributes.get("sheet", "0") in ON

    def _sheet(self) -> BookSheet:
        last_row = max(self._rows, default=0)
        widths = {number: max(values) for number, values in self._rows.items()}
        self._room.places -= last_row + sum(widths.values())
        if self._room.places < 0:
            raise UnreadableBookError(TOO_MUCH)
        empty: tuple[Any, ...] = ()
        rows = tuple(
            tuple(map(self._rows[number].get, range(1, widths[number] + 1))) if number in widths else empty
            for number in range(1, last_row + 1)
        )
        used = {column for values in self._rows.values() for column in values}
        hidden = sorted(column for column in used if any(column in span for span in self._hidden_columns))
        return BookSheet(
            self.title,
            rows,
            hidden_rows=tuple(sorted(self._hidden_rows)),
            hidden_columns=tuple(map(get_column_letter, hidden)),
            merged=tuple(_range_text(rows, columns) for rows, columns in self._merges),
            protected=self._protected,
            oddities=self._oddities,
            covered=self._covered(last_row, max(used, default=0)),
        )

    def _covered(self, last_row: int, last_column: int) -> dict[CellPlace, str]:
        """The cells of merged ranges without the first of each, as far as anything stands on the sheet."""
        covered: dict[CellPlace, str] = {}
        left = self._limits.merged_cells
        for rows, columns in self._merges:
            inside = [
                range(rows.start, min(rows.stop, last_row + 1)),
                range(columns.start, min(columns.stop, last_column + 1)),
            ]
            left -= len(inside[0]) * len(inside[1])
            if left < 0:
                message = f"シート「{self.title}」の結合セルが広すぎます。セルの結合を解除して保存し直してください。"
                raise UnreadableBookError(message)
            text = _range_text(rows, columns)
            for place in _places(*inside):
                covered[place] = text
            covered.pop((rows.start, columns.start), None)
        return covered


def _places(rows: range, columns: range) -> Iterator[CellPlace]:
    return ((row, column) for row in rows for column in columns)


def _range_text(rows: range, columns: range) -> str:
    return (
        f"{get_column_letter(columns[0])}{rows[0]}:{get_column_letter(columns[-1])}{rows[-1]}"
        if rows and columns
        else ""
    )


def _span(first: str, last: str) -> range:
    if not re.fullmatch(r"\d{1,5}", first) or not re.fullmatch(r"\d{1,5}", last):
        raise UnreadableBookError(BROKEN)
    return range(int(first), min(int(last), LAST_COLUMN) + 1)
