"""A register's rows through the same forms as on screen: the same rules, told by cell."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from casestudies.domain.content import FigurePart, Part
from casestudies.enums import STEPS, FigureKind, PlaceKind, PlaceRole
from casestudies.forms.contribution.case import CaseForm, Choices, Pairs
from casestudies.forms.contribution.fields import SEPARATORS
from casestudies.forms.contribution.rows import ROWS
from casestudies.intake.contribution.sheets import (
    CASE_COLUMNS,
    FIGURE_COLUMNS,
    FIGURES,
    KIND,
    LINK_COLUMNS,
    LINKS,
    PLACE_COLUMNS,
    PLACES,
    ROLE,
    as_text,
)
from dxportal.core.intake.book import Cell, CellError
from dxportal.core.kana import even_width
from dxportal.core.taxonomy.spelling import by_spelling, codes_in, word_key
from dxportal.core.unseen import unseen

Record = Mapping[str, Cell]
OF_SHEET = {PLACES: ("organizations", "similar"), FIGURES: ("figures", "costs"), LINKS: ("links",)}
MOST_PARTS = 40
SIGNS = ("-", "−", "+")
STEP_BY_SPELLING = {
    word_key(text): str(number)
    for number, label in STEPS.items()
    for name in (label.split()[1],)
    for text in (
        str(number),
        f"ステップ{number}",
        f"STEP{number}",
        f"STEP{number}{name}",
        f"{number}{name}",
        label,
        name,
    )
}


def case_values(sheet: str, record: Record, choices: Choices) -> tuple[dict[str, Any], list[CellError]]:
    """Keywords for ``Content``, or the errors."""
    data: dict[str, Any] = {name: record[heading].text for heading, name in CASE_COLUMNS.items()}
    data["step"] = _step(data["step"])
    errors = []
    # Names become codes; what is no name of the list is an error here, as the form would only say 「選択してください」.
    lists = {
        "field": (choices.fields, choices.other_terms),
        "areas": (choices.areas, choices.other_areas),
        "outcomes": (choices.outcomes, choices.other_terms),
        "mindsets": (choices.mindsets, choices.other_terms),
    }
    for heading, name in CASE_COLUMNS.items():
        if name in lists:
            codes, unknown = _codes(data[name], *lists[name])
            data[name] = (codes or [""])[0] if name == "field" else codes
            if unknown or (name == "field" and len(codes) > 1):
                wrong = unknown or record[heading].text
                message = f"「{wrong}」という{heading}はありません。シート「選択肢」の名称を使ってください。"
                errors.append(CellError(sheet, record[heading].row, record[heading].column, "not_in_list", message))
    form = CaseForm(data, choices=choices)
    refused = {error.column for error in errors}
    errors += [error for error in _errors(sheet, record, form, CASE_COLUMNS) if error.column not in refused]
    return ({} if errors else form.values()), errors


def _codes(text: str, pairs: Pairs, others: Pairs) -> tuple[list[str], str]:
    """The codes of the names in a cell, each once, and the first word that is none."""
    codes = {code for code, _ in pairs}
    known = by_spelling(pairs, [(code, name) for code, name in others if code in codes])
    parts = [part for part in SEPARATORS.split(text) if word_key(part)]
    given, unknown = codes_in(parts, known)
    return list(dict.fromkeys(given)), unknown.strip()


def _step(text: str) -> str:
    """「2」 out of 「ステップ２」, 「Step 2」 or the step's name; anything else as it stands, to be refused."""
    text = even_width(text).strip()
    return text if text[:1] in SIGNS else STEP_BY_SPELLING.get(word_key(text), text)


def part_values(sheet: str, records: Iterable[Record]) -> tuple[dict[str, tuple[Part, ...]], list[CellError]]:
    """The parts of one case by the name of their field, or the errors."""
    parts: dict[str, list[Part]] = {name: [] for name in OF_SHEET[sheet]}
    errors: list[CellError] = []
    for record in records:
        name, data, wrong = PREPARE[sheet](record)
        form = ROWS[name].form(data)
        wrong = wrong or list(_errors(sheet, record, form, COLUMNS[sheet]))
        errors += wrong
        if not wrong:
            part = form.value()
            # A form doesn't ask how a document prints a figure; the register keeps it.
            if isinstance(part, FigurePart) and record["資料の表記"].text:
                part = replace(part, printed=record["資料の表記"].text[:100])
            parts[name].append(part)
        if len(parts[name]) > MOST_PARTS:
            cell = next(iter(record.values()))
            errors.append(CellError(sheet, cell.row, cell.column, "too_many", f"1件の事例に{MOST_PARTS}行までです。"))
    return {name: tuple(rows) for name, rows in parts.items()}, errors


# The field that a row belongs to, what its form is given, and what is wrong already.
Prepared = tuple[str, dict[str, str], list[CellError]]


def _place(record: Record) -> Prepared:
    data = {name: as_text(record[heading].value) for heading, name in PLACE_COLUMNS.items()}
    wrong: list[CellError] = []
    role = _choice(PLACES, record[ROLE], PlaceRole, wrong, default=PlaceRole.MAIN)
    data["kind"] = _choice(PLACES, record["区分"], PlaceKind, wrong)
    return ("similar" if role == PlaceRole.SIMILAR else "organizations"), data, wrong


def _figure(record: Record) -> Prepared:
    data = {name: as_text(record[heading].value) for heading, name in FIGURE_COLUMNS.items()}
    wrong: list[CellError] = []
    printed = record["資料の表記"]
    if sentence := unseen(printed.text):  # the one cell that no form looks at
        wrong.append(CellError(FIGURES, printed.row, printed.column, "unseen", sentence))
    kind = _choice(FIGURES, record[KIND], FigureKind, wrong, default=FigureKind.FIGURE)
    if kind == FigureKind.COST and data["unit"] not in ("", "円"):
        unit = record["単位"]
        wrong.append(CellError(FIGURES, unit.row, unit.column, "unit", "費用は円の単位で入力してください。"))
    return ("costs" if kind == FigureKind.COST else "figures"), data, wrong


def _link(record: Record) -> Prepared:
    return "links", {name: record[heading].text for heading, name in LINK_COLUMNS.items()}, []


def _choice(sheet: str, cell: Cell, choices: Any, wrong: list[CellError], default: str = "") -> str:
    by_label = by_spelling(choices.choices)
    if not cell.text:
        return default
    key = word_key(cell.text)
    if key not in by_label:
        message = f"次のいずれかを入力してください：{'、'.join(choices.labels)}"
        wrong.append(CellError(sheet, cell.row, cell.column, "not_in_list", message))
    return by_label.get(key, default)


def _errors(sheet: str, record: Record, form: Any, columns: Mapping[str, str]) -> Iterable[CellError]:
    headings = {name: heading for heading, name in columns.items()}
    for name, errors in form.errors.items():
        cell = record[headings[name]] if name in headings else next(iter(record.values()))
        yield from (CellError(sheet, cell.row, cell.column, "value", message) for message in errors)


PREPARE = {PLACES: _place, FIGURES: _figure, LINKS: _link}
COLUMNS = {PLACES: PLACE_COLUMNS, FIGURES: FIGURE_COLUMNS, LINKS: LINK_COLUMNS}
