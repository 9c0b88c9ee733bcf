"""The trail of memberships that the database keeps, in words."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.ui.japanese import western


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, by whom ("" for the system), whose membership, what it then was."""

    at: dt.datetime
    by: str
    person: str
    words: str


def membership_changes(found: QuerySet, limit: int = 50) -> list[Change]:
    """The newest changes first; two queries."""
    events = Membership.pgh_event_model.objects.filter(pgh_obj__in=found.values("pk"))
    newest = list(events.select_related("pgh_context", "user").order_by("-pgh_created_at", "-pgh_id")[:limit])
    makers = User.objects.in_bulk({maker for event in newest if (maker := _maker(event))})
    return [
        Change(event.pgh_created_at, str(makers.get(_maker(event), "")), str(event.user), _words(event))
        for event in newest
    ]


def _maker(event) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _words(event) -> str:
    act = "登録" if event.pgh_label == "insert" else "変更"
    last = western(event.last_day) if event.last_day else "期限なし"
    section = f"、{event.section}" if event.section else ""
    return f"{act}：{Role(event.role).label}{section}、{western(event.first_day)}～{last}"
