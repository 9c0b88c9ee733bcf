"""The Japanese fiscal year: 1 April to 31 March, named by the year in which it starts."""

import calendar
import datetime as dt


def fiscal_year_of(day: dt.date) -> int:
    """The fiscal year that ``day`` falls in."""
    return day.year if day.month >= 4 else day.year - 1


def bounds(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a fiscal year."""
    return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)


def month_ends(year: int) -> list[dt.date]:
    """The last days of a fiscal year's twelve months, from April on."""
    months = [(year + (month < 4), month) for month in (*range(4, 13), 1, 2, 3)]
    return [dt.date(*month, calendar.monthrange(*month)[1]) for month in months]
