"""The register of cases from a workbook or CSV: every problem at its cell with its row, and what would change.

A CSV holds the sheet 事例 alone; organisations, figures and addresses of its cases stay as they are. The same goes for a
workbook that lacks a sheet.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from casestudies.domain.content import PARTS, Content, OrganizationPart, differences
from casestudies.domain.contribution import write
from casestudies.domain.contribution.register import CHANGED, NEW, UNCHANGED, RegisterEntry
from casestudies.forms.contribution.case import Choices
from casestudies.intake.contribution import rows as register_rows
from casestudies.intake.contribution.places import PlacesOfRegister
from casestudies.intake.contribution.sheets import (
    CASES,
    EDITED,
    FIGURES,
    LINKS,
    NUMBER,
    NUMBERS,
    OPTIONAL,
    PLACES,
    SPELLINGS,
    as_text,
    rows_of,
)
from casestudies.models import Case
from dxportal.core.intake.book import Book, BookSheet, CellError, Limits, Record, Table, find_table, run_checks

MOST = 500
LIMITS = Limits(rows=10_000, columns=80, sheets=12)
BLANK_NEW = "新規"


@dataclass(frozen=True, slots=True)
class RegisterProblem:
    """An error with what stands there and the row that it is in."""

    error: CellError
    heading: str
    value: str
    row: str


@dataclass(frozen=True, slots=True)
class Register:
    """What a file says. ``entries`` is empty while there are problems; ``notes`` say what was passed over.

    Without problems each of ``warnings`` is to be confirmed before anything is written.
    """

    entries: tuple[RegisterEntry, ...] = ()
    problems: tuple[RegisterProblem, ...] = ()
    warnings: tuple[CellError, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class RegisterLine:
    """One case of the file: its own record and, by sheet, those of its parts."""

    number: str
    record: Record
    parts: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_new(self) -> bool:
        return not self.number or self.number.startswith(BLANK_NEW)

    def error(self, sheet: str, code: str, message: str) -> CellError:
        cell = self.record[NUMBER]
        return CellError(sheet, cell.row, cell.column, code, message)


def read_register(book: Book, *, user, home: tuple[OrganizationPart, ...] = ()) -> Register:
    """Compares the file with what is stored. ``home``: the organisations of a new case where the file names none."""
    tables = find_tables(book)
    entries: list[RegisterEntry] = []

    def check_rows(_: Book) -> list[CellError]:
        reader = _Reader(tables, user, home)
        entries.extend(filter(None, (reader.entry(line) for line in reader.lines)))
        return [*reader.errors, *(reader.places.problems if reader.places else ())]

    structure = (check_headings, check_count)
    cells = (check_cells, check_numbers, check_part_numbers)
    errors = run_checks(
        book,
        [partial(check, tables) for check in structure],
        [*(partial(check, tables) for check in cells), check_rows],
    )
    notes = tuple(dict.fromkeys(note for table in tables.values() for note in table.notes))
    if any(error.severity == "error" for error in errors):
        return Register(problems=tuple(_problems(tables, errors)), notes=notes)
    return Register(entries=tuple(entries), warnings=tuple(errors), notes=notes)


Tables = dict[str, Table]


def find_tables(book: Book) -> Tables:
    """The register's tables that the file has, by the titles of their own sheets: by title or, renamed, by headings."""
    tables = {CASES: find_table(book, SPELLINGS[CASES], CASES, numbers=NUMBERS[CASES])}
    for title in (PLACES, FIGURES, LINKS):
        table = find_table(book, SPELLINGS[title], title, optional=OPTIONAL.get(title), numbers=NUMBERS[title])
        sheet = book.sheet(title)
        if (sheet and not sheet.is_hidden) or not table.missing:
            tables[title] = table if table.row or not sheet else Table(sheet, SPELLINGS[title])
    return tables


