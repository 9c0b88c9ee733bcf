"""Filters for figures and dates. None gives 「—」 or the word given: missing is never 0."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dxportal.core.ui import japanese, numbers
from dxportal.core.ui.tags.library import register


def _or_missing(value: Any, missing: str, show: Callable[[Any], str]) -> str:
    return missing if value is None or value == "" else show(value)


@register.filter
def number(value: Any, missing: str = numbers.MISSING) -> str:
    """1234 → 「1,234」."""
    return _or_missing(value, missing, numbers.plain)


@register.filter
def score(value: Any, missing: str = numbers.MISSING) -> str:
    """One decimal, half up, exact for Fraction and Decimal: 123.45 → 「123.5」."""
    return _or_missing(value, missing, lambda figure: numbers.plain(figure, 1))


@register.filter
def signed(value: Any, digits: int = 1) -> str:
    """A difference: 「+0.3」, 「−0.3」, 「±0」."""
    return _or_missing(value, numbers.MISSING, lambda figure: numbers.signed(figure, int(digits)))


@register.filter
def percent(value: Any, missing: str = numbers.MISSING) -> str:
    """A ratio: 0.8837 → 「88.4%」."""
    return _or_missing(value, missing, numbers.percent)


@register.filter
def share_of(part: Any, whole: Any) -> str:
    """``{{ answered|share_of:total }}`` → 「88.4%」."""
    return _or_missing(part, numbers.MISSING, lambda figure: numbers.share(figure, whole or 0))


@register.filter
def points(value: Any) -> str:
    """A difference of two ratios: 0.031 → 「+3.1ポイント」."""
    return _or_missing(value, numbers.MISSING, numbers.points)


def _day(value: dt.date | dt.datetime) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter(name="era_date")
def era_date_filter(value: dt.date | None) -> str:
    """「令和8年4月1日（2026年4月1日）」, for records and paper."""
    return _or_missing(value, numbers.MISSING, lambda day: japanese.both(_day(day)))


@register.filter
def era_only(value: dt.date | None) -> str:
    """A day in the imperial era: 「令和8年4月1日」."""
    return _or_missing(value, numbers.MISSING, lambda day: japanese.era(_day(day)))


@register.filter
def date_ja(value: dt.date | None) -> str:
    """「2026年4月1日」, for dense lists."""
    return _or_missing(value, numbers.MISSING, lambda day: japanese.western(_day(day)))


@register.filter
def datetime_ja(value: dt.datetime | None) -> str:
    """「2026年4月1日 9時05分」 in local time."""
    if not value:
        return numbers.MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{japanese.western(local.date())} {local.hour}時{local.minute:02d}分"


@register.filter
def fiscal_year(value: int | None) -> str:
    """2026 → 「令和8年度（2026年度）」."""
    return _or_missing(value, numbers.MISSING, lambda year: japanese.fiscal_label(int(year)))


@register.simple_tag(name="era_date")
def era_date(date: dt.date | None) -> SafeString | str:
    """``{% era_date day %}``: both calendars in a ``<time>`` element; nothing for None."""
    if date is None:
        return numbers.MISSING
    day = _day(date)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), japanese.both(day))
