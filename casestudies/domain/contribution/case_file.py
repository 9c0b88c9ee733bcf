"""The library's files: YAML in, frozen rows or every error out, each with file, line, case and key. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field, Strict, StringConstraints, create_model

from casestudies.domain.content import TEXTS
from dxportal.core.intake.yaml_file import (
    SENTENCES,
    Count,
    FileError,
    FilePart,
    InvalidFileError,
    Number,
    Place,
    Some,
    Text,
    YamlFile,
)

Line = Annotated[str, StringConstraints(strip_whitespace=True)]
Words = Annotated[tuple[Text, ...], Strict(False)]
Row = TypeVar("Row", bound=FilePart)
Basis = Literal["printed", "body_text", "inferred", "unconfirmed"]


class DocumentRow(FilePart):
    code: Text
    title: Text
    publisher: Text
    fiscal_year: int
    published_on: dt.date | None = None
    population_date: dt.date | None = None
    note: Line = ""


class PlaceRow(FilePart):
    """``population`` in persons; ``basis`` says where the name comes from."""

    name: Text
    kind: Literal["prefecture", "city", "town", "village", "ward", "other"]
    kana: Line = ""
    prefecture: Line = ""
    population: Count | None = None
    staff: Count | None = None
    basis: Basis = "printed"
    url: Line = ""
    note: Line = ""


class FigureRow(FilePart):
    value: Number
    meaning: Text
    unit: Line = ""
    printed: Line = ""


class CostRow(FigureRow):
    value: Annotated[Number, Field(ge=0)]


class LinkRow(FilePart):
    label: Text
    url: Text


# Texts that a row may leave out, from the table of fields.
OPTIONAL = {text.name: (Line, "") for text in TEXTS if text.name not in ("title", "summary")}
CaseTexts = create_model("CaseTexts", __base__=FilePart, **OPTIONAL)  # type: ignore[call-overload]


class CaseRow(CaseTexts):  # type: ignore[valid-type,misc]
    source_id: Annotated[Text, Field(pattern=r"^[0-9a-z]+(-[0-9a-z]+)+$")]
    document: Text
    title: Text
    summary: Text
    field: Text
    organizations: Annotated[tuple[PlaceRow, ...], Strict(False), Some]
    page: int | None = None
    place: Line = ""
    step: Annotated[int, Field(ge=0, le=3)] | None = None
    step_basis: Basis = "printed"
    similar: Annotated[tuple[PlaceRow, ...], Strict(False)] = ()
    areas: Words = ()
    outcomes: Words = ()
    mindsets: Words = ()
    tags: Words = ()
    keywords: Words = ()
    figures: Annotated[tuple[FigureRow, ...], Strict(False)] = ()
    costs: Annotated[tuple[CostRow, ...], Strict(False)] = ()
    year: int | None = None
    links: Annotated[tuple[LinkRow, ...], Strict(False)] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        return self.outcomes + self.mindsets


@dataclass(frozen=True, slots=True)
class Library:
    documents: tuple[DocumentRow, ...]
    cases: tuple[CaseRow, ...]


def parse(documents: str, files: Mapping[str, str], *, areas: Iterable[str], terms: Iterable[str]) -> Library:
    """The library of the YAML texts (``files``: by name). InvalidFileError with every error of every file."""
    errors: list[FileError] = []
    rows = [row for _, _, row in _rows(DocumentRow, {"documents.yaml": documents}, errors)]
    known = {"areas": set(areas)} | {key: set(terms) for key in ("field", "outcomes", "mindsets")}
    if not errors:
        known["document"] = {row.code for row in rows}
    cases: list[CaseRow] = []
    places: dict[str, str] = {}
    for file, place, row in _rows(CaseRow, files, errors):
        cases.append(row)
        for key, codes in known.items():
            given = getattr(row, key)
            if strange := {*([given] if isinstance(given, str) else given)} - codes:
                file.fail((*place, key), "unknown_code", f"「{'、'.join(sorted(strange))}」は登録されていません。")
        here = f"{file.name} {file.line(place)}行目"
        if (first := places.setdefault(row.source_id, here)) != here:
            file.fail((*place, "source_id"), "duplicate", f"同じ事例番号が {first} にもあります。")
    if errors:
        raise InvalidFileError(errors)
    return Library(tuple(rows), tuple(cases))


def _rows(model: type[Row], texts: Mapping[str, str], errors: list[FileError]) -> Iterator[tuple[YamlFile, Place, Row]]:
    """Every row that can be read, with its place; ``errors`` gets what was noted once a file is through."""
    for name, text in texts.items():
        try:
            file = YamlFile(text, name, named_by="source_id")
        except InvalidFileError as error:
            errors += error.errors
            continue
        if not isinstance(file.value, list):
            file.fail((), *SENTENCES["list_type"])
        for place in file.places():
            if row := file.part(model.model_validate, place):
                yield file, place, row
        errors += file.errors