def check_headings(tables: Tables, _: Book) -> Iterator[CellError]:
    """The form's headings are there."""
    for table in tables.values():
        sheet = table.sheet.title
        if not table.columns:
            message = "台帳の見出しがありません。事例の台帳ではないようです。様式か、書き出した台帳を使ってください。"
            yield CellError(sheet, 1, "A", "not_a_register", message)
            continue
        for heading in table.missing:
            message = f"{table.row}行目に見出し「{heading}」がありません。様式か、書き出した台帳を使ってください。"
            yield CellError(sheet, table.row, "A", "heading_missing", message)
        yield from table.contradictions()


def check_count(tables: Tables, _: Book) -> Iterator[CellError]:
    """There are 1 to 500 cases."""
    table = tables[CASES]
    count = len(table.records)
    if not count and NUMBER in table.columns:
        row = table.row + 1
        yield CellError(table.sheet.title, row, "A", "empty", f"{row}行目から、事例を1行に1件ずつ入力してください。")
    if count > MOST:
        message = f"一度に取り込めるのは{MOST}件までです（このファイルは{count}件）。分けて取り込んでください。"
        yield CellError(table.sheet.title, next(iter(table.records[MOST].values())).row, "A", "too_many", message)


def check_cells(tables: Tables, _: Book) -> Iterator[CellError]:
    """Nothing stands in a cell that can't be taken as it is: formulas without result, errors, percentages."""
    for table in tables.values():
        yield from table.problems()


def check_numbers(tables: Tables, _: Book) -> Iterator[CellError]:
    """No case number comes twice."""
    cells = [record[NUMBER] for record in tables[CASES].records if record[NUMBER].text]
    counts = Counter(cell.text for cell in cells)
    seen: dict[str, int] = {}
    for cell in cells:
        if counts[cell.text] > 1 and cell.text in seen:
            message = f"同じ事例番号が{seen[cell.text]}行目にもあります。"
            yield CellError(tables[CASES].sheet.title, cell.row, cell.column, "number_twice", message)
        seen.setdefault(cell.text, cell.row)


def check_part_numbers(tables: Tables, _: Book) -> Iterator[CellError]:
    """Rows of organisations, figures and addresses name a case of the sheet 「事例」."""
    known = {record[NUMBER].text for record in tables[CASES].records} - {""}
    for title, table in tables.items():
        for record in table.records if title != CASES else ():
            if record[NUMBER].text not in known:
                message = f"この事例番号はシート「{CASES}」にありません。"
                yield CellError(table.sheet.title, record[NUMBER].row, record[NUMBER].column, "number_unknown", message)


