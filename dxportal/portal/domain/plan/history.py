"""How the events of the plan read."""

from typing import Any

from django.db.models import Q

from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.history.trail import HistoryList, Trail, events_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.japanese import western
from dxportal.portal.enums import Measure
from dxportal.portal.models import ExchangeMember, HandCount, PlanChange, PlanItem

CEILING = 10_000


def _calendar(event: Any) -> str:
    return "、".join(f"{western(day)} {amount}" for day, amount in zip(event.due_days, event.due_amounts, strict=True))


def _of_items(user: Any) -> Q:
    """The contract's events are read by who reads the contract, those of deleted rows too."""
    acting = user.acting
    kept = acting is not None and user.role in OFFICE_ROLES
    return Q(pgh_obj__in=PlanItem.objects.for_user(user).values("pk")) | (
        Q(prefecture=acting.organization_id) if kept else NOTHING
    )


def _of_parts(user: Any) -> Q:
    return Q(item__in=PlanItem.objects.for_user(user).values("pk"))


ITEMS = Trail(
    code="plan_item",
    label="計画の項目",
    events=events_of(PlanItem),
    reach=_of_items,
    organization="prefecture",
    related=("prefecture",),
    fields=(
        ("区分", lambda event: event.section),
        ("項目", lambda event: event.item),
        ("数え方", lambda event: Measure(event.measure).label),
        ("数える種別", lambda event: "、".join(event.kinds)),
        ("目標値", lambda event: f"{event.target:,}{event.unit}"),
        ("計画の日程", _calendar),
        ("備考", lambda event: event.note),
    ),
    subject=lambda event: event.item,
    place=lambda event: event.prefecture.name,
    searched=("item", "section", "note"),
)
CHANGES = Trail(
    code="plan_change",
    label="計画の変更",
    events=events_of(PlanChange),
    reach=_of_parts,
    organization="item__prefecture",
    related=("item__prefecture",),
    fields=(
        ("変更日", lambda event: western(event.day)),
        ("目標値", lambda event: f"{event.target:,}"),
        ("計画の日程", _calendar),
        ("理由", lambda event: event.reason),
    ),
    subject=lambda event: event.item.item,
    place=lambda event: event.item.prefecture.name,
    searched=("item__item", "reason"),
)
COUNTS = Trail(
    code="hand_count",
    label="手入力の数",
    events=events_of(HandCount),
    reach=_of_parts,
    organization="item__prefecture",
    related=("item__prefecture",),
    fields=(
        ("日付", lambda event: western(event.day)),
        ("数", lambda event: f"{event.amount:+,}"),
        ("内容・根拠", lambda event: event.reason),
    ),
    subject=lambda event: event.item.item,
    place=lambda event: event.item.prefecture.name,
    searched=("item__item", "reason"),
)
MEMBERS = Trail(
    code="exchange_member",
    label="情報交換の場の参加団体",
    events=events_of(ExchangeMember),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(
        ("参加日", lambda event: western(event.first_day)),
        ("最終日", lambda event: western(event.last_day) if event.last_day else ""),
    ),
    subject=lambda event: event.organization.name,
    place=lambda event: event.organization,
    searched=("organization__name",),
)
TRAILS = (ITEMS, CHANGES, COUNTS, MEMBERS)


def of_item(item: PlanItem) -> HistoryList:
    parts = [(trail, trail.events.objects.filter(item=item.pk)) for trail in (CHANGES, COUNTS)]
    return HistoryList([(ITEMS, ITEMS.events.objects.filter(pgh_obj=item.pk)), *parts], CEILING)
