"""Days on which offices are closed. Pure."""

import datetime as dt

from dxportal.core.occasions.domain.days import Day, holidays

YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))  # 行政機関の休日


def is_day_off(day: dt.date) -> bool:
    """Weekends, national holidays, and the days around New Year on which offices are closed."""
    return Day(day, holidays(day, day).get(day, "")).is_off or (day.month, day.day) in YEAR_END
