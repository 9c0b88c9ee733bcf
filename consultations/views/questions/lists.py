"""The list of questions: of the own side, and those put to the own town."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.questions.lines import lines, listed
from consultations.domain.questions.write import agrees, towns_for
from consultations.enums import SUPPORTING_ROLES, QuestionState
from consultations.forms.questions import QuestionAddress
from consultations.models import TownQuestion
from consultations.views.actions.base import ROOM
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs


class TownQuestionList(ListPage):
    """Open ones without an answer first, the oldest of them first."""

    model = TownQuestion
    scope = "for_user"
    address_class = QuestionAddress
    heading = "質問"
    template_name = "consultations/questions/list.html"

    def filtered(self, rows: QuerySet[TownQuestion]) -> QuerySet[TownQuestion]:
        asked_for = self.filters
        own = TownQuestion.objects.own_of(self.user).values("pk")
        for word in asked_for.q.split():
            rows = rows.filter(called(word, "topic__title", "remark__text", "topic__organization__name"))
        if asked_for.box:
            rows = rows.filter(pk__in=own) if asked_for.box == "own" else rows.exclude(pk__in=own)
        if asked_for.state:
            rows = rows.filter(state=asked_for.state)
        if asked_for.area:
            rows = rows.filter(topic__area=asked_for.area)
        return rows.filter(state=QuestionState.OPEN, answers__isnull=True) if asked_for.waiting else rows

    def ordered(self, rows: QuerySet[TownQuestion]) -> QuerySet[TownQuestion]:
        return listed(rows)

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = list(kwargs["rows"])
        own = TownQuestion.objects.own_of(self.user).filter(pk__in=[question.pk for question in page])
        kwargs["rows"] = lines(page, set(own.values_list("pk", flat=True)), timezone.localdate())
        organization = self.user.acting.organization
        context = {
            "today": timezone.localdate(),
            "may_ask": towns_for(self.user).exists(),
            "may_log": self.user.role in SUPPORTING_ROLES,
            "may_agree": self.user.is_answering and organization.is_municipality,
            "agreed": agrees(organization.pk),
        }
        return super().get_context_data(**(context | kwargs))
