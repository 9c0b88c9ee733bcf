"""What the pages of actions share."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consultations.domain.actions.overdue import overdue_rows
from consultations.domain.actions.write import towns_for
from consultations.enums import ActionState
from consultations.forms.actions import ActionAddress
from consultations.models import Action
from dxportal.core.kana import even_width
from dxportal.core.organizations import fiscal
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, ScopedObject, crumbs

ROOM = ("よろず相談", "consultations:sessions")
TOP = (ROOM, ("アクション", "consultations:actions"))


class ActionRows(ListPage):
    """Actions in reach, narrowed by the address."""

    model = Action
    scope = "for_user"
    related = ("organization__parent", "area", "created_by")
    address_class = ActionAddress

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.today = timezone.localdate()
        super().setup(request, *args, **kwargs)

    def get_address_kwargs(self) -> dict[str, Any]:
        # Ended municipalities too: their actions stay in the list.
        towns = Organization.objects.for_user(self.request.user).municipalities()
        return {"towns": towns.order_by("sort_order", "code", "pk"), "today": self.today}

    def filtered(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        asked_for = self.filters
        for word in asked_for.q.split():
            anywhere = Q(title__icontains=even_width(word)) | Q(title__icontains=word)
            rows = rows.filter(anywhere | called(word, "title", "detail", "organization__name"))
        if asked_for.organization:
            # What was promised to the towns in whose place it stands is promised to it.
            rows = rows.filter(organization__in=Organization.objects.line_of([asked_for.organization.pk]))
        for name in ("bearer", "area"):
            if value := getattr(asked_for, name):
                rows = rows.filter(**{name: value})
        if asked_for.state == "closed":
            rows = rows.exclude(state=ActionState.OPEN)
        elif asked_for.state:
            rows = rows.filter(state=asked_for.state)
        if asked_for.year and 1900 < asked_for.year < 2200:
            rows = rows.filter(due_day__range=fiscal.bounds(asked_for.year))
        return rows.filter(**overdue_rows(self.today)) if asked_for.overdue else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "today": self.today,
            "several": not self.user.acting.organization.is_municipality,
            "may_create": towns_for(self.user).exists(),
        }
        return super().get_context_data(**(context | kwargs))


class ActionPage(ScopedObject):
    """One action in the person's reach."""

    model = Action
    scope = "for_user"
    name = "action"
    related = ("organization", "area", "created_by")
    here = ""

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(*TOP, self.action.title)
        return crumbs(*TOP, (self.action.title, "consultations:action", self.action.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"crumbs": self.crumbs()} | kwargs))
