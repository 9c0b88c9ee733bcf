"""Figures as they are stored: frozen dataclasses to JSON and back, exact fractions as [numerator, denominator]."""

from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, PlainValidator, TypeAdapter

FORMAT = 3  # of every stored row; raise it with any change of a stored dataclass, so that old rows are computed anew


def _fraction(stored: Any) -> Fraction:
    return stored if isinstance(stored, Fraction) else Fraction(*stored)


Exact = Annotated[
    Fraction,
    PlainValidator(_fraction),
    PlainSerializer(lambda value: [value.numerator, value.denominator]),
]


class Figures:
    """The base of every kind of snapshot: plain values that survive being stored without losing a digit."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        return adapter(type(self)).dump_python(self, mode="json")

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        figures: Self = adapter(cls).validate_python(stored)
        return figures


_adapters: dict[type, TypeAdapter[Any]] = {}


def adapter(kind: type) -> TypeAdapter[Any]:
    """Kept: building one costs more than a hundred conversions."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def difference(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """None where either is missing: no value is not a value of 0."""
    return None if now is None or before is None else now - before
