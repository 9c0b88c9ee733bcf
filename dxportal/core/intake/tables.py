"""Tables in a book, found by their headings wherever an office puts them.

A cover sheet before, a title above, headings in two or three rows, merged, in full width or broken into lines; sums,
means and notes below. What is passed over is said in ``Table.notes``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from dxportal.core.intake import notes
from dxportal.core.intake.errors import CellError
from dxportal.core.intake.neutral import Book, BookSheet, Cell, CellKind
from dxportal.core.kana import even_width

Record = dict[str, Cell]
Headings = Mapping[str, Sequence[str]]
"""The spellings of a heading by the key under which records hold its cells; the first one is named in messages."""

HEADINGS_WITHIN = 30  # rows
DEEPEST_HEADING = 3  # rows
LONGEST_HEADING = 100  # characters
WIDEST = 150  # columns that are searched for headings
MOST_TELLING = 12  # rows of a sheet that are tried as headings
UNIT = re.compile(r"\((点|\d+点(満点)?|人|円|必須|任意|※\d*)\)$")
MARK = re.compile(r"[※*]+\d*$")
TOTAL = re.compile(
    r"((総合|合|小|総|累|中|.{0,8}(県|都|道|府|郡|市|区|町|村|管内|圏域|地域|全体|全国|団体|\d+))?計"
    r"|.{0,8}平均(点|値)?|最大(値)?|最小(値)?|最高(点)?|最低(点)?|中央値|標準偏差|total|average)([(:].*)?"
)
NOTE = re.compile(r"※|\*\S|\((注|備考)|注(\d|記|意|釈)?\d*[).:、]|(備考|出典|資料|単位|出所|凡例)[:)]")


@dataclass(frozen=True)
class Table:
    """The table of a sheet. ``row``: the last of its headings' rows, 0 where none were seen.

    ``columns``: number by key, without what is missing. ``numbers``: the keys of those in which numbers are wanted.
    """

    sheet: BookSheet
    headings: Headings
    row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    first_row: int = 0
    numbers: Sequence[str] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The headings that the table lacks, as they are named."""
        return tuple(spellings[0] for key, spellings in self.headings.items() if key not in self.columns)

    def heading(self, key: str) -> str:
        return self.headings[key][0] if key in self.headings else key

    @cached_property
    def lines(self) -> list[tuple[Record, str]]:
        """Each filled row, and why it is no record where it isn't."""
        lines = []
        for row in range(self.row + 1, len(self.sheet.rows) + 1) if self.row else ():
            record = {key: self.sheet.cell(row, number) for key, number in self.columns.items()}
            if any(cell.is_filled for cell in record.values()) or self._margin(row):
                lines.append((record, self._why_left_out(record, row)))
        return lines

    def _margin(self, row: int) -> str:
        """The text of a note that stands beside the table's columns."""
        text = next((str(value) for value in self.sheet.rows[row - 1] if value is not None), "")
        return text if NOTE.match(plain(text)) else ""

    def _why_left_out(self, record: Record, row: int) -> str:
        filled = [cell for cell in record.values() if cell.is_filled]
        first = min(filled, key=lambda cell: (len(cell.column), cell.column)) if filled else None
        text = plain(first.text if first else self._margin(row))
        if TOTAL.fullmatch(text):
            return f"集計の行「{(first.text if first else text)[:20]}」"
        if len(filled) <= 2 and NOTE.match(text):
            return "注記の行"
        repeats = sum(1 for key, cell in record.items() if _spelled(cell.text, self.headings.get(key, ())))
        return "見出しの繰返しの行" if repeats >= 2 and repeats == len(filled) else ""

    @cached_property
    def records(self) -> list[Record]:
        """The cells of each row by key; sums, notes and repeated headings are left out."""
        return [record for record, reason in self.lines if not reason]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was passed over, and what else of the file its sender should know: a sentence each."""
        return (*notes.of_table(self), *self.others)

    @cached_property
    def repeats(self) -> dict[str, list[int]]:
        """The columns by key that have the heading of an earlier one, which is the one that is read."""
        rows = [_texts(self.sheet, row) for row in range(self.first_row, self.row + 1)]
        left = [{number: text for number, text in row.items() if number not in self.columns.values()} for row in rows]
        repeats: dict[str, list[int]] = {}
        while further := _columns(left, {key: set(map(plain, self.headings.get(key, ()))) for key in self.columns}):
            for key, number in further.items():
                repeats.setdefault(key, []).append(number)
            left = [{number: text for number, text in row.items() if number not in further.values()} for row in left]
        return repeats

    def contradictions(self) -> Iterator[CellError]:
        """Cells below a repeated heading that say something else than those that are read."""
        for key, numbers in self.repeats.items():
            column = get_column_letter(self.columns[key])
            for number in numbers:
                for record in self.records:
                    cell = self.sheet.cell(notes.row_of(record), number)
                    if cell.is_filled and cell.text != record[key].text:
                        heading = self.heading(key)
                        message = f"見出し「{heading}」が{column}列と{cell.column}列にあり、値が違います。どちらかの列を除いてください。"
                        yield CellError(self.sheet.title, cell.row, cell.column, "heading_twice", message)
                        break

    def problems(self) -> Iterator[CellError]:
        """Cells of the records that nobody can take as they are."""
        for record in self.records:
            for key, cell in record.items():
                if sentence := cell.number_problem if key in self.numbers else cell.problem:
                    yield CellError(self.sheet.title, cell.row, cell.column, f"cell_{cell.kind}", sentence)


def plain(text: str) -> str:
    """For comparing headings: one width and case, no spaces and line breaks."""
    return "".join(even_width(text).casefold().split())


def _heading_key(text: str) -> str:
    """「STEP０\\n（30点）※1」 → 「step0」."""
    return UNIT.sub("", MARK.sub("", plain(text)))


def _spelled(text: str, spellings: Sequence[str]) -> bool:
    keys = {plain(text), _heading_key(text)} - {""}
    return any(plain(spelling) in keys for spelling in spellings)


def find_table(
    book: Book, headings: Headings, title: str = "", optional: Headings | None = None, numbers: Sequence[str] = ()
) -> Table:
    """The table with most of ``headings`` on the visible sheets; on the sheet ``title`` where it has any of them.

    Where none is seen anywhere, a table without rows of the first visible sheet: all of its headings are missing.
    Columns of ``optional`` are given where there are any, and are never missing. ``numbers``: keys where numbers are wanted.
    """
    tables = [_of_sheet(sheet, headings) for sheet in book.visible]
    named = [table for table in tables if title and plain(table.sheet.title) == plain(title) and table.columns]
    best = max(named or tables, key=lambda table: len(table.columns), default=Table(book.first, headings))
    others = [
        f"シート「{table.sheet.title}」にも同じ見出しがありますが、読み取ったのはシート「{best.sheet.title}」だけです。"
        for table in tables
        if table.sheet is not best.sheet and len(table.columns) == len(headings) and table.records
    ]
    others += notes.of_book(book)
    columns = dict(best.columns)
    if best.row and optional:
        rows = [_texts(best.sheet, row) for row in range(best.first_row, best.row + 1)]
        further = _columns(rows, {key: set(map(plain, names)) for key, names in optional.items()})
        columns |= {key: number for key, number in further.items() if number not in columns.values()}
    return Table(best.sheet, headings, best.row, columns, tuple(others), best.first_row, tuple(numbers))


def _of_sheet(sheet: BookSheet, headings: Headings) -> Table:
    best = Table(sheet, headings)
    spellings = {key: {plain(spelling) for spelling in names} for key, names in headings.items()}
    known = set().union(*spellings.values())
    texts = {row: _texts(sheet, row) for row in range(1, min(HEADINGS_WITHIN, len(sheet.rows)) + 1)}
    # Only around rows that hold a heading as it stands: looking at every span of a wide sheet would take seconds.
    rows_with_headings = (row for row, labels in texts.items() if any(_forms(text) & known for text in labels.values()))
    telling = set(islice(rows_with_headings, MOST_TELLING))
    for first in texts:
        for last in range(first, first + DEEPEST_HEADING):
            rows = range(first, last + 1)
            if last not in texts or telling.isdisjoint(rows):
                continue
            columns = _columns([texts[row] for row in rows], spellings)
            # A title above is none of the headings' rows: of those that end alike the fewest.
            if len(columns) > len(best.columns) or (last == best.row and len(columns) == len(best.columns)):
                best = Table(sheet, headings, last, columns, first_row=first)
    return best


def _texts(sheet: BookSheet, row: int) -> dict[int, str]:
    """The labels of a row by column. A merged range says its text in all of its columns."""
    width = min(max((len(values) for values in sheet.rows[:HEADINGS_WITHIN]), default=0), WIDEST)
    labels = {number: _label(sheet, row, number) for number in range(1, width + 1)}
    return {number: label for number, label in labels.items() if label and len(label) <= LONGEST_HEADING}


def _columns(rows: Sequence[Mapping[int, str]], spellings: Mapping[str, set[str]]) -> dict[str, int]:
    """The column of each key in headings that take these rows; the first of two equal headings counts.

    A column's heading is its lowest label, or all of them together from above.
    """
    columns: dict[str, int] = {}
    keys = {spelling: key for key, names in reversed(list(spellings.items())) for spelling in names}
    for number in sorted(set().union(*rows)):
        labels = [row[number] for row in rows if number in row]
        forms = _forms(labels[-1]) | _forms("".join(dict.fromkeys(labels)))
        key = next((keys[form] for form in forms if form in keys and keys[form] not in columns), None)
        if key is not None:
            columns[key] = number
    return columns


@lru_cache(maxsize=4096)
def _forms(label: str) -> frozenset[str]:
    return frozenset({plain(label), _heading_key(label)})


def _label(sheet: BookSheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    if cell.kind is CellKind.COVERED:
        top, left = coordinate_to_tuple(cell.shown.partition(":")[0])
        # Down a merged range the label is the same, and is not said twice.
        return sheet.cell(top, left).text
    return cell.text
