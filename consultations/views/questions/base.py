"""What the pages about one question share."""

from functools import cached_property
from typing import Any

from consultations.models import TownQuestion
from consultations.views.actions.base import ROOM
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = (ROOM, ("質問", "consultations:questions"))


class TownQuestionPage(ScopedObject):
    """One question, for its own side and for the towns that it is put to."""

    model = TownQuestion
    scope = "for_user"
    name = "question"
    related = ("topic__organization", "topic__area", "remark", "accepted")
    here = ""

    @cached_property
    def own(self) -> bool:
        return TownQuestion.objects.own_of(self.user).filter(pk=self.question.pk).exists()

    def crumbs(self) -> Crumbs:
        if not self.here:
            return crumbs(*TOP, self.question.topic.title)
        return crumbs(*TOP, (self.question.topic.title, "consultations:question", self.question.pk), self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"own": self.own, "crumbs": self.crumbs()} | kwargs))
