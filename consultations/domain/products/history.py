"""How the events of the register read: for those who read the town's own rows, never for the towns they are shared with."""

from collections.abc import Sequence
from typing import Any

from consultations.enums import ProductSharing
from consultations.models import ProductContract
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest
from dxportal.core.ui.japanese import western


def yes(value: bool) -> str:
    return "はい" if value else "いいえ"


PRODUCT_TRAIL = Trail(
    code="product",
    label="製品・契約",
    events=events_of(ProductContract),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(
        ("業務", lambda event: event.task),
        ("製品・サービス", lambda event: event.product),
        ("事業者", lambda event: event.vendor),
        ("契約の終わる日", lambda event: western(event.contract_end) if event.contract_end else ""),
        ("年額", lambda event: "" if event.yearly_cost is None else f"{event.yearly_cost:,}円"),
        ("マニュアルを渡せる", lambda event: yes(event.manual_shareable)),
        ("質問に応じる", lambda event: yes(event.may_be_asked)),
        ("ほかの市町村に見せる範囲", lambda event: ProductSharing(event.sharing).label),
        ("年額も見せる", lambda event: yes(event.cost_shared)),
        ("備考", lambda event: event.note),
    ),
    subject=lambda event: f"{event.product}（{event.task}）",
    place=lambda event: event.organization,
    searched=("task", "product", "vendor", "note", "organization__name"),
)
TRAILS = (PRODUCT_TRAIL,)


def history(contract: ProductContract) -> Sequence[HistoryEntry]:
    events: Any = PRODUCT_TRAIL.events.objects.filter(pgh_obj=contract.pk)
    return newest(PRODUCT_TRAIL, events)
