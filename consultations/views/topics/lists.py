"""The list of topics, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consultations.domain.topics.content import KINDS, LABELS
from consultations.domain.topics.lines import in_year, kind_words, with_day, with_kinds
from consultations.domain.topics.write import noted, towns_for
from consultations.enums import MEMO_OFFICE_ROLES
from consultations.forms.topics import TopicAddress
from consultations.models import Remark, Topic
from consultations.views.actions.base import ROOM
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs

HEADER = (
    "日", "団体", "相談", "分野", "論点", "話題にした人", *(LABELS[kind] for kind in KINDS), "結果", "公開の状態",
)  # fmt: skip


class TopicRows(ListPage):
    """Topics in reach, narrowed by the address."""

    model = Topic
    scope = "for_user"
    related = ("organization", "area", "session__occasion")
    address_class = TopicAddress

    def get_address_kwargs(self) -> dict[str, Any]:
        this = fiscal_year_of(timezone.localdate())
        # Ended municipalities too: their topics stay in the list.
        towns = Organization.objects.for_user(self.user).municipalities()
        return {"towns": towns.order_by("sort_order", "code", "pk"), "years": range(this, this - 8, -1)}

    def queryset(self, rows: QuerySet[Topic]) -> QuerySet[Topic]:
        return with_kinds(with_day(rows))

    def filtered(self, rows: QuerySet[Topic]) -> QuerySet[Topic]:
        asked_for = self.filters
        for word in asked_for.q.split():
            spoken = Exists(Remark.objects.filter(called(word, "text"), topic=OuterRef("pk")))
            rows = rows.filter(called(word, "title", "outcome") | Q(spoken))
        if asked_for.organization:
            # Topics of the towns in whose place it stands are found under it, too.
            rows = rows.filter(organization__in=Organization.objects.line_of([asked_for.organization.pk]))
        for name in ("area", "state"):
            if value := getattr(asked_for, name):
                rows = rows.filter(**{name: value})
        if asked_for.kind:
            rows = rows.filter(Exists(Remark.objects.filter(kind=asked_for.kind, topic=OuterRef("pk"))))
        if asked_for.year and 1900 < asked_for.year < 2200:
            rows = in_year(rows, asked_for.year)
        return rows


class TopicList(TopicRows):
    heading = "論点"
    template_name = "consultations/topics/list.html"
    sorts = {"at": "at", "town": "organization__sort_order", "area": "area__sort_order", "state": "state"}
    default_sort = "-at"

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)

    def file_name(self) -> str:
        return f"論点_{timezone.localdate():%Y%m%d}"

    def sheets(self, rows: QuerySet[Topic]) -> Sequence[Sheet]:
        topics = list(rows.prefetch_related("remarks"))
        mark_ended(topic.organization for topic in topics)
        return [Sheet("論点", HEADER, [cells(topic) for topic in topics])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mark_ended(topic.organization for topic in kwargs["rows"])
        kwargs["rows"] = [(topic, kind_words(topic.kinds)) for topic in kwargs["rows"]]
        context = {
            "several": not self.user.acting.organization.is_municipality,
            "may_set": self.user.role in MEMO_OFFICE_ROLES,
            "may_create": towns_for(self.user).exists(),
        }
        return super().get_context_data(**(context | kwargs))


def cells(topic: Any) -> tuple[Any, ...]:
    texts = noted(topic)
    return (
        topic.at,
        topic.organization.marked,
        topic.session.occasion.title if topic.session else "",
        topic.area.name if topic.area else "",
        topic.title,
        topic.raised_by,
        *(texts[kind] for kind in KINDS),
        topic.outcome,
        topic.get_state_display(),
    )
