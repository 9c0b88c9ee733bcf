"""Files as offices make them, out of one plain table: the same rows in many shapes, and shapes that can't be taken."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from tests.support.workbooks import MAIN, RELATIONS, STRICT, raw_book, text_cell

Shape = Callable[["OfficeTable"], bytes]


@dataclass(frozen=True)
class OfficeTable:
    """What a page's form asks for. ``value``: number of a column whose cells must be right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    value: int

    @property
    def lines(self) -> list[tuple[Any, ...]]:
        return [self.header, *self.rows]


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def plain(table: OfficeTable, *, above=(), below=(), change: Callable[[Any], None] | None = None) -> bytes:
    book = Workbook()
    book.active.title = table.title
    for line in (*above, *table.lines, *below):
        book.active.append(line)
    if change:
        change(book.active)
    return saved(book)


def value_cell(table: OfficeTable, content: Any, number_format: str = "General") -> bytes:
    """The plain file with something else in its first value."""

    def change(page: Any) -> None:
        page.cell(2, table.value, content).number_format = number_format

    return plain(table, change=change)


def with_sheets(table: OfficeTable, *before: tuple[str, str]) -> bytes:
    book = Workbook()
    book.active.title = table.title
    for line in table.lines:
        book.active.append(line)
    for number, (title, state) in enumerate(before):
        page = book.create_sheet(title, number)
        page.append(["令和8年度", "作成：デジタル課"])
        page.sheet_state = state
    book.active = len(before)
    return saved(book)


def two_rows_of_headings(table: OfficeTable) -> bytes:
    last = get_column_letter(len(table.header))
    return plain(table, above=[("基本の情報", "内容")], change=lambda page: page.merge_cells(f"B1:{last}1"))


def merged_down(table: OfficeTable) -> bytes:
    """Each heading over two rows, as where one of them has a part below."""

    def change(page: Any) -> None:
        page.insert_rows(2)
        for number in range(1, len(table.header) + 1):
            page.merge_cells(start_row=1, end_row=2, start_column=number, end_column=number)

    return plain(table, change=change)


def broken_headings(table: OfficeTable) -> bytes:
    def change(page: Any) -> None:
        for cell in page[1]:
            cell.value = "\n".join((cell.value[:2], cell.value[2:])).translate(FULL_WIDTH) + "　"

    return plain(table, change=change)


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x30, 0x7B) if chr(code).isalnum()}


def numbers_as_texts(table: OfficeTable) -> bytes:
    def change(page: Any) -> None:
        for row in page.iter_rows(min_row=2):
            for cell in row:
                cell.value = str(cell.value) if isinstance(cell.value, int | float) else cell.value

    return plain(table, change=change)


def protected(table: OfficeTable) -> bytes:
    book = load_workbook(io.BytesIO(plain(table)))
    book.active.protection.sheet = True
    book.security.lockStructure = True
    return saved(book)


def blank_at_the_end(table: OfficeTable) -> bytes:
    return plain(table, change=lambda page: page.cell(1_048_576, 3, " "))


def strict(table: OfficeTable) -> bytes:
    parts = []
    with zipfile.ZipFile(io.BytesIO(plain(table))) as archive:
        for name in archive.namelist():
            data = archive.read(name).decode()
            data = data.replace(MAIN, STRICT).replace(
                RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
            )
            parts.append((name, data))
    return zipped(parts)


