"""Number formats: whether a number stands for a date or is shown in per cent."""

import re
from enum import StrEnum
from functools import lru_cache


class Shown(StrEnum):
    """As what a format shows a number."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


PERCENT_IDS = frozenset({9, 10})
# Dates and times that have a number instead of a code; 27 to 36 and 50 to 58 are those of Japanese Excel.
DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# What is written as it stands, takes a character's place or names colours, conditions and locales.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
NO_DATE = re.compile(r"general|g/標準|e[+-]|標準", re.IGNORECASE)
DATE_PART = re.compile(r"[ymdhs]|g+e?|aaa", re.IGNORECASE)
LONGEST_CODE = 255  # Excel's


@lru_cache(maxsize=8192)
def shown_by_code(code: str) -> Shown:
    """「0.0%」 → PERCENT, 「yyyy/m/d」 → DATE. The first section of a code, that of positive numbers, decides."""
    plain = NO_DATE.sub("", LITERAL.sub("", code[:LONGEST_CODE]).split(";", 1)[0])
    if "%" in plain or "％" in plain:
        return Shown.PERCENT
    return Shown.DATE if DATE_PART.search(plain) else Shown.NUMBER


def shown_by_id(number: int, codes: dict[int, str]) -> Shown:
    """``codes``: those of the workbook's own."""
    if number in codes:
        return shown_by_code(codes[number])
    if number in PERCENT_IDS:
        return Shown.PERCENT
    return Shown.DATE if number in DATE_IDS else Shown.NUMBER
