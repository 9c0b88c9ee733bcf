"""Remembers the bookmark removed last, in the session, so that the next pages offer to put it back."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from casestudies.domain.reading.bookmarks import Removed
from casestudies.domain.reading.shelf import ShelfLabel

SESSION_KEY = "removed_bookmark"
OFFERED_FOR = dt.timedelta(minutes=10)


def remember(request: HttpRequest, label: ShelfLabel, removed: Removed) -> None:
    request.session[SESSION_KEY] = {
        "source_id": label.source_id,
        "title": label.title,
        "case": removed.case_id,
        "note": removed.note,
        "created_at": removed.created_at.isoformat(),
        "at": timezone.now().isoformat(),
    }


def offered(request: HttpRequest) -> dict[str, Any] | None:
    """``source_id`` and ``title`` of what was removed, while an undo is still offered."""
    last = request.session.get(SESSION_KEY)
    return last if last and timezone.now() - parse_datetime(last["at"]) < OFFERED_FOR else None


def take(request: HttpRequest, source_id: str) -> Removed | None:
    """What is to be put back, once; None where that is not this case or was too long ago."""
    last = offered(request)
    if last is None or last["source_id"] != source_id:
        return None
    del request.session[SESSION_KEY]
    return Removed(last["case"], last["note"], parse_datetime(last["created_at"]))
