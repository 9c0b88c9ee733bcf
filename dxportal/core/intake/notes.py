"""What whoever sent a file should know of the table that was read: a sentence each, told in every preview."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from dxportal.core.intake.neutral import Book, Cell, CellKind

if TYPE_CHECKING:
    from dxportal.core.intake.tables import Table

Record = dict[str, Cell]

MOST_NAMED = 5  # rows, cells or sheets in one sentence


def of_book(book: Book) -> Iterator[str]:
    if hidden := [f"「{sheet.title}」" for sheet in book.sheets if sheet.is_hidden]:
        yield f"非表示のシート{listed(hidden)}は読み取っていません。必要なら再表示してください。"
    if book.protected:
        yield "このブックは保護されています（シートの構成）。読み取りには影響ありません。"


def of_table(table: "Table") -> Iterator[str]:
    title = f"シート「{table.sheet.title}」"
    yield from _left_out(table)
    numbers = {row_of(record) for record in table.records}
    if hidden := [row for row in table.sheet.hidden_rows if row in numbers]:
        yield f"{title}の非表示の行（{listed([f'{row}行目' for row in hidden])}）も読み取りました。"
    used = {get_column_letter(number): key for key, number in table.columns.items()}
    if hidden_columns := [letter for letter in table.sheet.hidden_columns if letter in used]:
        names = listed([f"{letter}列「{table.heading(used[letter])}」" for letter in hidden_columns])
        yield f"{title}の非表示の列（{names}）も読み取りました。"
    for key, further in table.repeats.items():
        first, *others = [get_column_letter(number) for number in (table.columns[key], *further)]
        heading = f"見出し「{table.heading(key)}」"
        yield f"{title}の{heading}は{listed([f'{letter}列' for letter in others])}にもあります。読み取ったのは{first}列だけです。"
    if merged := _merged(table):
        words = "見出しでは範囲全体の見出し、ほかでは左上のセルだけの値として読み取りました。"
        yield f"{title}の結合セル（{listed(merged)}）は、{words}"
    if texts := _numbers_as_texts(table):
        yield f"{title}に、文字列として保存された数値が{len(texts)}個あります（{listed(texts)}）。数値として読み取りました。"
    if table.sheet.protected:
        yield f"{title}は保護されています。読み取りには影響ありません。"


def _left_out(table: "Table") -> Iterator[str]:
    rows: dict[str, list[str]] = {}
    for record, reason in table.lines:
        if reason:
            rows.setdefault(reason, []).append(f"{row_of(record)}行目")
    for reason, numbers in rows.items():
        yield f"{reason}（{listed(numbers)}）は取り込みません。"


def _merged(table: "Table") -> list[str]:
    """Those from the headings down in the columns of the table; a title above them is merged for its looks alone."""
    if not table.row:
        return []
    kept: list[CellRange] = []
    for span in map(CellRange, filter(None, table.sheet.merged)):
        inside = span.max_row >= table.first_row and span.min_row <= len(table.sheet.rows)
        if inside and any(span.min_col <= number <= span.max_col for number in table.columns.values()):
            kept.append(span)
    return [span.coord for span in sorted(kept, key=lambda span: (span.min_row, span.min_col))]


def _numbers_as_texts(table: "Table") -> list[str]:
    """The addresses of such cells where numbers are wanted. In a CSV all of them are texts, and it can't be otherwise."""
    if not table.sheet.is_typed:
        return []
    cells = (record[key] for record in table.records for key in table.numbers if key in record)
    return [cell.address for cell in cells if cell.kind is CellKind.NUMERIC_TEXT]


def row_of(record: Record) -> int:
    return next(iter(record.values())).row


def listed(items: Sequence[str]) -> str:
    more = f"ほか{len(items) - MOST_NAMED}" if len(items) > MOST_NAMED else ""
    return "、".join(items[:MOST_NAMED]) + more
