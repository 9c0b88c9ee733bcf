"""Step scores from a workbook: every problem at its cell, nothing stored unless the whole file is right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from assessments.domain.tiers.step_scores import WORTH, StepScores
from dxportal.core.intake.book import Book, BookSheet, Cell, CellError, run_checks
from dxportal.core.organizations.domain.matching import Place, PlaceMatch, PlaceMatcher
from dxportal.core.organizations.domain.places import known_places
from dxportal.core.organizations.models import Organization
from dxportal.core.ui import japanese

CODE = "団体コード"
NAME = "団体名"
PREFECTURE = ("都道府県名", "都道府県")  # not of the form, but of many lists: it tells towns of one name apart
STEPS = {"STEP0": 0, "STEP1": 1, "STEP2": 2, "STEP3": 3}
HEADINGS = (CODE, NAME, *STEPS)
Record = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What a file says. ``rows`` is empty while there are ``errors``, among which the warnings are then told too.

    Without errors each of ``warnings`` is to be confirmed before anything is written.
    """

    rows: tuple[StepScores, ...]
    errors: tuple[CellError, ...] = ()
    warnings: tuple[CellError, ...] = ()


def read_step_scores(book: Book, municipalities: Iterable[Organization]) -> ScoreSheet:
    """The scores of the first sheet, matched to ``municipalities`` by code, else by name."""
    places = PlacesOfRows(municipalities)
    problems = run_checks(book, [check_headings, check_rows_there], [places.check, check_scores])
    if any(problem.severity == "error" for problem in problems):
        return ScoreSheet((), tuple(problems))
    rows = [
        StepScores(place.pk, {step: Fraction(_number(record[heading])) for heading, step in STEPS.items()})
        for record in book.first.records()
        if (place := places.place(record))
    ]
    return ScoreSheet(tuple(rows), (), tuple(problems))


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


class PlacesOfRows:
    """Which municipality each row means: by code, else by name, and none twice."""

    def __init__(self, municipalities: Iterable[Organization]):
        self._matcher = PlaceMatcher(known_places(municipalities))

    def place(self, record: Record) -> Place | None:
        return self._match(record).place

    def _match(self, record: Record) -> PlaceMatch:
        prefecture = next((record[heading].text for heading in PREFECTURE if heading in record), "")
        return self._matcher.match(record[CODE].value, record[NAME].text, prefecture)

    def check(self, book: Book) -> Iterator[CellError]:
        """A name that is unlike its right code is a warning."""
        seen: dict[int, Cell] = {}
        for record in book.first.records():
            match = self._match(record)
            cell = record[CODE] if record[CODE].text else record[NAME]
            if match.place is None:
                yield _error(book.first, cell, match.problem_code, match.problem)
                continue
            if match.warning:
                yield replace(_error(book.first, record[NAME], "other_name", match.warning), severity="warning")
            if match.place.pk in seen:
                message = f"同じ団体が{seen[match.place.pk].row}行目にもあります。"
                yield _error(book.first, cell, "repeated", message)
            seen.setdefault(match.place.pk, cell)


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
