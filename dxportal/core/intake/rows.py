"""The rows of a worksheet as text. openpyxl makes several objects a cell, which takes most of an export's time;
here it makes the book (styles, widths, headings), and the rows below the headings go in as XML."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd h:mm:ss"
DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text that a spreadsheet might execute: stored with Excel's own quote mark, so that it never becomes a
    formula, neither on opening nor on editing."""

    text: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The book's numbers for the looks that a cell below the headings can have."""

    quoted: int
    date: int
    moment: int

    @classmethod
    def of(cls, page: Worksheet) -> "Styles":
        return cls(*(_style(page, **look) for look in _LOOKS))


_LOOKS: tuple[dict[str, Any], ...] = ({"quotePrefix": True}, {"number_format": DATE}, {"number_format": MOMENT})


def _style(page: Worksheet, **look: Any) -> int:
    cell = Cell(page, row=1, column=1)
    for name, value in look.items():
        setattr(cell, name, value)
    return cell.style_id


def rows_xml(rows: Iterable[Sequence[Any]], styles: Styles, *, first: int, columns: int) -> bytes:
    """``rows``: None (no cell), bool, number, date, text or ``Quoted``; ``first``: the number of the first row."""
    letters = [get_column_letter(one) for one in range(1, columns + 1)]
    made = []
    for number, row in enumerate(rows, first):
        cells = [
            _cell(f"{letter}{number}", value, styles)
            for letter, value in zip(letters, row, strict=False)
            if value is not None
        ]
        made.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(made).encode()


def _cell(place: str, value: Any, styles: Styles) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr">{_inline(value)}</c>'
    if isinstance(value, Quoted):
        return f'<c r="{place}" s="{styles.quoted}" t="inlineStr">{_inline(value.text)}</c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, dt.date):  # a datetime, too
        look = styles.moment if isinstance(value, dt.datetime) else styles.date
        return f'<c r="{place}" s="{look}"><v>{to_excel(value)}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def _inline(text: str) -> str:
    return f'<is><t xml:space="preserve">{escape(text)}</t></is>'


def saved(book: Workbook, bodies: Sequence[bytes], sizes: Sequence[str]) -> bytes:
    """The book as a file; ``bodies``: what each sheet has below its headings, ``sizes``: its whole extent ("A1:C9")."""
    plain, full = io.BytesIO(), io.BytesIO()
    book.save(plain)
    inserts = {f"xl/worksheets/sheet{at}.xml": one for at, one in enumerate(zip(bodies, sizes, strict=True), 1)}
    with ZipFile(plain) as source, ZipFile(full, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if insert := inserts.get(name):
                content = _with_rows(content, *insert)
            target.writestr(name, content)
    return full.getvalue()


def _with_rows(sheet: bytes, body: bytes, size: str) -> bytes:
    head, tail = sheet.split(END)
    return DIMENSION.sub(f'<dimension ref="{size}"'.encode(), head, count=1) + body + END + tail
