"""The workbook of the national code list, read into rows; every problem with its cell.

Layout: one sheet whose header names 団体コード and 都道府県名・市区町村名, each in 漢字 and カナ. A prefecture's own
row leaves the municipality empty. Later sheets (wards of designated cities) are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dxportal.core.intake.book import Book, Cell, CellError, Record, find_table
from dxportal.core.kana import even_width
from dxportal.core.names import name_key
from dxportal.core.organizations.domain import codes
from dxportal.core.organizations.domain.matching import PREFECTURE_PARTS, code_digits, code_readings
from dxportal.core.unseen import unseen

HEADINGS = {
    "code": ("団体コード",),
    "prefecture": ("都道府県名(漢字)", "都道府県名"),
    "name": ("市区町村名(漢字)", "市区町村名"),
    "prefecture_kana": ("都道府県名(カナ)",),
    "kana": ("市区町村名(カナ)",),
}
NO_HEADINGS = f"見出しの行が見つかりません。必要な見出し：{'、'.join(names[0] for names in HEADINGS.values())}"
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

    @property
    def place(self) -> str:
        """「シート「…」 A12」."""
        return f"シート「{self.sheet}」 {self.cell.address}"


@dataclass(frozen=True, slots=True)
class CodeList:
    rows: tuple[CodeRow, ...] = ()
    errors: tuple[CellError, ...] = ()
    skipped: int = 0  # wards of designated cities and villages without administration
    notes: tuple[str, ...] = ()  # what of the file was passed over


def read_code_list(book: Book) -> CodeList:
    """The sheet with the five headings; rows are given only when nothing is wrong."""
    table = find_table(book, HEADINGS)
    sheet = table.sheet
    if table.missing:
        missing = "、".join(table.missing)
        message = f"見出しの行が見つかりません。足りない見出し：{missing}" if table.row else NO_HEADINGS
        where = CellError(sheet.title, table.row, "A" if table.row else "", "header", message)
        return CodeList(errors=(where,), notes=table.notes)
    records = table.records
    if not records:
        message = f"見出しのほかに何もありません。{table.row + 1}行目から、団体を1行に1つずつ入力してください。"
        return CodeList(errors=(CellError(sheet.title, table.row + 1, "A", "empty", message),), notes=table.notes)
    kept = [record for record in records if not is_skipped(record)]
    # A code that is wrong or stands twice makes the later checks speak of other rows than are meant.
    errors = [*table.contradictions(), *table.problems()] or [
        error for record in kept for error in (*unseen_in(sheet.title, record), *problems_of(sheet.title, record))
    ]
    errors = errors or repeated_codes(sheet.title, kept)
    errors = errors or without_prefecture(sheet.title, kept)
    if errors:
        return CodeList(errors=tuple(sorted(errors, key=lambda error: error.order)), notes=table.notes)
    rows = tuple(row_of(sheet.title, record) for record in kept)
    return CodeList(rows, skipped=len(records) - len(kept), notes=table.notes)


def _plain(value: object) -> str:
    """For headings, codes and kana; names keep their characters (``_name``)."""
    return "".join(even_width(str(value or "")).split())


def _name(cell: Cell) -> str:
    return "".join(cell.text.split())


def _readings(record: Record) -> tuple[str, ...]:
    """The codes that the cell may mean: check digit and first zero may be missing, and the prefecture says which."""
    part = PREFECTURE_PARTS.get(name_key(record["prefecture"].text), "")
    return code_readings(code_digits(record["code"].value), part)


def _code(record: Record) -> str:
    """Six digits; where they aren't clear, what stands in the cell."""
    readings = _readings(record)
    return readings[0] if len(readings) == 1 else code_digits(record["code"].value)


def is_skipped(record: Record) -> bool:
    ward = WARD_OF_A_CITY.fullmatch(_name(record["name"])) is not None
    return ward or _code(record)[:5] in WITHOUT_ADMINISTRATION


