"""Asks for new figures when the assessments tell of a change. Handlers run after the commit (``send_robust``)."""

from typing import Any

from assessments import signals
from assessments.enums import HANDED_IN_STATES
from dxportal.portal.domain.facts import prefecture_of
from dxportal.portal.domain.snapshots import schedule


def response_moved(sender: Any, survey_id: int, from_state: str, to_state: str, **news: Any) -> None:
    """Only sheets handed in are counted: moves below that change no figure."""
    if HANDED_IN_STATES & {from_state, to_state}:
        schedule(prefecture_of(survey_id))


def survey_changed(sender: Any, survey_id: int, **news: Any) -> None:
    schedule(prefecture_of(survey_id))


def connect() -> None:
    signals.response_moved.connect(response_moved, dispatch_uid="portal.response_moved")
    signals.survey_changed.connect(survey_changed, dispatch_uid="portal.survey_changed")
    signals.tiers_changed.connect(survey_changed, dispatch_uid="portal.tiers_changed")
