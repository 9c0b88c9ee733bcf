"""What a case says, as plain values: to compare, to show old beside new, to keep. Pure.

``Content`` is also the one table of a case's fields (``FIELDS``): form, register, history, case page, search index and
library files take names, labels and limits from it.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class OrganizationPart:
    """An organisation; ``kind`` is a ``PlaceKind``, population in persons."""

    name: str
    kind: str
    kana: str = ""
    prefecture: str = ""
    population: int | None = None
    population_date: dt.date | None = None
    staff: int | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A key figure, or a cost in yen."""

    value: Decimal
    meaning: str
    unit: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class LinkPart:
    label: str
    url: str


Part = OrganizationPart | FigurePart | LinkPart


class FieldKind(enum.Enum):
    """How a field is kept: TEXT and NUMBER in a column of that name, WORDS in an array, TERM and CODES as keys of the
    taxonomy, PARTS as rows of their own."""

    TEXT = "text"
    NUMBER = "number"
    WORDS = "words"
    TERM = "term"
    CODES = "codes"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class CaseField:
    """One field of a case.

    ``limit``: characters; ``lines``: height of its box in the form, 1 for a single line; ``needed``: before the
    prefecture can look at the case; ``weight``: of a text in the search index, A to D, "" where it isn't searched;
    ``section``: a text with a heading of its own on the case's page and in the form's part 内容.
    """

    name: str
    label: str
    kind: FieldKind
    limit: int = 4000
    lines: int = 4
    needed: bool = False
    weight: str = ""
    section: bool = False
    help_text: str = ""
    part: type[Part] | None = None


def _field(kind: FieldKind, label: str, default: Any, **facts: Any) -> Any:
    return dataclasses.field(default=default, metadata={"kind": kind, "label": label, **facts})


def _text(label: str, **facts: Any) -> Any:
    return _field(FieldKind.TEXT, label, "", **facts)


def _section(label: str, help_text: str, **facts: Any) -> Any:
    return _text(label, help_text=help_text, weight="C", section=True, **facts)