class _Reader:
    """Turns lines into entries and collects what is wrong."""

    def __init__(self, tables: Tables, user, home: tuple[OrganizationPart, ...]):
        self.main: BookSheet = tables[CASES].sheet
        self.home = home
        self.errors: list[CellError] = []
        self.choices = Choices.load()
        self.given = set(tables)
        self.lines = _lines(tables)
        self.places = PlacesOfRegister(tables[PLACES], user) if PLACES in tables else None
        wanted = [line.number for line in self.lines if not line.is_new]
        visible = write.with_parts(Case.objects.for_user(user).filter(source_id__in=wanted))
        self.stored = {case.source_id: case for case in visible.select_related("field", "organization", "prefecture")}
        editable = Case.objects.editable_by(user).filter(source_id__in=wanted)
        self.editable = set(editable.values_list("source_id", flat=True))

    def entry(self, line: RegisterLine) -> RegisterEntry | None:
        """What the line would do; None where it is wrong."""
        if line.is_new:
            content = self._content(line, None)
            return RegisterEntry(NEW, content.title, content=content) if content else None
        case = self.stored.get(line.number)
        if case is None:
            message = "この番号の事例はありません。新しい事例は空欄にしてください。"
            self.errors.append(line.error(self.main.title, "not_found", message))
            return None
        if self._is_as_exported(line, case):
            return RegisterEntry(UNCHANGED, case.title, case.source_id)
        if case.source_id not in self.editable:
            state = case.get_state_display()
            message = f"この事例（{state}）は変更できません。書き出したままに戻してください。"
            self.errors.append(line.error(self.main.title, "not_yours", message))
            return None
        stored = write.content_of(case)
        content = self._content(line, stored)
        if content is None:
            return None
        changes = tuple(differences(stored, write.in_order(content, stored), self.choices.names))
        kind = CHANGED if changes else UNCHANGED
        return RegisterEntry(kind, content.title, case.source_id, case.revision, content, changes)

    def _is_as_exported(self, line: RegisterLine, case: Case) -> bool:
        """Cell by cell as the export wrote it: such a row is not judged, whoever wrote the case."""
        exported = rows_of(case)
        if _texts(CASES, [line.record]) != _plain(exported[CASES]):
            return False
        parts = (title for title in (PLACES, FIGURES, LINKS) if title in self.given)
        return all(_texts(title, line.parts[title]) == _plain(exported[title]) for title in parts)

    def _content(self, line: RegisterLine, stored: Content | None) -> Content | None:
        before = len(self.errors)
        values, errors = register_rows.case_values(self.main.title, line.record, self.choices)
        self.errors += errors
        # A sheet that the file lacks leaves the parts as they are; a new case without places is of the own organisation.
        parts: dict[str, Any] = {"organizations": self.home}
        if stored is not None:
            parts = {name: getattr(stored, name) for name in PARTS}
        for title in (PLACES, FIGURES, LINKS):
            if title in self.given and (line.parts[title] or stored is not None):
                records = line.parts[title]
                if title == PLACES and self.places:
                    known = (*stored.organizations, *stored.similar) if stored else ()
                    records = self.places.read(records, known)
                rows, errors = register_rows.part_values(title, records)
                parts |= rows
                self.errors += errors
        return Content(**values, **parts) if len(self.errors) == before else None


def _lines(tables: Tables) -> list[RegisterLine]:
    """Without rows of a number that stands twice: which parts are whose is not known. Parts of no case are left out."""
    lines = [RegisterLine(record[NUMBER].text, record) for record in tables[CASES].records]
    counts = Counter(line.number for line in lines if line.number)
    lines = [line for line in lines if counts[line.number] < 2]
    by_number = {line.number: line for line in lines if line.number}
    for title, table in tables.items():
        for record in table.records if title != CASES else ():
            if line := by_number.get(record[NUMBER].text):
                line.parts[title].append(record)
    return lines


def _texts(title: str, records: Iterable[Record]) -> list[tuple[str, ...]]:
    return [tuple(as_text(record[heading].value) for heading in EDITED[title]) for record in records]


def _plain(rows: Iterable[tuple]) -> list[tuple[str, ...]]:
    return [tuple(as_text(value) for value in row) for row in rows]


def _problems(tables: Tables, errors: Iterable[CellError]) -> Iterator[RegisterProblem]:
    """Each error with its column's heading, its value and the row's case."""
    titles = {
        record[NUMBER].text: record["題名"].text
        for record in tables[CASES].records
        if "題名" in record and NUMBER in record
    }
    by_sheet = {table.sheet.title: table for table in tables.values()}
    for error in errors:
        # The forms of a row name the sheet as the register does, whatever its title is in the file.
        table = by_sheet.get(error.sheet) or tables.get(error.sheet) or tables[CASES]
        record = {heading: table.sheet.cell(error.row, number) for heading, number in table.columns.items()}
        heading = next((name for name, cell in record.items() if cell.column == error.column), "")
        number = record[NUMBER].text if NUMBER in record else ""
        title = record["題名"].text if "題名" in record else titles.get(number, "")
        below = error.row > table.row
        value = record[heading].shown if heading and below else ""
        yield RegisterProblem(error, heading, value, " ".join(filter(None, (number, title))) if below else "")
