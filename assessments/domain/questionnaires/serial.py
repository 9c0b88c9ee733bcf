"""A questionnaire as plain data: conditions for JSON columns, and the digest that tells one content from another."""

import hashlib
import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from assessments.domain.questionnaires.spec import (
    AllOf,
    AnyOf,
    BandSpec,
    Condition,
    ContradictionSpec,
    Leaf,
    QuestionnaireSpec,
)


def condition_to_data(condition: Condition | None) -> dict[str, Any] | None:
    """The form that the YAML files and the JSON columns share."""
    if condition is None:
        return None
    if isinstance(condition, Leaf):
        return {"question": condition.question, "any_of": list(condition.any_of)}
    name = "all" if isinstance(condition, AllOf) else "any"
    return {name: [condition_to_data(item) for item in condition.items]}


def condition_from_data(data: dict[str, Any] | None) -> Condition | None:
    """The reverse of ``condition_to_data``; only for data that was checked before it was stored."""
    if not data:
        return None
    if "question" in data:
        return Leaf(data["question"], tuple(data["any_of"]))
    items = tuple(item for child in data.get("all", data.get("any", ())) if (item := condition_from_data(child)))
    return AllOf(items) if "all" in data else AnyOf(items)


def bands_to_data(bands: tuple[BandSpec, ...]) -> list[dict[str, Any]]:
    return [{"minimum": str(band.minimum), "points": band.points} for band in bands]


def bands_from_data(data: list[dict[str, Any]]) -> tuple[BandSpec, ...]:
    return tuple(BandSpec(Decimal(band["minimum"]), band["points"]) for band in data)


def contradictions_to_data(rules: tuple[ContradictionSpec, ...]) -> list[dict[str, Any]]:
    return [{"code": rule.code, "when": condition_to_data(rule.when), "message": rule.message} for rule in rules]


def contradictions_from_data(data: list[dict[str, Any]]) -> tuple[ContradictionSpec, ...]:
    read = ((rule, condition_from_data(rule["when"])) for rule in data)
    return tuple(ContradictionSpec(rule["code"], when, rule["message"]) for rule, when in read if when)


def digest(spec: QuestionnaireSpec) -> str:
    """SHA-256 over the whole content: equal for equal specs, whatever the file's comments and layout."""
    text = json.dumps(_plain(spec), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Dataclasses as named lists of their compared fields, numbers as text without trailing zeros."""
    if hasattr(value, "__dataclass_fields__"):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.compare}
        return {type(value).__name__: named}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
