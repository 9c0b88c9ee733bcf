"""The workbook of the national code list, read into rows; every problem with its cell.

Layout: one sheet whose header names 団体コード and 都道府県名・市区町村名, each in 漢字 and カナ. A prefecture's own
row leaves the municipality empty. Later sheets (wards of designated cities) are not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dxportal.core.intake.book import Book, BookSheet, Cell, CellError
from dxportal.core.kana import even_width
from dxportal.core.organizations.domain import codes

HEADINGS = {
    "code": ("団体コード",),
    "prefecture": ("都道府県名(漢字)", "都道府県名"),
    "name": ("市区町村名(漢字)", "市区町村名"),
    "prefecture_kana": ("都道府県名(カナ)",),
    "kana": ("市区町村名(カナ)",),
}
HEADER_WITHIN = 10  # rows
WARD_OF_A_CITY = re.compile(r".+市.+区")
KINDS = {"市": "city", "町": "town", "村": "village", "区": "ward"}
TOKYO = "13"
# The six villages of the northern territories have codes but no administration; 泊村 is there twice in one prefecture.
WITHOUT_ADMINISTRATION = frozenset(str(number).zfill(5) for number in range(1695, 1701))


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One organisation of the list. ``kind`` is "prefecture" or the municipality's kind."""

    code: str
    kind: str
    name: str
    kana: str
    cell: Cell
    sheet: str


@dataclass(frozen=True, slots=True)
class CodeList:
    rows: tuple[CodeRow, ...] = ()
    errors: tuple[CellError, ...] = ()
    skipped: int = 0  # wards of designated cities and villages without administration


def read_code_list(book: Book) -> CodeList:
    """The first sheet with the five headings; rows are given only when nothing is wrong."""
    found = next((place for sheet in book.sheets if (place := _header(sheet))), None)
    if found is None:
        return CodeList(errors=(_no_header(book),))
    sheet, header_row, columns = found
    records = [record for record in _records(sheet, header_row, columns) if any(cell.text for cell in record.values())]
    kept = [record for record in records if not _is_skipped(record)]
    errors = [error for record in kept for error in _problems(sheet.title, record)]
    errors += _repeated(sheet.title, kept) if not errors else []
    errors += _orphans(sheet.title, kept) if not errors else []
    if errors:
        return CodeList(errors=tuple(sorted(errors, key=lambda one: one.order)))
    rows = tuple(_row(sheet.title, record) for record in kept)
    return CodeList(rows, skipped=len(records) - len(kept))


Record = Mapping[str, Cell]


def _no_header(book: Book) -> CellError:
    wanted = "、".join(names[0] for names in HEADINGS.values())
    return CellError(book.first.title, 0, "", "header", f"見出しの行が見つかりません。必要な見出し：{wanted}")


def _plain(value: object) -> str:
    """For headings, codes and kana; names keep their characters (``_name``)."""
    return "".join(even_width(str(value or "")).split())


def _name(cell: Cell) -> str:
    return "".join(cell.text.split())


def _header(sheet: BookSheet) -> tuple[BookSheet, int, dict[str, int]] | None:
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN], 1):
        labels = [_plain(value) for value in row]
        columns = {
            key: position
            for key, names in HEADINGS.items()
            if (position := next((labels.index(name) + 1 for name in names if name in labels), 0))
        }
        if len(columns) == len(HEADINGS):
            return sheet, number, columns
    return None


def _records(sheet: BookSheet, header_row: int, columns: dict[str, int]) -> Iterator[Record]:
    for number in range(header_row + 1, len(sheet.rows) + 1):
        yield {key: sheet.cell(number, column) for key, column in columns.items()}


def _code(record: Record) -> str:
    """Six digits; a code kept as a number has lost its leading zero."""
    text = _plain(record["code"].text)
    return text.zfill(6) if text.isdigit() else text


def _is_skipped(record: Record) -> bool:
    ward = WARD_OF_A_CITY.fullmatch(_name(record["name"])) is not None
    return ward or _code(record)[:5] in WITHOUT_ADMINISTRATION


def _problems(sheet: str, record: Record) -> Iterator[CellError]:
    def error(key: str, code: str, message: str) -> CellError:
        return CellError(sheet, record[key].row, record[key].column, code, message)

    code, name = _code(record), _name(record["name"])
    if not code:
        yield error("code", "code_missing", "団体コードを入力してください。")
    elif not re.fullmatch(r"\d{6}", code, re.ASCII):
        yield error("code", "code_format", f"団体コードは6桁の数字です。入力された値：「{record['code'].text}」")
    elif not codes.is_valid(code):
        right = f"{code[:5]}{codes.check_digit(code[:5])}"
        yield error("code", "check_digit", f"団体コードの検査数字が合いません（{code[:5]}なら{right}）。値：「{code}」")
    elif codes.is_prefecture(code) != (not name):
        yield error("name", "level", "都道府県の行では市区町村名を空欄にし、市区町村の行では入力してください。")
    elif name and not _kind(code, name):
        yield error("name", "suffix", f"名称は市・町・村（東京都は区も）で終わる必要があります。値：「{name}」")
    if not _name(record["prefecture"]):
        yield error("prefecture", "prefecture_missing", "都道府県名を入力してください。")


def _kind(code: str, name: str) -> str:
    kind = KINDS.get(name[-1], "")
    return "" if kind == "ward" and codes.prefecture_part(code) != TOKYO else kind


def _repeated(sheet: str, records: list[Record]) -> list[CellError]:
    seen: dict[str, int] = {}
    found = []
    for record in records:
        first = seen.setdefault(_code(record), record["code"].row)
        if first != record["code"].row:
            message = f"団体コード{_code(record)}は{first}行目にもあります。"
            found.append(CellError(sheet, record["code"].row, record["code"].column, "code_twice", message))
    return found


def _orphans(sheet: str, records: list[Record]) -> list[CellError]:
    """Municipalities whose prefecture has no row, or another name than there."""
    names = {_code(one)[:2]: _name(one["prefecture"]) for one in records if codes.is_prefecture(_code(one))}
    found = []
    for record in records:
        cell, name = record["prefecture"], _name(record["prefecture"])
        expected = names.get(_code(record)[:2])
        if expected is None:
            message = f"{name}の行（団体コード{_code(record)[:2]}000…）がありません。"
            found.append(CellError(sheet, cell.row, cell.column, "prefecture_row", message))
        elif expected != name:
            message = f"団体コードの都道府県（{expected}）と都道府県名（{name}）が一致しません。"
            found.append(CellError(sheet, cell.row, cell.column, "prefecture_name", message))
    return found


def _row(sheet: str, record: Record) -> CodeRow:
    code, own = _code(record), codes.is_prefecture(_code(record))
    name, kana = (record["prefecture"], record["prefecture_kana"]) if own else (record["name"], record["kana"])
    kind = "prefecture" if own else _kind(code, _name(name))
    return CodeRow(code, kind, _name(name), _plain(kana.text), record["code"], sheet)
