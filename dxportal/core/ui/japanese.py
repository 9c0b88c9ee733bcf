"""Reads numbers and dates as Japanese offices write them. Pure: no Django, no clock.

Lenient in, strict stored: full width, thousands commas, units, ▲ as minus, eras. What cannot be read without guessing
raises ``InputError`` with the sentence to show.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from dxportal.core.kana import half_width
from dxportal.core.ui.eras import BY_SIGN, Era, era_on

MINUS_SIGNS = "-−－‐‑–—―ー▲△"
UNITS = (
    "パーセント", "ポイント", "時間", "団体", "か所", "箇所", "か月", "ヶ月", "世帯",
    "人", "名", "%", "円", "件", "点", "回", "日", "台", "課", "校", "年",
)  # fmt: skip
PLAIN_NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)?(?:\.(?P<part>\d+))?", re.ASCII)
LONGEST_NUMBER = 30

_SIGNS = "|".join(sorted(map(re.escape, BY_SIGN), key=len, reverse=True))
_YEAR = rf"(?P<era>{_SIGNS})?\s*(?P<year>\d{{1,4}}|元)"
DATE_SHAPES = (
    re.compile(rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日?", re.ASCII),
    re.compile(rf"{_YEAR}\s*(?P<sep>[./-])\s*(?P<month>\d{{1,2}})\s*(?P=sep)\s*(?P<day>\d{{1,2}})", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
    re.compile(rf"(?P<era>{_SIGNS})(?P<year>\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}})", re.ASCII),
)
MONTH_ONLY = re.compile(rf"{_YEAR}\s*[年./-]\s*\d{{1,2}}\s*月?", re.ASCII)
TAIL = re.compile(r"\s*(?:[(（][日月火水木金土](?:曜日?)?[)）])?(?:[T\s]+00:00(?::00)?)?$")


class InputError(ValueError):
    """``str(error)`` is the sentence for the screen, without the leading ＊."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date and, where the writing needed interpreting, a sentence asking to check it."""

    value: dt.date
    note: str = ""


def parse_number(text: str, unit: str = "") -> Decimal:
    """「１，２００人」 → 1200, 「▲5」 → -5; InputError when it is not one plain number.

    ``unit``: a further unit that may follow, besides the common ones.
    """
    rest = half_width(text).strip()
    negative = rest[:1] in tuple(MINUS_SIGNS)
    rest = rest[1:].lstrip() if negative or rest[:1] == "+" else rest
    rest = rest.removeprefix("¥").lstrip()
    typed_unit = next((word for word in (unit, *UNITS) if word and rest.endswith(word)), "")
    rest = rest.removesuffix(typed_unit).rstrip().replace("、", ",")
    match = PLAIN_NUMBER.fullmatch(rest)
    if not rest or not match or len(rest) > LONGEST_NUMBER:
        raise InputError(f"数字で入力してください（例：12）。入力された値：「{text.strip()[:40]}」")
    whole = (match["whole"] or "0").replace(",", "")
    value = Decimal(f"{whole}.{match['part']}" if match["part"] else whole)
    return -value if negative and value else value


def parse_date(text: str) -> dt.date:
    """The date in any accepted writing; InputError with what is wrong."""
    return read_date(text).value


def read_date(text: str) -> DateReading:
    """As ``parse_date``, with a note where an era is written beyond its end (平成31年5月1日)."""
    plain = TAIL.sub("", half_width(text).replace("−", "-").strip())
    match = next(filter(None, (shape.fullmatch(plain) for shape in DATE_SHAPES)), None)
    if match is None:
        ask = "日まで入力してください" if MONTH_ONLY.fullmatch(plain) else "日付を入力してください"
        raise InputError(f"{ask}（例：2026年4月1日、令和8年4月1日）。入力された値：「{text.strip()[:40]}」")
    parts = match.groupdict()
    era = BY_SIGN.get(parts.get("era") or "")
    value = existing_day(western_year(era, parts["year"]), int(parts["month"]), int(parts["day"]))
    beyond_its_end = era is not None and era is not era_on(value)
    return DateReading(
        value, f"{both(value)}として読み取りました。正しいか確認してください。" if beyond_its_end else ""
    )


def western_year(era: Era | None, year: str) -> int:
    """Of a typed year, 「元」 included; without an era it must have four digits."""
    if era:
        number = 1 if year == "元" else int(year)
        if not 1 <= number <= 99:
            raise InputError(f"{era.name}の年は1以上の数で入力してください（例：{era.name}8年）。")
        return era.western(number)
    if year == "元" or len(year) != 4:
        raise InputError("年は西暦4桁、または元号を付けて入力してください（例：2026年、令和8年）。")
    return int(year)


def existing_day(year: int, month: int, day: int) -> dt.date:
    """The date; InputError with how long the month is where there is no such day."""
    if not dt.MINYEAR <= year <= dt.MAXYEAR or not 1 <= month <= 12:
        raise InputError("実在しない日付です。月は1～12で入力してください。")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InputError(f"実在しない日付です。{era_year(dt.date(year, month, 1))}{month}月は{last}日までです。")
    return dt.date(year, month, day)


def era_year(day: dt.date) -> str:
    """「令和8年」; the western year for days before the first era."""
    current = era_on(day)
    if current is None:
        return f"{day.year}年"
    number = day.year - current.first_day.year + 1
    return f"{current.name}{'元' if number == 1 else number}年"


def era(day: dt.date) -> str:
    """A day in the imperial era: 「令和8年4月1日」."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def western(day: dt.date) -> str:
    """「2026年4月1日」."""
    return f"{day.year}年{day.month}月{day.day}日"


def both(day: dt.date) -> str:
    """「令和8年4月1日（2026年4月1日）」, for records and paper."""
    return f"{era(day)}（{western(day)}）"


def fiscal_label(year: int) -> str:
    """「令和8年度（2026年度）」. A fiscal year takes the era of its end of December: 2019年度 is 令和元年度."""
    return f"{era_year(dt.date(year, 12, 31))}度（{year}年度）"
