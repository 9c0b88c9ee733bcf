"""Overdue: the one place that says it, for every page, mail and count. Pure.

Whole days of the calendar in Tokyo: whoever calls gives ``timezone.localdate()`` as ``today``. An action may still be
done on its due day; what is done or dropped is never overdue.
"""

import datetime as dt
from typing import Any

from consultations.enums import ActionState


def days_left(due_day: dt.date, today: dt.date) -> int:
    """0 on the due day, negative after it."""
    return (due_day - today).days


def is_overdue(state: str, due_day: dt.date, today: dt.date) -> bool:
    return state == ActionState.OPEN and days_left(due_day, today) < 0


def overdue_rows(today: dt.date) -> dict[str, Any]:
    """The same as lookups of the database."""
    return {"state": ActionState.OPEN, "due_day__lt": today}


def due_words(state: str, due_day: dt.date, today: dt.date) -> str:
    """「あと3日」, 「今日まで」, 「2日超過」; "" for what is no longer open."""
    if state != ActionState.OPEN:
        return ""
    left = days_left(due_day, today)
    if is_overdue(state, due_day, today):
        return f"{-left}日超過"
    return f"あと{left}日" if left else "今日まで"
