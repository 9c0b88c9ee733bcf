"""The parts of a workbook beside its sheets: what it lists, shared texts, how numbers are shown."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import BROKEN, LONGEST_TEXT, TOO_LONG, Budget, Limits
from dxportal.core.intake.values import plain_value
from dxportal.core.intake.xlsx.archive import Archive, resolved
from dxportal.core.intake.xlsx.number_formats import Shown, shown_by_id
from dxportal.core.intake.xlsx.xml_part import PACKAGE, RELATION_IDS, Attributes, XmlPart

WORKBOOK = "xl/workbook.xml"
ON = frozenset({"1", "true", "on"})
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
MOST_FORMATS = 65_490  # Excel's most of cell formats
TOO_MANY_FORMATS = "セルの書式が多すぎます。新しいブックに値だけを貼り付けて、保存し直してください。"
TOO_MANY_NAMES = "名前の定義などが多すぎます。新しいブックに値だけを貼り付けて、保存し直してください。"
TOO_MANY_TEXTS = "ファイルの文字が多すぎます。不要なシートを除いて保存し直してください。"
MOST_NAMES = 50_000  # elements of the workbook's own part


@dataclass(frozen=True, slots=True)
class ListedSheet:
    title: str
    state: str
    path: str


@dataclass(slots=True)
class Workbook:
    """What a workbook says of itself. ``to_compute``: the results stored with its formulas are not the true ones."""

    sheets: list[ListedSheet] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    formats: list[Shown] = field(default_factory=list)
    epoch: dt.datetime = CALENDAR_WINDOWS_1900
    to_compute: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    path: str


def read_workbook(archive: Archive, budget: Budget, limits: Limits) -> Workbook:
    roots = relations(archive, budget, "")
    path = next((relation.path for relation in roots.values() if relation.kind == "officeDocument"), WORKBOOK)
    related = relations(archive, budget, path)
    workbook = _listed(archive, budget, limits, path, related)
    for relation in related.values():
        if relation.kind == "styles" and relation.path in archive:
            workbook.formats = _formats(archive, budget, relation.path)
        elif relation.kind == "sharedStrings" and relation.path in archive:
            workbook.texts = _texts(archive, budget, relation.path)
    return workbook


def relations(archive: Archive, budget: Budget, of: str) -> dict[str, Relation]:
    """Those of a part by their id; what lies outside the file is left alone."""
    folder, slash, name = of.rpartition("/")
    path = f"{folder}{slash}_rels/{name}.rels"
    by_id: dict[str, Relation] = {}
    if path not in archive:
        return by_id

    def relation(attributes: Attributes) -> None:
        if attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            by_id[attributes.get("Id", "")] = Relation(kind, resolved(attributes.get("Target", ""), of))

    part = XmlPart(budget, PACKAGE)
    part.at_start("Relationship", relation)
    part.read(archive.open(path))
    return by_id


def _listed(archive: Archive, budget: Budget, limits: Limits, path: str, related: dict[str, Relation]) -> Workbook:
    workbook = Workbook()
    titles: set[str] = set()

    def sheet(attributes: Attributes) -> None:
        key = next((attributes[name] for name in RELATION_IDS if name in attributes), "")
        relation = related.get(key)
        title = attributes.get("name", "")
        if relation is None or not title or title in titles:
            raise UnreadableBookError(BROKEN)
        titles.add(title)
        if relation.kind == "worksheet":  # charts and dialogs have sheets of their own, without cells
            workbook.sheets.append(ListedSheet(title, attributes.get("state", "visible"), relation.path))
        if len(titles) > limits.sheets:
            raise UnreadableBookError(f"シートが多すぎます。{limits.sheets}枚以内にしてください。")

    def properties(attributes: Attributes) -> None:
        if attributes.get("date1904") in ON:
            workbook.epoch = CALENDAR_MAC_1904

    def calculation(attributes: Attributes) -> None:
        workbook.to_compute = attributes.get("fullCalcOnLoad") in ON

    def protection(attributes: Attributes) -> None:
        workbook.protected = any(attributes.get(name) in ON for name in ("lockStructure", "lockWindows"))

    own = Budget(limits)
    own.elements = MOST_NAMES
    own.parsed = budget.parsed
    part = XmlPart(own, too_many=TOO_MANY_NAMES)
    part.at_start("sheet", sheet)
    part.at_start("workbookPr", properties)
    part.at_start("calcPr", calculation)
    part.at_start("workbookProtection", protection)
    part.read(archive.open(path))
    budget.parsed = own.parsed
    if not workbook.sheets:
        raise UnreadableBookError(BROKEN)
    return workbook


def _formats(archive: Archive, budget: Budget, path: str) -> list[Shown]:
    """By the number that cells name."""
    codes: dict[int, str] = {}
    formats: list[Shown] = []
    inside = [False]

    def code(attributes: Attributes) -> None:
        codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def cell_format(attributes: Attributes) -> None:
        if inside[0]:
            formats.append(shown_by_id(int(attributes.get("numFmtId", "0")), codes))
        if len(formats) > MOST_FORMATS:
            raise UnreadableBookError(TOO_MANY_FORMATS)

    part = XmlPart(budget, too_many=TOO_MANY_FORMATS)
    part.at_start("numFmt", code)
    part.at_start("cellXfs", lambda _: inside.__setitem__(0, True))
    part.at_end("cellXfs", lambda: inside.__setitem__(0, False))
    part.at_start("xf", cell_format)
    part.read(archive.open(path))
    return formats


def _texts(archive: Archive, budget: Budget, path: str) -> list[str | None]:
    """The shared texts, each as a cell would hold it."""
    texts: list[str | None] = []
    pieces: list[str] = []

    def end() -> None:
        # Trimmed here and not where a cell refers to it: all cells may refer to one long text.
        texts.append(plain_value(joined(pieces)))
        pieces.clear()

    part = XmlPart(budget, too_many=TOO_MANY_TEXTS)
    part.gather("t", pieces.append)
    part.skip("rPh")
    part.at_end("si", end)
    part.read(archive.open(path))
    return texts


def joined(pieces: Sequence[str]) -> str:
    """One text out of its runs, which stand apart where their letters look different."""
    text = "".join(pieces)
    if len(text) > LONGEST_TEXT:
        raise UnreadableBookError(TOO_LONG)
    return plain_text(text)


def plain_text(text: str) -> str:
    """Escapes as the characters that they stand for; control characters go."""
    if "_x" in text:
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return CONTROL.sub("", text)
