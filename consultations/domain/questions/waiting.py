"""How long a question waits, and when that is too long: the one place that says it. Pure.

Whole days of the calendar in Tokyo.
"""

import datetime as dt

from consultations.enums import QuestionState

ANSWER_WITHIN = 7  # days


def days_waiting(asked_day: dt.date, today: dt.date) -> int:
    return max(0, (today - asked_day).days)


def is_late(state: str, answers: int, asked_day: dt.date, today: dt.date) -> bool:
    """Open, without any answer, for more than ``ANSWER_WITHIN`` days."""
    return state == QuestionState.OPEN and not answers and days_waiting(asked_day, today) > ANSWER_WITHIN


def waiting_words(state: str, answers: int, asked_day: dt.date, today: dt.date) -> str:
    """「3日回答なし」, 「回答2件」, "" for what is closed without an answer."""
    if answers:
        return f"回答{answers}件"
    if state != QuestionState.OPEN:
        return ""
    days = days_waiting(asked_day, today)
    return f"{days}日回答なし" if days else "今日の質問"