def _parts(label: str, part: type[Part], **facts: Any) -> Any:
    return _field(FieldKind.PARTS, label, (), part=part, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a form or a register row can say of a case, in the order of the form.

    ``field``, ``areas``, ``terms`` are codes. A new text is one line here, a column of the model and its migration.
    """

    title: str = _text(
        "題名", limit=120, lines=1, needed=True, weight="A", help_text="何をしたかが分かる題名。120文字以内"
    )
    summary: str = _text(
        "要約",
        limit=400,
        lines=3,
        needed=True,
        weight="B",
        help_text="一覧に出ます。誰が何をして、どうなったか。80～140文字が目安、400文字以内",
    )
    organizations: tuple[OrganizationPart, ...] = _parts("取組団体", OrganizationPart, needed=True)
    field: str = _field(FieldKind.TERM, "取組の区分", "", needed=True)
    step: int | None = _field(FieldKind.NUMBER, "ステップ", None)
    areas: tuple[str, ...] = _field(FieldKind.CODES, "分野", (), needed=True)
    terms: tuple[str, ...] = _field(FieldKind.CODES, "アウトカム・マインドセット", ())
    tags: tuple[str, ...] = _field(FieldKind.WORDS, "タグ", ())
    keywords: tuple[str, ...] = _field(FieldKind.WORDS, "検索のことば", ())
    issue: str = _section("課題", "取組の前に困っていたこと")
    approach: str = _section("進め方", "どのように進めたか（体制、順序、工夫）")
    actions: str = _section("取組の内容", "実際に行ったこと", lines=6, needed=True)
    outcome: str = _section("成果", "変わったこと")
    points: str = _section("ポイント", "ほかの団体が取り組むときの勘どころ")
    figures: tuple[FigurePart, ...] = _parts("数値", FigurePart)
    costs: tuple[FigurePart, ...] = _parts("費用", FigurePart)
    cost_text: str = _text(
        "費用の説明",
        limit=1000,
        lines=2,
        weight="D",
        help_text="金額で表せないこと。例：職員の人件費のみ、無償の実証",
    )
    period: str = _text("時期", limit=200, lines=1, weight="D", help_text="例：令和6年4月検討開始、10月運用開始")
    year: int | None = _field(FieldKind.NUMBER, "年度", None)
    links: tuple[LinkPart, ...] = _parts("関連アドレス", LinkPart)
    similar: tuple[OrganizationPart, ...] = _parts("類似の取組をしている団体", OrganizationPart)
    notes: str = _text("備考", limit=1000, lines=2)


FIELDS: tuple[CaseField, ...] = tuple(CaseField(name=row.name, **row.metadata) for row in dataclasses.fields(Content))
TEXTS = tuple(field for field in FIELDS if field.kind is FieldKind.TEXT)
SECTIONS = tuple(field for field in TEXTS if field.section)
# What model and content hold alike, under one name.
PLAIN = tuple(field.name for field in FIELDS if field.kind in (FieldKind.TEXT, FieldKind.NUMBER))
LABELS = {field.name: field.label for field in FIELDS}
PARTS: dict[str, type[Part]] = {field.name: field.part for field in FIELDS if field.part}


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs, both sides as text."""

    name: str
    label: str
    old: str
    new: str


def missing(content: Content) -> list[str]:
    """The labels of what is needed for a review and still empty."""
    return [field.label for field in FIELDS if field.needed and not getattr(content, field.name)]


def differences(old: Content, new: Content, names: Mapping[str, str] | None = None) -> list[FieldDifference]:
    """What differs, in the order of the form. ``names``: of codes, by field and code (「areas:ai」)."""
    differing = []
    for field in FIELDS:
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            texts = (text_of(field, before, names), text_of(field, after, names))
            differing.append(FieldDifference(field.name, field.label, *texts))
    return differing


def text_of(field: CaseField, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value as people read it, one line a part."""
    if value is None or value in ("", ()):
        return ""
    if field.kind in (FieldKind.TERM, FieldKind.CODES):
        codes = (value,) if field.kind is FieldKind.TERM else value
        return "、".join((names or {}).get(f"{field.name}:{code}", code) for code in codes)
    if field.kind is FieldKind.PARTS:
        return "\n".join(line_of(part) for part in value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def line_of(part: Part) -> str:
    if isinstance(part, LinkPart):
        return f"{part.label} {part.url}"
    if isinstance(part, FigurePart):
        return f"{part.meaning}：{plain(part.value)}{part.unit}" + (f"（{part.printed}）" if part.printed else "")
    is_prefecture = part.name == part.prefecture
    name = part.name if is_prefecture else f"{part.prefecture}{part.name}"
    facts = [part.kana]
    if part.population is not None:
        date = f"（{part.population_date.isoformat()}）" if part.population_date else ""
        facts.append(f"人口{part.population:,}人{date}")
    if part.staff is not None:
        facts.append(f"職員{part.staff:,}人")
    return "、".join((name, *filter(None, (*facts, part.url, part.note))))


def plain(value: Decimal) -> str:
    """A number with separators and without needless zeros: 「1,000,000」, 「12.5」."""
    whole = value == value.to_integral_value()
    return f"{int(value):,}" if whole else f"{value.normalize():,f}"


def as_json(content: Content) -> dict[str, Any]:
    return {name: _json(value) for name, value in dataclasses.asdict(content).items()}


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(kept: Mapping[str, Any]) -> Content:
    """What ``as_json`` made; fields that a later version no longer knows are dropped."""
    values: dict[str, Any] = {}
    for name, value in kept.items():
        if name in PARTS:
            values[name] = tuple(_part_from_json(PARTS[name], row) for row in value)
        elif name in LABELS:
            values[name] = tuple(value) if isinstance(value, list) else value
    return Content(**values)


def _part_from_json(kind: type[Part], row: Mapping[str, Any]) -> Part:
    known = {field.name for field in dataclasses.fields(kind)}
    values = {name: value for name, value in row.items() if name in known}
    if values.get("population_date"):
        values["population_date"] = dt.date.fromisoformat(values["population_date"])
    if "value" in values:
        values["value"] = Decimal(values["value"])
    return kind(**values)