def unseen_in(sheet: str, record: Record) -> Iterator[CellError]:
    for cell in record.values():
        if sentence := unseen(cell.text):
            yield CellError(sheet, cell.row, cell.column, "unseen", sentence)


def problems_of(sheet: str, record: Record) -> Iterator[CellError]:
    def error(key: str, code: str, message: str) -> CellError:
        return CellError(sheet, record[key].row, record[key].column, code, message)

    code = _code(record)
    name = _name(record["name"])
    if not code:
        yield error("code", "code_missing", "団体コードを入力してください。")
    elif not _readings(record) and not re.fullmatch(r"\d{4,5}", code, re.ASCII):
        message = f"団体コードは6桁（検査数字なしなら5桁）の数字です。値：「{record['code'].text}」"
        yield error("code", "code_format", message)
    elif len(code) < 6:
        yield error("code", "code_unclear", unclear(record))
    elif not codes.is_valid(code):
        right = f"{code[:5]}{codes.check_digit(code[:5])}"
        yield error("code", "check_digit", f"団体コードの検査数字が合いません（{code[:5]}なら{right}）。値：「{code}」")
    elif codes.is_prefecture(code) != (not name):
        yield error("name", "level", "都道府県の行では市区町村名を空欄にし、市区町村の行では入力してください。")
    elif name and not _kind(code, name):
        yield error("name", "suffix", f"名称は市・町・村（東京都は区も）で終わる必要があります。値：「{name}」")
    if not _name(record["prefecture"]):
        yield error("prefecture", "prefecture_missing", "都道府県名を入力してください。")


def unclear(record: Record) -> str:
    """Of a code of four or five digits that has no reading in its prefecture, or more than one."""
    digits = code_digits(record["code"].value)
    if readings := _readings(record):
        return f"団体コード「{digits}」は{'とも'.join(readings)}とも読めます。検査数字まで含む6桁で入力してください。"
    prefecture = _name(record["prefecture"])
    return f"団体コード「{digits}」は、検査数字のない5桁としても、先頭の0が落ちた6桁としても、{prefecture}の団体コードになりません。"


def _kind(code: str, name: str) -> str:
    kind = KINDS.get(name[-1], "")
    return "" if kind == "ward" and codes.prefecture_part(code) != TOKYO else kind


def repeated_codes(sheet: str, records: list[Record]) -> list[CellError]:
    seen: dict[str, int] = {}
    errors = []
    for record in records:
        first = seen.setdefault(_code(record), record["code"].row)
        if first != record["code"].row:
            message = f"団体コード{_code(record)}は{first}行目にもあります。"
            errors.append(CellError(sheet, record["code"].row, record["code"].column, "code_twice", message))
    return errors


def without_prefecture(sheet: str, records: list[Record]) -> list[CellError]:
    """Municipalities whose prefecture has no row, or another name than there."""
    prefectures = [record for record in records if codes.is_prefecture(_code(record))]
    names = {_code(record)[:2]: _name(record["prefecture"]) for record in prefectures}
    errors = []
    for record in records:
        cell = record["prefecture"]
        name = _name(cell)
        expected = names.get(_code(record)[:2])
        if expected is None:
            message = f"{name}の行（団体コード{_code(record)[:2]}000…）がありません。"
            errors.append(CellError(sheet, cell.row, cell.column, "prefecture_row", message))
        elif name_key(expected) != name_key(name):
            message = f"団体コードの都道府県（{expected}）と都道府県名（{name}）が一致しません。"
            errors.append(CellError(sheet, cell.row, cell.column, "prefecture_name", message))
    return errors


def row_of(sheet: str, record: Record) -> CodeRow:
    code = _code(record)
    if codes.is_prefecture(code):
        name = _name(record["prefecture"])
        return CodeRow(code, "prefecture", name, _plain(record["prefecture_kana"].text), record["code"], sheet)
    name = _name(record["name"])
    return CodeRow(code, _kind(code, name), name, _plain(record["kana"].text), record["code"], sheet)
