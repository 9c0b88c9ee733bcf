"""The library's files: YAML rows become frozen rows, or errors that name file, case and key. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

SOURCE_ID = re.compile(r"^[0-9a-z]+(-[0-9a-z]+)+$")
KINDS = frozenset({"prefecture", "city", "town", "village", "ward", "other"})
BASES = frozenset({"printed", "body_text", "inferred", "unconfirmed"})


class InvalidCasesError(Exception):
    """``errors``: one line each, "file: case: what is wrong"."""

    def __init__(self, errors: Iterable[str]):
        self.errors = tuple(errors)
        super().__init__("\n".join(self.errors))


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    code: str
    title: str
    publisher: str
    fiscal_year: int
    published_on: dt.date | None = None
    population_date: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """``population`` in persons; ``basis`` says where the name comes from."""

    name: str
    kind: str
    kana: str = ""
    prefecture: str = ""
    population: int | None = None
    staff: int | None = None
    basis: str = "printed"
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    value: Decimal
    meaning: str
    unit: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    source_id: str
    document: str
    title: str
    summary: str
    field: str
    organizations: tuple[PlaceRow, ...]
    page: int | None = None
    place: str = ""
    step: int | None = None
    step_basis: str = "printed"
    similar: tuple[PlaceRow, ...] = ()
    areas: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    mindsets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    issue: str = ""
    approach: str = ""
    actions: str = ""
    outcome: str = ""
    points: str = ""
    figures: tuple[FigureRow, ...] = ()
    costs: tuple[FigureRow, ...] = ()
    cost_text: str = ""
    period: str = ""
    year: int | None = None
    links: tuple[LinkRow, ...] = ()
    notes: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        return self.outcomes + self.mindsets


@dataclass(frozen=True, slots=True)
class Library:
    documents: tuple[DocumentRow, ...]
    cases: tuple[CaseRow, ...]


PARTS = {"organizations": PlaceRow, "similar": PlaceRow, "figures": FigureRow, "costs": FigureRow, "links": LinkRow}


def parse(documents: str, files: Mapping[str, str], *, areas: Iterable[str], terms: Iterable[str]) -> Library:
    """The library of the YAML texts (``files``: by name). InvalidCasesError with every error found."""
    reader = _Reader(frozenset(areas), frozenset(terms))
    rows = [reader.row(DocumentRow, "documents", item) for item in reader.items("documents", documents)]
    reader.documents = frozenset(row.code for row in rows if row)
    cases = [reader.case(name, item) for name, text in files.items() for item in reader.items(name, text)]
    if reader.errors:
        raise InvalidCasesError(reader.errors)
    return Library(tuple(filter(None, rows)), tuple(filter(None, cases)))


class _Reader:
    """Collects what is wrong while it reads."""

    def __init__(self, areas: frozenset[str], terms: frozenset[str]):
        self.areas, self.terms, self.documents = areas, terms, frozenset()
        self.errors: list[str] = []
        self.seen: set[str] = set()

    def items(self, name: str, text: str) -> list:
        try:
            found = yaml.safe_load(text) or []
        except yaml.YAMLError as error:
            self.errors.append(f"{name}: YAMLとして読めません（{error}）")
            return []
        if not isinstance(found, list):
            self.errors.append(f"{name}: 一覧（「- 」で始まる行）ではありません")
            return []
        return found

    def case(self, name: str, item: Any) -> CaseRow | None:
        where = f"{name}: {item.get('source_id', '番号なし') if isinstance(item, dict) else item}"
        row = self.row(CaseRow, where, item)
        if row is None:
            return None
        self._check(where, row)
        return row

    def row(self, kind: type, where: str, item: Any):
        """A frozen row of ``kind``, or None where keys are unknown, missing or of the wrong type."""
        if not isinstance(item, dict):
            return self._wrong(where, "項目の組ではありません")
        known = {one.name: one for one in fields(kind)}
        required = {name for name, one in known.items() if one.default is MISSING}
        wrong = [f"「{key}」という項目はありません" for key in item.keys() - known.keys()]
        wrong += [f"「{key}」がありません" for key in sorted(required) if item.get(key) in (None, "", [])]
        values = {}
        for key in known.keys() & item.keys():
            if item[key] is not None:
                values[key] = self._value(known[key].type, key, f"{where}: {key}", item[key])
        if wrong:
            return self._wrong(where, *wrong)
        return kind(**values) if all(value is not None for value in values.values()) else None

    def _value(self, wanted: Any, key: str, where: str, value: Any) -> Any:
        if key in PARTS:
            rows = [self.row(PARTS[key], where, item) for item in value] if isinstance(value, list) else [None]
            return tuple(rows) if all(rows) else self._wrong(where, "中身を読めません")
        if wanted == tuple[str, ...]:
            right = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
            return tuple(value) if right else self._wrong(where, "文字の一覧ではありません")
        if wanted is Decimal:
            try:
                return Decimal(str(value))
            except InvalidOperation:
                return self._wrong(where, f"「{value}」は数ではありません")
        if wanted is str:
            return str(value).strip() if isinstance(value, str | int) else self._wrong(where, "文字ではありません")
        return value if isinstance(value, wanted) else self._wrong(where, f"「{value}」はこの項目に入れられません")

    def _wrong(self, where: str, *messages: str) -> None:
        self.errors += [f"{where}: {message}" for message in messages]

    def _check(self, where: str, row: CaseRow) -> None:
        places = row.organizations + row.similar
        checks = (
            (SOURCE_ID.match(row.source_id), "事例番号の形が違います"),
            (row.source_id not in self.seen, "同じ事例番号が二度あります"),
            (row.document in self.documents, f"資料「{row.document}」がありません"),
            ({row.field, *row.terms} <= self.terms, "用語にない区分・アウトカム・マインドセットがあります"),
            (set(row.areas) <= self.areas, f"分野にない値があります（{sorted(set(row.areas) - self.areas)}）"),
            (row.step is None or 0 <= row.step <= 3, "ステップは0から3です"),
            ({row.step_basis, *(place.basis for place in places)} <= BASES, "根拠の値が違います"),
            ({place.kind for place in places} <= KINDS, "団体の区分の値が違います"),
            (all(cost.value >= 0 for cost in row.costs), "費用が負の数です"),
        )
        self._wrong(where, *(message for right, message in checks if not right))
        self.seen.add(row.source_id)
