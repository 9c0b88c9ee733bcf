"""The Japanese fiscal year: 1 April to 31 March, named by the year in which it starts."""

import datetime as dt


def fiscal_year_of(day: dt.date) -> int:
    """The fiscal year that ``day`` falls in."""
    return day.year if day.month >= 4 else day.year - 1


def bounds(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a fiscal year."""
    return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)


def label(year: int) -> str:
    """「令和6年度（2024年度）」; before Reiwa only the western year."""
    if year < 2019:
        return f"{year}年度"
    era_year = year - 2018
    return f"令和{'元' if era_year == 1 else era_year}年度（{year}年度）"
