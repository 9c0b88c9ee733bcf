"""A register's rows through the same forms as on screen: the same rules, told by cell."""

from collections.abc import Iterable, Mapping
from typing import Any

from casestudies.domain.content import FigurePart, LinkPart, OrganizationPart
from casestudies.enums import FigureKind, PlaceKind, PlaceRole
from casestudies.forms.contribution.case import CaseForm, Choices
from casestudies.forms.contribution.rows import CostRowForm, FigureRowForm, LinkRowForm, OrganizationRowForm, RowForm
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
from dxportal.core.kana import half_width

Record = Mapping[str, Cell]
Part = OrganizationPart | FigurePart | LinkPart
PART_NAMES = ("organizations", "similar", "figures", "costs", "links")
OF_SHEET = {PLACES: ("organizations", "similar"), FIGURES: ("figures", "costs"), LINKS: ("links",)}
MOST_PARTS = 40


def case_values(sheet: str, record: Record, choices: Choices) -> tuple[dict[str, Any], list[CellError]]:
    """Keywords for ``Content``, or the errors."""
    data, errors = _case_data(sheet, record, choices)
    form = CaseForm(data, choices=choices)
    told = {one.column for one in errors}
    for error in _errors(sheet, record, form, CASE_COLUMNS):
        errors += [error] if error.column not in told else []
    return ({} if errors else form.values()), errors


def _case_data(sheet: str, record: Record, choices: Choices) -> tuple[dict[str, Any], list[CellError]]:
    """Names become codes; what is no name of the list is an error here, as the form would only say 「選択してください」."""
    data: dict[str, Any] = {name: record[heading].text for heading, name in CASE_COLUMNS.items()}
    data["step"] = half_width(data["step"]).strip().removeprefix("ステップ").strip()
    errors = []
    lists = {
        "field": choices.fields,
        "areas": choices.areas,
        "outcomes": choices.outcomes,
        "mindsets": choices.mindsets,
    }
    for heading, name in CASE_COLUMNS.items():
        if name in lists:
            codes, unknown = _codes(data[name], lists[name])
            data[name] = (codes or [""])[0] if name == "field" else codes
            if unknown or (name == "field" and len(codes) > 1):
                message = f"「{unknown or record[heading].text}」という{heading}はありません。シート「選択肢」の名称を使ってください。"
                errors.append(CellError(sheet, record[heading].row, record[heading].column, "not_in_list", message))
    return data, errors


def _codes(text: str, pairs: Iterable[tuple[str, str]]) -> tuple[list[str], str]:
    """The codes of the names in a cell, and the first word that is none. A name may hold 「、」 itself."""
    known = {name: code for code, name in pairs} | {code: code for code, _ in pairs}
    codes = []
    for line in filter(None, (one.strip() for one in text.split("\n"))):
        for word in [line] if line in known else filter(None, (one.strip() for one in line.split("、"))):
            if word not in known:
                return codes, word
            codes.append(known[word])
    return codes, ""


def part_values(sheet: str, records: Iterable[Record]) -> tuple[dict[str, tuple[Part, ...]], list[CellError]]:
    """The parts of one case by name, or the errors."""
    found: dict[str, list[Part]] = {name: [] for name in OF_SHEET[sheet]}
    errors: list[CellError] = []
    for record in records:
        name, data, wrong = _PREPARE[sheet](record)
        form = _FORMS[name](data)
        wrong = [CellError(sheet, *one) for one in wrong] or list(_errors(sheet, record, form, _COLUMNS[sheet]))
        errors += wrong
        if not wrong:
            found[name].append(_with_printed(form.value(), record))
        if len(found[name]) > MOST_PARTS:
            cell = next(iter(record.values()))
            errors.append(CellError(sheet, cell.row, cell.column, "too_many", f"1件の事例に{MOST_PARTS}行までです。"))
    return {name: tuple(parts) for name, parts in found.items()}, errors


Prepared = tuple[str, dict[str, str], list[tuple[int, str, str, str]]]


def _place(record: Record) -> Prepared:
    data = {name: as_text(record[heading].value) for heading, name in PLACE_COLUMNS.items()}
    wrong = []
    role = _choice(record[ROLE], PlaceRole, wrong, default=PlaceRole.MAIN)
    data["kind"] = _choice(record["区分"], PlaceKind, wrong)
    return ("similar" if role == PlaceRole.SIMILAR else "organizations"), data, wrong


def _figure(record: Record) -> Prepared:
    data = {name: as_text(record[heading].value) for heading, name in FIGURE_COLUMNS.items()}
    wrong = []
    kind = _choice(record[KIND], FigureKind, wrong, default=FigureKind.FIGURE)
    if kind == FigureKind.COST and data["unit"] not in ("", "円"):
        wrong.append((record["単位"].row, record["単位"].column, "unit", "費用は円の単位で入力してください。"))
    return ("costs" if kind == FigureKind.COST else "figures"), data, wrong


def _link(record: Record) -> Prepared:
    return "links", {name: record[heading].text for heading, name in LINK_COLUMNS.items()}, []


def _choice(cell: Cell, choices: Any, wrong: list, default: str = "") -> str:
    by_label = {label: value for value, label in choices.choices} | {value: value for value in choices.values}
    if not cell.text:
        return default
    if cell.text not in by_label:
        message = f"次のいずれかを入力してください：{'、'.join(choices.labels)}"
        wrong.append((cell.row, cell.column, "not_in_list", message))
    return by_label.get(cell.text, default)


def _with_printed(part: Part, record: Record) -> Part:
    if isinstance(part, FigurePart) and record["資料の表記"].text:
        return FigurePart(part.value, part.meaning, part.unit, record["資料の表記"].text[:100])
    return part


def _errors(sheet: str, record: Record, form: Any, columns: Mapping[str, str]) -> Iterable[CellError]:
    headings = {name: heading for heading, name in columns.items()}
    for name, errors in form.errors.items():
        cell = record[headings[name]] if name in headings else next(iter(record.values()))
        yield from (CellError(sheet, cell.row, cell.column, "value", message) for message in errors)


_PREPARE = {PLACES: _place, FIGURES: _figure, LINKS: _link}
_COLUMNS = {PLACES: PLACE_COLUMNS, FIGURES: FIGURE_COLUMNS, LINKS: LINK_COLUMNS}
_FORMS: dict[str, type[RowForm]] = {
    "organizations": OrganizationRowForm, "similar": OrganizationRowForm, "figures": FigureRowForm, "costs": CostRowForm, "links": LinkRowForm,
}  # fmt: skip
