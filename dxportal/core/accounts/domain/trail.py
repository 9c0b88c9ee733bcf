"""How the events of memberships read in the audit. No mail addresses: who, where, as what, from when to when."""

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.history.trail import Trail
from dxportal.core.ui.japanese import western

MEMBERSHIPS = Trail(
    code="membership",
    label="利用者の所属",
    events=Membership.pgh_event_model,
    prefecture="organization__prefecture",
    organization="organization",
    related=("organization", "user"),
    fields=(
        ("役割", lambda event: Role(event.role).label),
        ("所属課", lambda event: event.section),
        ("開始日", lambda event: western(event.first_day)),
        ("終了日", lambda event: western(event.last_day) if event.last_day else "期限なし"),
    ),
    subject=lambda event: event.user.name,
    place=lambda event: event.organization.name,
    searched=("user__name", "user__kana", "section"),
)
