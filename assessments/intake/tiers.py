"""Step scores from a workbook: every problem at its cell, nothing stored unless the whole file is right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.domain.tiers.step_scores import WORTH, StepScores
from dxportal.core.intake.book import Book, BookSheet, Cell, CellError, run_checks
from dxportal.core.kana import half_width
from dxportal.core.organizations.models import Organization
from dxportal.core.ui import japanese

CODE = "団体コード"
NAME = "団体名"
STEPS = {"STEP0": 0, "STEP1": 1, "STEP2": 2, "STEP3": 3}
HEADINGS = (CODE, NAME, *STEPS)
Record = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What a file says. ``rows`` is empty while there are errors."""

    rows: tuple[StepScores, ...]
    errors: tuple[CellError, ...]


def read_step_scores(book: Book, municipalities: Iterable[Organization]) -> ScoreSheet:
    """The scores of the first sheet, matched to ``municipalities`` by code, else by name."""
    known = KnownMunicipalities(municipalities)
    errors = run_checks(book, [check_headings, check_rows_there], [known.check, check_scores])
    if errors:
        return ScoreSheet((), tuple(errors))
    rows = [
        StepScores(town.pk, {step: Fraction(_number(record[heading])) for heading, step in STEPS.items()})
        for record in book.first.records()
        if (town := known.find(record))
    ]
    return ScoreSheet(tuple(rows), ())


def check_headings(book: Book) -> Iterator[CellError]:
    """All headings are in the first row."""
    for heading in HEADINGS:
        if heading not in book.first.header():
            message = f"1行目に見出し「{heading}」がありません。様式をダウンロードして使ってください。"
            yield CellError(book.first.title, 1, "A", "heading_missing", message)


def check_rows_there(book: Book) -> Iterator[CellError]:
    """At least one municipality from the second row on."""
    if not any(True for _ in book.first.records()):
        yield CellError(book.first.title, 2, "A", "empty", "2行目から、団体ごとの得点を入力してください。")


def check_scores(book: Book) -> Iterator[CellError]:
    """Scores run from 0 to 30 with one decimal at most."""
    for record in book.first.records():
        for heading in STEPS:
            if message := _score_problem(record[heading]):
                yield _error(book.first, record[heading], "score", f"{heading}の得点は{message}")


class KnownMunicipalities:
    """The municipalities that a row may mean."""

    def __init__(self, municipalities: Iterable[Organization]):
        known = list(municipalities)
        coded = [(town.code, town) for town in known if town.code]
        # With the check digit or without: both are written in offices.
        self._by_code = dict(coded) | {code[:5]: town for code, town in coded}
        self._by_name = {town.name: town for town in known}

    def find(self, record: Record) -> Organization | None:
        code = half_width(record[CODE].text).strip()
        return self._by_code.get(code) if code else self._by_name.get(record[NAME].text)

    def check(self, book: Book) -> Iterator[CellError]:
        """Each row means one municipality of the prefecture, by code or else by name; both agree, and none comes twice."""
        seen: dict[int, Cell] = {}
        for record in book.first.records():
            organization = self.find(record)
            cell = record[CODE] if record[CODE].text else record[NAME]
            if organization is None:
                yield _error(book.first, cell, "unknown_place", f"県内の市町村にありません。値：「{cell.text}」")
                continue
            if record[NAME].text not in ("", organization.name):
                message = f"団体コードの団体は「{organization.name}」です。値：「{record[NAME].text}」"
                yield _error(book.first, record[NAME], "other_name", message)
            if organization.pk in seen:
                message = f"同じ団体が{seen[organization.pk].row}行目にもあります。"
                yield _error(book.first, cell, "repeated", message)
            seen.setdefault(organization.pk, cell)


def _score_problem(cell: Cell) -> str:
    if not cell.text:
        return "空欄にできません。0のときは0と入力してください。"
    try:
        score = _number(cell)
    except japanese.InputError:
        return f"数字で入力してください（例：15）。値：「{cell.text}」"
    if not 0 <= score <= WORTH:
        return f"0～{WORTH}の数で入力してください。値：「{cell.text}」"
    return f"小数第1位までで入力してください。値：「{cell.text}」" if score != round(score, 1) else ""


def _number(cell: Cell) -> Decimal:
    return japanese.parse_number(cell.text)


def _error(sheet: BookSheet, cell: Cell, code: str, message: str) -> CellError:
    return CellError(sheet.title, cell.row, cell.column, code, message)
