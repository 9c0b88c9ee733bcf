"""The shelf: released items of the prefecture, and those on their way that concern the person."""

from typing import Any

from django.db.models import Count, QuerySet

from consultations.enums import ACTING_ROLES
from consultations.forms.shelf import ShelfAddress
from consultations.models import ShelfItem
from consultations.views.actions.base import ROOM
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs


class ShelfList(ListPage):
    model = ShelfItem
    scope = "for_user"
    related = ("organization", "area")
    address_class = ShelfAddress
    heading = "ひな形・手引き"
    template_name = "consultations/shelf/list.html"
    sorts = {"title": "title", "kind": "kind", "area": "area__sort_order", "at": "released_at"}
    default_sort = "-at"

    def queryset(self, rows: QuerySet[ShelfItem]) -> QuerySet[ShelfItem]:
        return rows.annotate(takers=Count("versions__takings__organization", distinct=True))

    def filtered(self, rows: QuerySet[ShelfItem]) -> QuerySet[ShelfItem]:
        asked_for = self.filters
        for word in asked_for.q.split():
            rows = rows.filter(called(word, "title", "description"))
        for name in ("kind", "area", "state"):
            if value := getattr(asked_for, name):
                rows = rows.filter(**{name: value})
        return rows

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"may_create": self.user.role in ACTING_ROLES} | kwargs))
