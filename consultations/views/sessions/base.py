"""What the pages about one session share."""

from functools import cached_property
from typing import Any

from consultations.domain.sessions import memo
from consultations.models import Session
from consultations.views.actions.base import ROOM
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs
from dxportal.core.ui.tags.text import datetime_ja

TOP = ROOM


class SessionPage(ScopedObject):
    """One session in the person's reach."""

    model = Session
    scope = "for_user"
    name = "session"
    related = ("occasion", "kind")
    here = ""

    @cached_property
    def may_edit(self) -> bool:
        if self.scope == "editable_by":
            return True
        return Session.objects.editable_by(self.user).filter(pk=self.session.pk).exists()

    @cached_property
    def memo(self) -> str | None:
        """None for whoever may not know of it."""
        return memo.text_for(self.session, self.user)

    def title(self) -> str:
        return f"{self.session.occasion.title}（{datetime_ja(self.session.occasion.starts_at)}）"

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(TOP, self.title())
        return crumbs(TOP, (self.title(), "consultations:session", self.session.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = {"occasion": self.session.occasion, "may_edit": self.may_edit, "crumbs": self.crumbs()}
        return super().get_context_data(**(values | kwargs))
