"""What the base template needs on every page; asks the database nothing by itself."""

import datetime as dt
import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from dxportal.core.ui import japanese
from dxportal.core.ui.frame.navigation import NavFamily, NavLink, families_for, links_for
from dxportal.core.ui.frame.session import seconds_left, who


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``portal``: an object evaluated only when the template touches it."""
    return {"portal": SimpleLazyObject(lambda: Frame(request))}


class Frame:
    """The page frame of one request: menu, acting membership, year, session limit, fixed texts."""

    def __init__(self, request: HttpRequest):
        self.request = request
        user = getattr(request, "user", None)
        self.signed_in: bool = bool(user and user.is_authenticated)
        self.acting = getattr(user, "acting", None) if self.signed_in else None

    @property
    def name(self) -> str:
        return getattr(settings, "PORTAL_NAME", "DXポータル")

    @property
    def contact(self) -> str:
        return getattr(settings, "PORTAL_CONTACT", "")

    @property
    def demo(self) -> bool:
        return getattr(settings, "DEMO", False)

    @cached_property
    def links(self) -> list[NavLink]:
        if not self.signed_in:
            return []
        return links_for(self.acting.role if self.acting else None, self.request.path)

    @cached_property
    def families(self) -> list[NavFamily]:
        """Whose tabs stand above the page: for those who act for somebody."""
        return families_for(self.acting.role, self.request.path) if self.acting else []

    @property
    def other_memberships(self) -> list[Any]:
        """The person's current memberships when there is something to choose; loaded by the acting middleware."""
        current = getattr(self.request.user, "current_memberships", None) or []
        return current if len(current) > 1 else []

    @property
    def fiscal_year(self) -> str:
        today = timezone.localdate()
        return japanese.fiscal_label(today.year if today >= dt.date(today.year, 4, 1) else today.year - 1)

    @property
    def who(self) -> str:
        """Asked again by ``returning.js`` before a kept page is shown."""
        return who(self.request)

    @property
    def session_seconds(self) -> int:
        """Seconds until the session ends unless something is done."""
        return seconds_left(self.request, now=time.time())
