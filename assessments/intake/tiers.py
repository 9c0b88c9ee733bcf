"""Step scores from a workbook: every problem at its cell, nothing stored unless the whole file is right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from assessments.domain.tiers.step_scores import WORTH, StepScores
from dxportal.core.intake.book import Book, Cell, CellError, CellKind, Headings, Record, Table, find_table, run_checks
from dxportal.core.kana import half_width
from dxportal.core.organizations.domain.matching import Place, PlaceMatch, PlaceMatcher
from dxportal.core.organizations.domain.places import known_places
from dxportal.core.organizations.models import Organization
from dxportal.core.ui import japanese

CODE = "団体コード"
NAME = "団体名"
PREFECTURE = ("都道府県名", "都道府県")  # not of the form, but of many lists: it tells towns of one name apart
AMONG = "県内の市町村"
STEPS = {"STEP0": 0, "STEP1": 1, "STEP2": 2, "STEP3": 3}
HEADINGS = (CODE, NAME, *STEPS)
SPELLINGS: Headings = {
    CODE: (CODE, "市区町村コード", "市町村コード", "自治体コード", "全国地方公共団体コード", "コード"),
    NAME: (NAME, "市区町村名", "市町村名", "自治体名", "地方公共団体名", "名称", "団体", "市区町村", "市町村"),
} | {
    heading: (heading, f"ステップ{step}", f"{heading}得点", f"{heading}の得点", f"得点{heading}", f"ステップ{step}得点")
    for heading, step in STEPS.items()
}


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What a file says. ``rows`` is empty while there are ``errors``, among which the warnings are then told too.

    Without errors each of ``warnings`` is to be confirmed before anything is written. ``notes`` say what was passed over.
    """

    rows: tuple[StepScores, ...]
    errors: tuple[CellError, ...] = ()
    warnings: tuple[CellError, ...] = ()
    notes: tuple[str, ...] = ()


def read_step_scores(book: Book, municipalities: Iterable[Organization], among: str = AMONG) -> ScoreSheet:
    """The scores of the sheet with the headings, matched to ``municipalities`` by code, else by name.

    ``among`` says in messages which municipalities those are.
    """
    table = find_table(book, SPELLINGS, optional={PREFECTURE[0]: PREFECTURE}, numbers=tuple(STEPS))
    places = PlacesOfRows(municipalities, table, among)
    structure = [partial(check_headings, table), partial(check_rows_there, table)]
    problems = run_checks(book, structure, [places.check, partial(check_scores, table)])
    if any(problem.severity == "error" for problem in problems):
        return ScoreSheet((), tuple(problems), notes=table.notes)
    rows = [
        StepScores(place.pk, {step: Fraction(_number(record[heading])) for heading, step in STEPS.items()})
        for record in table.records
        if (place := places.place(record))
    ]
    return ScoreSheet(tuple(rows), (), tuple(problems), table.notes)


def check_headings(table: Table, _: Book) -> Iterator[CellError]:
    """All headings are there, and none twice over different values."""
    for heading in table.missing:
        where = (
            f"{table.row}行目に見出し「{heading}」がありません" if table.row else f"見出し「{heading}」が見つかりません"
        )
        message = f"{where}。様式をダウンロードして使ってください。"
        yield CellError(table.sheet.title, table.row or 1, "A", "heading_missing", message)
    yield from table.contradictions()


def check_rows_there(table: Table, _: Book) -> Iterator[CellError]:
    """At least one municipality below the headings."""
    if not table.records:
        row = (table.row or 1) + 1
        yield CellError(table.sheet.title, row, "A", "empty", f"{row}行目から、団体ごとの得点を入力してください。")


def check_scores(table: Table, _: Book) -> Iterator[CellError]:
    """Scores run from 0 to 30 with one decimal at most."""
    for record in table.records:
        for heading in STEPS:
            if message := _score_problem(record[heading]):
                yield _error(table, record[heading], "score", f"{heading}の得点：{message}")


class PlacesOfRows:
    """Which municipality each row means: by code, else by name, and none twice."""

    def __init__(self, municipalities: Iterable[Organization], table: Table, among: str):
        self._matcher = PlaceMatcher(known_places(municipalities), among)
        self._table = table

    def place(self, record: Record) -> Place | None:
        return self._match(record).place

    def _match(self, record: Record) -> PlaceMatch:
        prefecture = next((record[heading].text for heading in PREFECTURE if heading in record), "")
        return self._matcher.match(record[CODE].value, record[NAME].text, prefecture)

    def check(self, _: Book) -> Iterator[CellError]:
        """A name that is unlike its right code is a warning."""
        seen: dict[int, Cell] = {}
        for record in self._table.records:
            cell = record[CODE] if record[CODE].is_filled or record[CODE].problem else record[NAME]
            if cell.problem:
                yield _error(self._table, cell, "place", cell.problem)
                continue
            match = self._match(record)
            if match.place is None:
                yield _error(self._table, cell, match.problem_code, match.problem)
                continue
            if match.warning:
                yield replace(_error(self._table, record[NAME], "other_name", match.warning), severity="warning")
            if match.place.pk in seen:
                message = f"同じ団体が{seen[match.place.pk].row}行目にもあります。"
                yield _error(self._table, cell, "repeated", message)
            seen.setdefault(match.place.pk, cell)


def _score_problem(cell: Cell) -> str:
    if cell.number_problem:
        return cell.number_problem
    if cell.kind is CellKind.EMPTY:
        return "空欄です。得点を入力してください。得点がまだない団体は、行ごと除いてください。"
    if "%" in half_width(cell.text):
        return f"「{cell.text}」はパーセントです。点数を数字で入力してください（例：15）。"
    try:
        score = _number(cell)
    except japanese.InputError:
        return f"数字で入力してください（例：15）。値：「{cell.text}」"
    if not 0 <= score <= WORTH:
        return f"0～{WORTH}の数で入力してください。値：「{cell.text}」"
    return f"小数第1位までで入力してください。値：「{cell.text}」" if score != round(score, 1) else ""


def _number(cell: Cell) -> Decimal:
    return japanese.parse_number(cell.text)


def _error(table: Table, cell: Cell, code: str, message: str) -> CellError:
    return CellError(table.sheet.title, cell.row, cell.column, code, message)