def zipped(parts: list[tuple[str, Any]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return stream.getvalue()


def with_part(table: OfficeTable, *parts: tuple[str, Any], without: str = "") -> bytes:
    with zipfile.ZipFile(io.BytesIO(plain(table))) as archive:
        kept = [(name, archive.read(name)) for name in archive.namelist() if name != without]
    return zipped([*kept, *parts])


def text(
    table: OfficeTable, encoding: str = "utf-8", separator: str = ",", mark: bytes = b"", above: str = ""
) -> bytes:
    stream = io.StringIO()
    stream.write(above)
    csv.writer(stream, delimiter=separator).writerows(table.lines)
    return mark + stream.getvalue().encode(encoding)


def raw_rows(table: OfficeTable) -> str:
    rows = []
    for number, line in enumerate(table.lines, 1):
        cells = "".join(
            text_cell(f"{get_column_letter(column)}{number}", value)
            for column, value in enumerate(line, 1)
            if value is not None
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return "".join(rows)


def raw(table: OfficeTable, *, more_rows: str = "", **parts: Any) -> bytes:
    return raw_book(raw_rows(table) + more_rows, **parts)


ROWS_READ: dict[str, Shape] = {
    "plain": plain,
    "cover sheet": lambda table: with_sheets(table, ("表紙", "visible")),
    "hidden first sheet": lambda table: with_sheets(table, ("選択肢リスト", "hidden"), ("設定", "veryHidden")),
    "title above": lambda table: plain(table, above=[("令和8年度　一覧",), (), (None, None, "単位：点")]),
    "two rows of headings": two_rows_of_headings,
    "headings merged downward": merged_down,
    "headings in full width over two lines": broken_headings,
    "sums and notes below": lambda table: plain(
        table, below=[(), ("合　計", None, 35), (None, "県平均"), ("※1 速報値",), ("（注）未確定を含む。",)]
    ),
    "empty rows between": lambda table: plain(table, change=lambda page: page.insert_rows(3, 4)),
    "headings repeated below": lambda table: plain(table, below=[table.header]),
    "numbers as texts": numbers_as_texts,
    "protected": protected,
    "a blank in the last row": blank_at_the_end,
    "strict": strict,
}  # fmt: skip
FILES_READ: dict[str, Shape] = {
    "raw": raw,
    "links to elsewhere": lambda table: raw(
        table, workbook='<externalReferences><externalReference r:id="x"/></externalReferences>'
    ),
    "utf-8": text,
    "utf-8 with its mark, tabs": lambda table: text(table, "utf-8", "\t", b"\xef\xbb\xbf"),
    "Shift_JIS": lambda table: text(table, "cp932"),
    "Shift_JIS, semicolons, title": lambda table: text(table, "cp932", ";", above="令和8年度　一覧\r\n"),
    "UTF-16": lambda table: text(table, "utf-16"),
    "UTF-16 without its mark, tabs": lambda table: text(table, "utf-16-le", "\t"),
    "EUC-JP": lambda table: text(table, "euc_jp"),
    "ISO-2022-JP": lambda table: text(table, "iso2022_jp_ext"),
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MANY_SHEETS = "".join(f'<sheet name="S{number}" sheetId="{number + 1}" r:id="worksheet"/>' for number in range(10_000))
# Through every page, as each looks at its rows.
ROWS_REFUSED: dict[str, tuple[Shape, str]] = {
    "formula without result": (lambda table: value_cell(table, "=A1+1"), "数式の結果がない"),
    "error": (lambda table: value_cell(table, "#DIV/0!"), "数式のエラー「#DIV/0!」"),
    "per cent": (lambda table: value_cell(table, 0.5, "0%"), "パーセント表示の「50%」"),
    "headings alone": (lambda table: plain(OfficeTable(table.title, table.header, (), 1)), "行目から、"),
    "rows twice": (lambda table: plain(table, below=[table.rows[-1]]), "行目にも"),
    "a heading twice over other values": (
        lambda table: plain(OfficeTable(table.title, (*table.header, table.header[table.value - 1]),
                                        tuple((*row, "9") for row in table.rows), 1)),
        "列にあり、値が違います",
    ),
    "a date for a number": (lambda table: value_cell(table, dt.date(2026, 4, 1), "yyyy-mm-dd"), "2026-04-01"),
}  # fmt: skip
# Through one page, as all read files alike.
FILES_REFUSED: dict[str, tuple[Shape, str]] = {
    "row number of two thousand millions": (
        lambda table: raw(table, more_rows='<row r="2000000000"><c><v>1</v></c></row>'), "行番号「2000000000」"
    ),
    "xls": (lambda _: OLE + bytes(3000), "（.xls）は読み取れません"),
    "xls of Excel 4": (lambda _: b"\x09\x04\x06\x00" + bytes(900), "（.xls）は読み取れません"),
    "xlsm": (lambda table: with_part(table, ("xl/vbaProject.bin", b"x")), "マクロの入ったファイル"),
    "password": (lambda _: OLE + bytes(900) + "EncryptedPackage".encode("utf-16-le"), "パスワードの付いた"),
    "xlsb": (lambda table: with_part(table, ("xl/workbook.bin", b"x"), without="xl/workbook.xml"), "（.xlsb）は読み取れません"),
    "ods": (
        lambda _: zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")]),
        "OpenDocument形式",
    ),
    "html": (lambda _: b"<html><table><tr><td>1</td></tr></table></html>", "Webページ（HTML）"),
    "pdf": (lambda _: b"%PDF-1.7\n%\xe2\xe3", "PDFは読み取れません"),
    "zip of a book": (lambda table: zipped([("得点.xlsx", plain(table))]), "ZIPファイルは読み取れません"),
    "zip bomb": (lambda table: raw(table, after="<a/>" + " " * 150_000_000), "大きすぎます"),
    "10,000 sheets": (lambda table: raw(table, sheets=MANY_SHEETS), "シートが多すぎます"),
    "entities": (lambda table: raw(table, prolog='<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'), "壊れている"),
    "deep nesting": (lambda table: raw(table, after="<a>" * 1_500_000), "保存し直してください"),
    "huge shared texts": (lambda table: raw(table, strings=f"<si><t>{'あ' * 3_000_000}</t></si>"), "文字が多すぎます"),
    "a million names": (
        lambda table: raw(table, workbook='<definedName name="a">A1</definedName>' * 1_000_000), "名前の定義"
    ),
    "cut zip": (lambda table: plain(table)[:-200], "壊れている"),
    "empty": (lambda _: b"", "空のファイルです"),
    "without values": (lambda _: saved(Workbook()), "どのセルにも値がありません"),
    "random bytes": (lambda _: bytes(range(256)) * 40, "文字コードを読み取れません"),
    "quotation marks without end": (lambda table: b'"' + text(table), "引用符"),
}  # fmt: skip
