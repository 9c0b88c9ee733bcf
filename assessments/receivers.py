"""What the assessments do on their own news. Handlers run after the commit (``send_robust``)."""

from typing import Any

from assessments import signals
from assessments.domain.tiers.scheduling import schedule_classification
from assessments.enums import HANDED_IN_STATES


def response_moved(sender: Any, survey_id: int, from_state: str, to_state: str, **news: Any) -> None:
    """A response was handed in or taken back: the scores follow."""
    if (from_state in HANDED_IN_STATES) != (to_state in HANDED_IN_STATES):
        schedule_classification(survey_id)


def connect() -> None:
    signals.response_moved.connect(response_moved, dispatch_uid="assessments.response_moved")
