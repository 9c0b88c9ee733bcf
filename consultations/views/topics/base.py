"""What the pages about one topic share."""

from functools import cached_property
from typing import Any

from consultations.models import Topic
from consultations.views.actions.base import ROOM
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = ("論点", "consultations:topics")


class TopicPage(ScopedObject):
    """One topic, for those present and the prefecture."""

    model = Topic
    scope = "for_user"
    name = "topic"
    related = ("organization", "area", "session__occasion", "created_by")
    here = ""

    @cached_property
    def may_edit(self) -> bool:
        return self.scope == "editable_by" or Topic.objects.editable_by(self.user).filter(pk=self.topic.pk).exists()

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(ROOM, TOP, self.topic.title)
        return crumbs(ROOM, TOP, (self.topic.title, "consultations:topic", self.topic.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"crumbs": self.crumbs(), "may_edit": self.may_edit} | kwargs))
