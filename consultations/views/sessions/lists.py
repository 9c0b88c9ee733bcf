"""The list of sessions, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consultations.domain.sessions.kinds import rules_of
from consultations.domain.sessions.moving import waiting
from consultations.domain.sessions.write import kinds_for
from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES, ActionState
from consultations.forms.sessions import SessionAddress, this_year
from consultations.models import Action, Session
from dxportal.core.intake.export import Sheet
from dxportal.core.occasions.domain.bodies import recall_bodies, with_bodies
from dxportal.core.organizations import fiscal
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import Crumbs, ListPage, crumbs

HEADER = (
    "開始", "時間（分）", "状態", "種別", "件名", "団体", "開催方法", "会場", "記録", "決まったこと", "県への要望", "次回",
    "成果物", "終わっていないアクション",
)  # fmt: skip


class SessionList(ListPage):
    """Those in reach; the file holds the record and never the memo, which is in another table."""

    model = Session
    scope = "for_user"
    related = ("occasion", "kind")
    address_class = SessionAddress
    heading = "よろず相談"
    template_name = "consultations/sessions/list.html"
    sorts = {"at": "occasion__starts_at", "kind": "kind__order", "state": "occasion__state"}
    default_sort = "-at"

    def get_address_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        rules = rules_of(user.acting.organization.prefecture_id, this_year())
        return {
            "towns": Organization.objects.for_user(user).municipalities().order_by("sort_order", "code", "pk"),
            "kinds": [(code, rule.name) for code, rule in rules.items()],
            "years": range(this_year() + 1, this_year() - 6, -1),
        }

    def queryset(self, rows: QuerySet[Session]) -> QuerySet[Session]:
        # By a subquery, asked for the rows of the page alone: a join would count for all sessions of all years.
        still_open = Action.objects.filter(session=OuterRef("pk"), state=ActionState.OPEN).order_by().values("session")
        return rows.prefetch_related(with_bodies("occasion__bodies")).annotate(
            open_actions=Coalesce(Subquery(still_open.values(number=Count("pk")).values("number")), 0)
        )

    def filtered(self, rows: QuerySet[Session]) -> QuerySet[Session]:
        asked_for = self.filters
        for word in asked_for.q.split():
            rows = rows.filter(called(word, "occasion__title", "record", "decisions", "requests"))
        if asked_for.organization:
            # Sessions of the towns in whose place it stands are read under it, too.
            line = Organization.objects.line_of([asked_for.organization.pk])
            rows = rows.filter(pk__in=Session.objects.filter(occasion__bodies__organization__in=line).values("pk"))
        if asked_for.kind:
            rows = rows.filter(kind__code=asked_for.kind)
        if asked_for.state:
            rows = rows.filter(occasion__state=asked_for.state)
        if asked_for.year and 1900 < asked_for.year < 2200:
            first, last = fiscal.bounds(asked_for.year)
            rows = rows.filter(occasion__starts_at__date__range=(first, last))
        return rows

    def crumbs(self) -> Crumbs:
        return crumbs(self.heading)

    def file_name(self) -> str:
        return f"よろず相談_{timezone.localdate():%Y%m%d}"

    def sheets(self, rows: QuerySet[Session]) -> Sequence[Sheet]:
        rows = list(rows)
        recall_bodies(session.occasion for session in rows)
        return [Sheet("相談", HEADER, [cells(session) for session in rows])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recall_bodies(session.occasion for session in kwargs["rows"])
        context = {
            "may_create": bool(kinds_for(self.user, this_year())),
            "may_skip": self.user.role in ACTING_ROLES,
            "may_plan": self.user.role in SUPPORTING_ROLES,
            "waiting": waiting(self.user),
        }
        return super().get_context_data(**(context | kwargs))


def cells(session: Session) -> tuple[Any, ...]:
    occasion = session.occasion
    return (
        occasion.starts_at,
        occasion.minutes,
        occasion.get_state_display(),
        session.kind.name,
        occasion.title,
        "、".join(str(body) for body in occasion.bodies.all()),
        occasion.get_mode_display(),
        occasion.place,
        session.record,
        session.decisions,
        session.requests,
        session.next_meeting,
        session.deliverable,
        session.open_actions,  # type: ignore[attr-defined]
    )
