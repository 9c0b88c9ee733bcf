"""What the towns of the prefecture read of each other: released summaries, and nothing else of a topic."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from consultations.domain.topics.alike import alike
from consultations.domain.topics.lines import in_year, with_day
from consultations.domain.topics.sharing import contact
from consultations.enums import ACTING_ROLES
from consultations.forms.topics import ReleasedAddress
from consultations.models import Remark, Topic
from consultations.views.actions.base import ROOM
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, ScopedObject, crumbs

TOP = ("公開された論点", "consultations:topics_released")
HEADER = ("公開日時", "団体", "分野", "題名", "要約", "話を聞ける")


class ReleasedList(ListPage):
    """Of all towns, or of one: its collection, as page and as workbook."""

    model = Topic
    address_class = ReleasedAddress
    heading = "公開された論点"
    template_name = "consultations/topics/released_list.html"
    sorts = {"at": "released_at", "town": "organization__sort_order", "area": "area__sort_order"}
    default_sort = "-at"

    def get_address_kwargs(self) -> dict[str, Any]:
        this = fiscal_year_of(timezone.localdate())
        rows = Topic.objects.released_to(self.user).values("organization")
        towns = Organization.objects.filter(pk__in=rows).order_by("sort_order", "code", "pk")
        return {"towns": towns, "years": range(this, this - 8, -1)}

    def all_rows(self) -> QuerySet[Topic]:
        return with_day(Topic.objects.released_to(self.user).select_related("organization", "area"))

    def filtered(self, rows: QuerySet[Topic]) -> QuerySet[Topic]:
        asked_for = self.filters
        for word in asked_for.q.split():
            rows = rows.filter(called(word, "summary_title", "summary"))
        for name in ("organization", "area"):
            if value := getattr(asked_for, name):
                rows = rows.filter(**{name: value})
        if asked_for.know_how:
            rows = rows.filter(Q(Exists(Remark.objects.filter(kind="know_how", topic=OuterRef("pk")))))
        if asked_for.year and 1900 < asked_for.year < 2200:
            rows = in_year(rows, asked_for.year)
        return rows

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def file_name(self) -> str:
        town = f"_{self.filters.organization.name}" if self.filters.organization else ""
        return f"公開された論点{town}_{timezone.localdate():%Y%m%d}"

    def sheets(self, rows: QuerySet[Topic]) -> Sequence[Sheet]:
        return [Sheet("公開された論点", HEADER, [cells(topic) for topic in rows])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"may_digest": self.user.role in ACTING_ROLES} | kwargs))


class ReleasedTopic(ScopedObject, TemplateView):
    """One summary. Gone with its release: whoever kept the address finds nothing."""

    model = Topic
    scope = "for_user"
    name = "topic"
    template_name = "consultations/topics/released.html"

    def fetch(self) -> Topic:
        rows = with_day(Topic.objects.released_to(self.user).select_related("organization", "area"))
        topic = rows.filter(pk=self.kwargs["pk"]).first()
        if topic is None:
            raise Http404
        return topic

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "alike": alike(self.user, self.topic.summary_title, self.topic.pk),
            "may_ask": contact.may_ask(self.topic, self.user),
            "present": Topic.objects.for_user(self.user).filter(pk=self.topic.pk).exists(),
            "crumbs": crumbs(ROOM, TOP, self.topic.summary_title),
        }
        return super().get_context_data(**(context | kwargs))


def cells(topic: Topic) -> tuple[Any, ...]:
    return (
        topic.released_at,
        topic.organization.marked,
        topic.area.name if topic.area else "",
        topic.summary_title,
        topic.summary,
        "○" if topic.contact else "",
    )
