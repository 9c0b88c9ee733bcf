"""What a case says, as plain values: to compare, to show old beside new, to keep. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
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
class Figure:
    """A key figure, or a cost in yen."""

    value: Decimal
    meaning: str
    unit: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a form or a register row can say of a case. ``field``, ``areas``, ``terms`` are codes."""

    title: str
    summary: str = ""
    field: str = ""
    step: int | None = None
    areas: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    issue: str = ""
    approach: str = ""
    actions: str = ""
    outcome: str = ""
    points: str = ""
    cost_text: str = ""
    period: str = ""
    year: int | None = None
    notes: str = ""
    organizations: tuple[Place, ...] = ()
    similar: tuple[Place, ...] = ()
    figures: tuple[Figure, ...] = ()
    costs: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()


PARTS: dict[str, type] = {
    "organizations": Place,
    "similar": Place,
    "figures": Figure,
    "costs": Figure,
    "links": Link,
}
LABELS = {
    "title": "題名",
    "summary": "要約",
    "organizations": "取組団体",
    "field": "取組の区分",
    "step": "ステップ",
    "areas": "分野",
    "terms": "アウトカム・マインドセット",
    "tags": "タグ",
    "keywords": "検索のことば",
    "issue": "課題",
    "approach": "進め方",
    "actions": "取組の内容",
    "outcome": "成果",
    "figures": "数値",
    "costs": "費用",
    "cost_text": "費用の説明",
    "points": "ポイント",
    "period": "時期",
    "year": "年度",
    "links": "関連アドレス",
    "similar": "類似の取組をしている団体",
    "notes": "備考",
}
# What the prefecture needs before it can look at a case.
NEEDED = ("title", "summary", "organizations", "field", "areas", "actions")


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that differs, both sides as text."""

    name: str
    label: str
    old: str
    new: str


def missing(content: Content) -> list[str]:
    """The labels of what is needed for a review and still empty."""
    return [LABELS[name] for name in NEEDED if not getattr(content, name)]


def differences(old: Content, new: Content, names: Mapping[str, str] | None = None) -> list[Difference]:
    """What differs, in the order of the form. ``names``: of codes, by item and code (「areas:ai」)."""
    found = []
    for name, label in LABELS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(Difference(name, label, text_of(name, before, names), text_of(name, after, names)))
    return found


def text_of(name: str, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value as people read it, one line a part."""
    if value is None or value in ("", ()):
        return ""
    if name in ("field", "areas", "terms"):
        codes = (value,) if name == "field" else value
        return "、".join((names or {}).get(f"{name}:{code}", code) for code in codes)
    if name in PARTS:
        return "\n".join(line_of(part) for part in value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def line_of(part: Place | Figure | Link) -> str:
    if isinstance(part, Link):
        return f"{part.label} {part.url}"
    if isinstance(part, Figure):
        return f"{part.meaning}：{plain(part.value)}{part.unit}" + (f"（{part.printed}）" if part.printed else "")
    return "、".join(_facts(part))


def _facts(place: Place) -> Iterator[str]:
    own = place.name == place.prefecture
    yield place.name if own else f"{place.prefecture}{place.name}"
    if place.kana:
        yield place.kana
    if place.population is not None:
        when = f"（{place.population_date.isoformat()}）" if place.population_date else ""
        yield f"人口{place.population:,}人{when}"
    if place.staff is not None:
        yield f"職員{place.staff:,}人"
    yield from filter(None, (place.url, place.note))


def plain(value: Decimal) -> str:
    """A number with separators and without needless zeros: 「1,000,000」, 「12.5」."""
    whole = value == value.to_integral_value()
    return f"{int(value):,}" if whole else f"{value.normalize():,f}"


def as_json(content: Content) -> dict[str, Any]:
    return {name: _json(value) for name, value in asdict(content).items()}


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(kept: Mapping[str, Any]) -> Content:
    """What ``as_json`` made; items that a later version no longer knows are dropped."""
    known = {one.name for one in fields(Content)}
    values = {name: _part_rows(name, value) for name, value in kept.items() if name in known}
    return Content(**({"title": ""} | values))


def _part_rows(name: str, value: Any) -> Any:
    if name not in PARTS:
        return tuple(value) if isinstance(value, list) else value
    return tuple(_part(PARTS[name], row) for row in value)


def _part(kind: type, row: Mapping[str, Any]) -> Any:
    part = kind(**{one.name: row[one.name] for one in fields(kind) if one.name in row})
    if isinstance(part, Figure):
        return replace(part, value=Decimal(part.value))
    if isinstance(part, Place) and part.population_date:
        return replace(part, population_date=dt.date.fromisoformat(part.population_date))
    return part
