"""Figures as text: thousands commas, half-up rounding on exact fractions, 「−」 as minus. Pure."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from numbers import Rational

Number = int | float | Decimal | Fraction
MINUS = "−"
MISSING = "—"


def exact(value: Number) -> Fraction:
    """The value as an exact fraction; a float counts as the decimal that prints for it (0.1 is one tenth)."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def rounded(value: Number, digits: int = 0) -> Decimal:
    """Half away from zero, on the exact value: 0.25 → 0.3, −0.25 → −0.3."""
    if not isinstance(value, Fraction):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    scaled = value * 10**digits
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(-whole if scaled < 0 else whole).scaleb(-digits)


def plain(value: Number, digits: int | None = None) -> str:
    """「1,234.5」, 「−5」. Without ``digits`` a decimal keeps the digits it has."""
    if digits is not None:
        value = rounded(value, digits)
    elif isinstance(value, Rational) and not isinstance(value, int):
        value = rounded(value, 1)
    text = f"{abs(value):,}" if digits is None else f"{abs(value):,.{digits}f}"
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: Number, digits: int = 1) -> str:
    """「+0.3」, 「−0.3」, 「±0」 when it rounds to nothing."""
    amount = rounded(value, digits)
    if not amount:
        return "±0"
    return plain(amount, digits) if amount < 0 else f"+{plain(amount, digits)}"


def percent(ratio: Number, digits: int = 1) -> str:
    """A ratio (0.883) as 「88.3%」."""
    return f"{plain(exact(ratio) * 100, digits)}%"


def share(part: Number, whole: Number, digits: int = 1) -> str:
    """``part`` of ``whole`` as per cent; 「—」 of an empty whole."""
    return percent(exact(part) / exact(whole), digits) if whole else MISSING


def points(difference: Number, digits: int = 1) -> str:
    """A difference of two ratios (0.031) as 「+3.1ポイント」."""
    return f"{signed(exact(difference) * 100, digits)}ポイント"
