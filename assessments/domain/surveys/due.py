"""When a response is due, and whether it takes answers now."""

import datetime as dt

from django.utils import timezone

from assessments.enums import EDITABLE_STATES, SurveyState
from assessments.models import Response

AFTER_END = (
    "{}は廃止された団体です。廃止の日までに提出された回答は確定できますが、入力、提出、差戻し、延長はできません。"
)


def has_ended(response: Response, today: dt.date | None = None) -> bool:
    """Whether the town is no more: its answers are read, and nobody goes on with them."""
    last_day = response.organization.last_day
    return last_day is not None and last_day < (today or timezone.localdate())


def due_of(response: Response) -> dt.datetime:
    """The survey's closing time, or the later one given to this municipality."""
    return max(filter(None, (response.survey.closes_at, response.extended_until)))


def is_running(response: Response, now: dt.datetime | None = None) -> bool:
    """Whether the survey takes this response: while open, and once closed within a term of the response's own."""
    if response.survey.state == SurveyState.CLOSED:
        return response.extended_until is not None and (now or timezone.now()) <= response.extended_until
    return response.survey.state == SurveyState.OPEN


def days_left(response: Response, today: dt.date | None = None) -> int:
    """Calendar days to the due date; negative when it has passed."""
    return (timezone.localtime(due_of(response)).date() - (today or timezone.localdate())).days


def why_closed(response: Response, user, now: dt.datetime | None = None) -> str:
    """Why the response takes no answers from the person now; "" when it does.

    After the due date a prefecture's staff may still fill in for the municipality, until the survey is closed.
    """
    now = now or timezone.now()
    survey = response.survey
    if has_ended(response, timezone.localdate(now)):
        return f"{response.organization}は廃止された団体のため、回答を変更できません。"
    if not is_running(response, now):
        return "この調査は受付中ではないため、回答を変更できません。"
    if now < survey.opens_at:
        return "この調査はまだ受付を開始していません。"
    if response.state not in EDITABLE_STATES:
        return f"この回答票は「{response.get_state_display()}」のため、回答を変更できません。"
    if now > due_of(response) and not user.is_prefecture_staff:
        return "締切を過ぎたため、回答を変更できません。続けて入力するには、県に締切の延長を依頼してください。"
    return ""
