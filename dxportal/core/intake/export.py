"""Workbooks and CSV files out: one datum a cell, numbers as numbers, nothing that a spreadsheet would execute."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from unicodedata import east_asian_width, normalize

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_ENCODINGS = {"csv": "utf-8-sig", "csv-sjis": "cp932"}
FILE_FORMATS = ("xlsx", *CSV_ENCODINGS)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
UNTITLED = re.compile(r"[\[\]:*?/\\]")
HARMLESS = re.compile(r"[+-]?\d+(\.\d+)?%?|[-－]+", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_TITLE = 31  # Excel's limits: of a sheet's title and of a cell
LONGEST_CELL = 32767
NARROWEST = 8  # of a column, in half-width characters
WIDEST = 60

HEAD = {"bold": True, "bg_color": "#E6E6E6", "bottom": 1, "valign": "bottom", "text_wrap": True, "quote_prefix": True}
MOMENT = "yyyy-mm-dd h:mm:ss"
A4 = 9

# What Shift_JIS lacks, and the sign that stands nearest to it there.
COUSINS = str.maketrans({
    "–": "－", "—": "―", "−": "－", "‑": "‐", "‒": "－", "⁃": "・", "¥": "￥", "〜": "～", "˜": "～", "‖": "∥", "¢": "￠", "£": "￡",
    "¬": "￢", "¦": "￤", "•": "・", "·": "・", "‧": "・", "∙": "・", "⋅": "・", "©": "(C)", "®": "(R)", "«": "≪", "»": "≫", "✓": "レ",
    "✔": "レ", "➡": "→", "⇨": "⇒", "◦": "○", "▪": "■", "▫": "□", "\u00a0": " ", "\ufeff": None, "\u200b": None, "\u200c": None,
    "\u200d": None, "\u2060": None, "\u00ad": None, **dict.fromkeys([*map(chr, range(0xFE00, 0xFE10))]),
    **dict.fromkeys(map(chr, range(0xE0100, 0xE01F0))),
})  # fmt: skip
VOICED = re.compile("[\u3041-\u30ff][\u3099\u309a]")


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats of a workbook's cells."""

    head: Format
    quoted: Format
    moment: Format


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``notes``: (heading, text) pairs, put on a sheet 「注記」: definition, as-of date, source, units."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The bytes and the characters that the encoding could not hold (written as 〓)."""

    content: bytes
    lost: tuple[str, ...] = field(default=())


def as_cell(value: Any) -> Any:
    """The value as a spreadsheet keeps it: numbers and dates stay what they are, text loses control characters.

    An empty text is no cell at all.
    """
    if isinstance(value, str):  # most are
        return CONTROL.sub("", value)[:LONGEST_CELL] or None
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, (bool, int, float, Decimal, dt.date)):
        return value
    return CONTROL.sub("", str(value))[:LONGEST_CELL] or None


def starts_formula(value: Any) -> bool:
    """Whether a spreadsheet might execute this text; a plain number or a lone dash is harmless."""
    return isinstance(value, str) and value.startswith(FORMULA_STARTS) and not HARMLESS.fullmatch(value)


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel takes: at most 31 characters, none of []:*?/\\, unlike the others regardless of case."""
    plain = UNTITLED.sub("・", CONTROL.sub("", title)).strip("' ")[:LONGEST_TITLE] or "シート"
    used = {other.casefold() for other in taken}
    number = 1
    result = plain
    while result.casefold() in used:
        number += 1
        end = f"({number})"
        result = plain[: LONGEST_TITLE - len(end)] + end
    return result


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx without macros, merges or formulas."""
    stream = io.BytesIO()
    notes = [(sheet.title, *note) for sheet in sheets for note in sheet.notes]
    parts = [(sheet.title, sheet.header, sheet.rows) for sheet in sheets]
    if notes:
        parts.append(("注記", ("シート", "項目", "内容"), notes))
    with Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        looks = Looks(*map(book.add_format, (HEAD, {"quote_prefix": True}, {"num_format": MOMENT})))
        for title, header, rows in parts:
            _fill(book.add_worksheet(sheet_title(title, book.sheetnames)), header, rows, looks)
    return stream.getvalue()


