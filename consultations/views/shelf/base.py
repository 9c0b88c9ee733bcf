"""What the pages about one item of the shelf share."""

from functools import cached_property
from typing import Any

from consultations.models import ShelfItem
from consultations.views.actions.base import ROOM
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = (ROOM, ("ひな形・手引き", "consultations:shelf"))


class ShelfPage(ScopedObject):
    model = ShelfItem
    scope = "for_user"
    name = "item"
    related = ("organization", "area", "group", "successor", "created_by")
    here = ""

    @cached_property
    def may_edit(self) -> bool:
        return ShelfItem.objects.editable_by(self.user).filter(pk=self.item.pk).exists()

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(*TOP, self.item.title)
        return crumbs(*TOP, (self.item.title, "consultations:shelf_item", self.item.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"crumbs": self.crumbs(), "may_edit": self.may_edit} | kwargs))
