"""How the events of the shelf read."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from consultations.enums import ShelfKind, ShelfState
from consultations.models import ShelfFile, ShelfItem
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest

SHELF_TRAIL = Trail(
    code="shelf_item",
    label="ひな形・手引き",
    events=events_of(ShelfItem),
    reach=lambda user: Q(pgh_obj__in=ShelfItem.objects.editable_by(user)),
    organization="prefecture",
    related=("prefecture", "organization", "area", "group"),
    fields=(
        ("状態", lambda event: ShelfState(event.state).label),
        ("種類", lambda event: ShelfKind(event.kind).label),
        ("題名", lambda event: event.title),
        ("説明", lambda event: event.description),
        ("分野", lambda event: event.area.name if event.area else ""),
        ("承認する会", lambda event: event.group.name if event.group else ""),
    ),
    subject=lambda event: event.title,
    place=lambda event: event.organization or event.prefecture,
    searched=("title", "description"),
)
FILE_TRAIL = Trail(
    code="shelf_file",
    label="資料のファイル",
    events=events_of(ShelfFile),
    reach=lambda user: Q(version__item__in=ShelfItem.objects.editable_by(user)),
    organization="version__item__prefecture",
    related=("version__item__prefecture",),
    fields=(("ファイル名", lambda event: event.name), ("大きさ", lambda event: f"{event.size:,}バイト")),
    subject=lambda event: event.version.item.title,
    place=lambda event: event.version.item.prefecture.name,
    searched=("name", "version__item__title"),
)
TRAILS = (SHELF_TRAIL, FILE_TRAIL)


def history(item: ShelfItem) -> Sequence[HistoryEntry]:
    events: Any = SHELF_TRAIL.events.objects.filter(pgh_obj=item.pk)
    return newest(SHELF_TRAIL, events)
