"""How the events of supporters, their capacities and contacts read."""

from typing import Any

from django.db.models import Q

from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.history.trail import HistoryEntry, Trail, entries, events_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.models import Contact, Supporter, SupporterCapacity
from dxportal.core.ui.japanese import western

MOST = 50


def of_office(path: str) -> Any:
    """Notes are the office's: so are the histories that show them."""

    def reach(user: Any) -> Q:
        return Q(**{path: user.acting.organization_id}) if user.role in OFFICE_ROLES else NOTHING

    return reach


def last_day(event: Any) -> str:
    return western(event.last_day) if event.last_day else "期限なし"


SUPPORTER_TRAIL = Trail(
    code="supporter",
    label="支援者",
    events=events_of(Supporter),
    reach=of_office("prefecture"),
    organization="prefecture",
    related=("prefecture", "user"),
    fields=(
        ("氏名", lambda event: event.name),
        ("氏名（カナ）", lambda event: event.kana),
        ("所属", lambda event: event.affiliation),
        ("登録している国の制度", lambda event: "、".join(event.schemes)),
        ("アカウント", lambda event: event.user.name if event.user else ""),
        ("備考", lambda event: event.note),
    ),
    subject=lambda event: event.name,
    place=lambda event: event.prefecture.name,
    searched=("name", "kana", "affiliation"),
)
CAPACITY_TRAIL = Trail(
    code="supporter_capacity",
    label="支援者の役割",
    events=events_of(SupporterCapacity),
    reach=of_office("supporter__prefecture"),
    organization="supporter__prefecture",
    related=("supporter__prefecture", "capacity"),
    fields=(
        ("役割", lambda event: event.capacity.name),
        ("分野", lambda event: event.field),
        ("開始日", lambda event: western(event.first_day)),
        ("終了日", last_day),
    ),
    subject=lambda event: f"{event.supporter.name}（{event.capacity.name}）",
    place=lambda event: event.supporter.prefecture.name,
    searched=("supporter__name", "supporter__kana", "field"),
)
CONTACT_TRAIL = Trail(
    code="contact",
    label="連絡先の担当者",
    events=events_of(Contact),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(
        ("氏名", lambda event: event.name),
        ("課", lambda event: event.section),
        ("役割・担当", lambda event: event.role),
        ("メールアドレス", lambda event: event.email),
        ("電話番号", lambda event: event.telephone),
        ("開始日", lambda event: western(event.first_day)),
        ("終了日", last_day),
    ),
    subject=lambda event: event.name,
    place=lambda event: event.organization,
    searched=("name", "kana", "section", "role"),
)
TRAILS = (SUPPORTER_TRAIL, CAPACITY_TRAIL, CONTACT_TRAIL)


def supporter_history(supporter: Supporter) -> list[HistoryEntry]:
    """The newest changes of a supporter and of their capacities, newest first."""
    read: list[HistoryEntry] = []
    for trail, path in ((SUPPORTER_TRAIL, "pgh_obj"), (CAPACITY_TRAIL, "supporter")):
        events = trail.events.objects.filter(**{path: supporter.pk}).order_by("-pgh_id")
        read += entries(trail, events.values_list("pgh_id", flat=True)[:MOST])
    return sorted(read, key=lambda entry: entry.at, reverse=True)[:MOST]


def contact_history(contact: Contact) -> list[HistoryEntry]:
    events = CONTACT_TRAIL.events.objects.filter(pgh_obj=contact.pk).order_by("-pgh_id")
    return entries(CONTACT_TRAIL, events.values_list("pgh_id", flat=True)[:MOST])
