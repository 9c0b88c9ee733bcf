"""The register of cases from a workbook or CSV: every problem at its cell with its row, and what would change.

A CSV holds the sheet 事例 alone; organisations, figures and addresses of its cases stay as they are. The same goes for a
workbook that lacks a sheet.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casestudies.domain.content import PARTS, Content, OrganizationPart, differences
from casestudies.domain.contribution import write
from casestudies.domain.contribution.register import CHANGED, NEW, UNCHANGED, RegisterEntry
from casestudies.forms.contribution.case import Choices
from casestudies.intake.contribution import rows as register_rows
from casestudies.intake.contribution.sheets import CASES, EDITED, FIGURES, LINKS, NUMBER, PLACES, as_text, rows_of
from casestudies.models import Case
from dxportal.core.intake.book import Book, BookSheet, Cell, CellError, Limits, run_checks

MOST = 500
LIMITS = Limits(rows=10_000, columns=80, sheets=12)
BLANK_NEW = "新規"
Record = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class RegisterProblem:
    """An error with what stands there and the row that it is in."""

    error: CellError
    heading: str
    value: str
    row: str


@dataclass(frozen=True, slots=True)
class Register:
    """What a file says. ``entries`` is empty while there are problems."""

    entries: tuple[RegisterEntry, ...] = ()
    problems: tuple[RegisterProblem, ...] = ()


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
    main = _main(book)
    entries: list[RegisterEntry] = []

    def check_rows(book: Book) -> list[CellError]:
        reader = _Reader(book, main, user, home)
        entries.extend(filter(None, (reader.entry(line) for line in reader.lines)))
        return reader.errors

    errors = run_checks(book, [check_headings, check_count], [check_numbers, check_part_numbers, check_rows])
    if errors:
        return Register(problems=tuple(_problems(book, main, errors)))
    return Register(entries=tuple(entries))


def _main(book: Book) -> BookSheet:
    return book.sheet(CASES) or book.first


def _present(book: Book) -> Iterator[tuple[str, BookSheet]]:
    """The register's sheets that the file has, by their own titles."""
    yield CASES, _main(book)
    for title in (PLACES, FIGURES, LINKS):
        if sheet := book.sheet(title):
            yield title, sheet


def check_headings(book: Book) -> Iterator[CellError]:
    """The first row has the form's headings."""
    for title, sheet in _present(book):
        header = sheet.header()
        if not header.keys() & set(EDITED[title]):
            message = "台帳の見出しがありません。事例の台帳ではないようです。様式か、書き出した台帳を使ってください。"
            yield CellError(sheet.title, 1, "A", "not_a_register", message)
            continue
        for heading in EDITED[title]:
            if heading not in header:
                message = f"1行目に見出し「{heading}」がありません。様式か、書き出した台帳を使ってください。"
                yield CellError(sheet.title, 1, "A", "heading_missing", message)


def check_count(book: Book) -> Iterator[CellError]:
    """There are 1 to 500 cases."""
    sheet = _main(book)
    count = sum(1 for _ in sheet.records())
    if not count and NUMBER in sheet.header():
        yield CellError(sheet.title, 2, "A", "empty", "2行目から、事例を1行に1件ずつ入力してください。")
    if count > MOST:
        message = f"一度に取り込めるのは{MOST}件までです（このファイルは{count}件）。分けて取り込んでください。"
        yield CellError(sheet.title, MOST + 2, "A", "too_many", message)


def check_numbers(book: Book) -> Iterator[CellError]:
    """No case number comes twice."""
    sheet = _main(book)
    cells = [record[NUMBER] for record in sheet.records() if record[NUMBER].text]
    counts = Counter(cell.text for cell in cells)
    seen: dict[str, int] = {}
    for cell in cells:
        if counts[cell.text] > 1 and cell.text in seen:
            message = f"同じ事例番号が{seen[cell.text]}行目にもあります。"
            yield CellError(sheet.title, cell.row, cell.column, "number_twice", message)
        seen.setdefault(cell.text, cell.row)


def check_part_numbers(book: Book) -> Iterator[CellError]:
    """Rows of organisations, figures and addresses name a case of the sheet 「事例」."""
    known = {record[NUMBER].text for record in _main(book).records()} - {""}
    for title, sheet in _present(book):
        if title == CASES:
            continue
        for record in sheet.records():
            if record[NUMBER].text not in known:
                message = f"この事例番号はシート「{CASES}」にありません。"
                yield CellError(sheet.title, record[NUMBER].row, record[NUMBER].column, "number_unknown", message)


class _Reader:
    """Turns lines into entries and collects what is wrong."""

    def __init__(self, book: Book, main: BookSheet, user, home: tuple[OrganizationPart, ...]):
        self.main = main
        self.home = home
        self.errors: list[CellError] = []
        self.choices = Choices.load()
        self.given = {title for title, _ in _present(book)}
        self.lines = _lines(book, main)
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
                rows, errors = register_rows.part_values(title, line.parts[title])
                parts |= rows
                self.errors += errors
        return Content(**values, **parts) if len(self.errors) == before else None


def _lines(book: Book, main: BookSheet) -> list[RegisterLine]:
    """Without rows of a number that stands twice: which parts are whose is not known. Parts of no case are left out."""
    lines = [RegisterLine(record[NUMBER].text, record) for record in main.records()]
    counts = Counter(line.number for line in lines if line.number)
    lines = [line for line in lines if counts[line.number] < 2]
    by_number = {line.number: line for line in lines if line.number}
    for title, sheet in _present(book):
        for record in sheet.records() if title != CASES else ():
            if line := by_number.get(record[NUMBER].text):
                line.parts[title].append(record)
    return lines


def _texts(title: str, records: Iterable[Record]) -> list[tuple[str, ...]]:
    return [tuple(as_text(record[heading].value) for heading in EDITED[title]) for record in records]


def _plain(rows: Iterable[tuple]) -> list[tuple[str, ...]]:
    return [tuple(as_text(value) for value in row) for row in rows]


def _problems(book: Book, main: BookSheet, errors: Iterable[CellError]) -> Iterator[RegisterProblem]:
    """Each error with its column's heading, its value and the row's case."""
    titles = {
        record[NUMBER].text: record["題名"].text for record in main.records() if "題名" in record and NUMBER in record
    }
    for error in errors:
        sheet = book.sheet(error.sheet) or main
        record = {heading: sheet.cell(error.row, number) for heading, number in sheet.header().items()}
        heading = next((name for name, cell in record.items() if cell.column == error.column), "")
        number = record[NUMBER].text if NUMBER in record else ""
        title = record["題名"].text if "題名" in record else titles.get(number, "")
        value = record[heading].text if heading and error.row > 1 else ""
        yield RegisterProblem(error, heading, value, " ".join(filter(None, (number, title))) if error.row > 1 else "")