def _fill(page: Worksheet, header: Sequence[str], rows: Iterable[Sequence[Any]], looks: Looks) -> None:
    widths = [0] * len(header)
    for number, row in enumerate((header, *rows)):
        cells = [as_cell(value) for value in row]
        head = looks.head if number == 0 else None
        for column, value in enumerate(cells):
            if isinstance(value, str):
                # Text stays text, whatever it begins with; what looks like a formula also gets Excel's own quote mark,
                # so that editing makes none of it. A cell's line ends are as spreadsheets write them.
                text = value.replace("\r\n", "\n").replace("\r", "\n")
                page.write_string(number, column, text, head or (looks.quoted if starts_formula(value) else None))
            elif isinstance(value, dt.datetime):
                page.write_datetime(number, column, value, looks.moment)
            elif value is not None:
                page.write(number, column, value)
        lengths = [0 if value is None else _text_width(str(value)) for value in cells]
        widths = [max(pair) for pair in zip_longest(widths, lengths, fillvalue=0)]
    for column, width in enumerate(widths):
        page.set_column(column, column, min(WIDEST, max(NARROWEST, width + 2)))
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    if len(widths) > 6:
        page.set_landscape()


@lru_cache(maxsize=4096)
def _text_width(text: str) -> int:
    """Columns a text takes, full-width characters counting two; the longest of its lines."""
    return max(
        sum(2 if east_asian_width(character) in "WFA" else 1 for character in line[:WIDEST])
        for line in text.split("\n")
    )


def workbook_response(filename: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """An answer that saves as ``filename`` (Japanese allowed, ".xlsx" added if absent)."""
    return _file(filename, ".xlsx", workbook(sheets), XLSX)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig") -> CsvFile:
    """``encoding``: "utf-8-sig" (Excel reads it) or "cp932".

    There, – and ¥ become － and ￥; 𠮷 and other strangers that have no cousin become 〓 and are listed.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([_plain(value) for value in row] for row in (header, *rows))
    text = stream.getvalue()
    if encoding != "cp932":
        return CsvFile(text.encode(encoding))
    text = VOICED.sub(lambda match: normalize("NFC", match[0]), text)
    strangers = [character for character in sorted(set(text)) if not _fits_cp932(character)]
    text = text.translate(
        {ord(character): cousin for character in strangers if (cousin := _cousin(character)) is not None}
    )
    lost = tuple(character for character in strangers if character in text)
    return CsvFile(text.translate({ord(character): "〓" for character in lost}).encode("cp932"), lost)


def _fits_cp932(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _cousin(character: str) -> str | None:
    """What stands for the character in Shift_JIS, "" where nothing of it can be seen; None where nothing is like it."""
    near = character.translate(COUSINS)
    near = normalize("NFKC", character) if near == character else near
    return near if near != character and _fits_cp932(near) else None


def _plain(value: Any) -> Any:
    """A CSV field: ISO dates; an apostrophe before what would start a formula (the reader takes it off again)."""
    value = as_cell(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"'{value}" if starts_formula(value) else value


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig"
) -> HttpResponse:
    """A CSV answer; characters that Shift_JIS cannot hold are named in ``X-Lost-Characters`` and in a last line."""
    file = csv_file(header, rows, encoding)
    content = file.content
    if file.lost:
        codes = " ".join(f"U+{ord(character):04X}" for character in file.lost)
        content += f"# Shift_JISで表せない文字を〓にしました：{codes}\r\n".encode("cp932")
    name = "utf-8" if encoding == "utf-8-sig" else "Shift_JIS"
    response = _file(filename, ".csv", content, f"text/csv; charset={name}")
    if file.lost:
        response["X-Lost-Characters"] = codes
    return response


def file_response(filename: str, sheets: Sequence[Sheet], wanted: str = "xlsx") -> HttpResponse:
    """The sheets as one of FILE_FORMATS, a workbook for any other word; a CSV file holds the first of them."""
    if wanted in CSV_ENCODINGS:
        return csv_response(filename, sheets[0].header, sheets[0].rows, CSV_ENCODINGS[wanted])
    return workbook_response(filename, sheets)


def _file(filename: str, ending: str, content: bytes, content_type: str) -> HttpResponse:
    name = filename if filename.endswith(ending) else filename + ending
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
