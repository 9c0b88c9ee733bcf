"""How the events of memberships read, in the audit and on a person's page, and how the people who act are called.

No mail addresses: who, where, as what, from when to when.
"""

from django.db.models import QuerySet

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest
from dxportal.core.ui.japanese import western

MEMBERSHIPS = Trail(
    code="membership",
    label="利用者の所属",
    events=events_of(Membership),
    reach=lambda user: user.reach() if user.is_prefecture_staff else NOTHING,
    organization="organization",
    related=("organization", "user"),
    fields=(
        ("役割", lambda event: Role(event.role).label),
        ("所属課", lambda event: event.section),
        ("開始日", lambda event: western(event.first_day)),
        ("終了日", lambda event: western(event.last_day) if event.last_day else "期限なし"),
    ),
    subject=lambda event: event.user.name,
    place=lambda event: event.organization,
    searched=("user__name", "user__kana", "section"),
)


def membership_history(memberships: QuerySet[Membership], limit: int = 50) -> list[HistoryEntry]:
    """The newest changes of these memberships first; five queries at most."""
    events = MEMBERSHIPS.events.objects.filter(pgh_obj__in=memberships.values("pk"))
    return newest(MEMBERSHIPS, events, limit)


def user_names(ids: set[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def acting_names(ids: set[int]) -> dict[int, str]:
    """What follows the name of someone who acted under these memberships: 「（和歌山県・県職員）」."""
    rows = Membership.objects.filter(pk__in=ids).values_list("pk", "organization__name", "role")
    return {pk: f"（{place}・{Role(role).label}）" for pk, place, role in rows}
