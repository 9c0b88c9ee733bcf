"""How the audit's events read."""

from consultations.enums import SkipReason
from consultations.models import SkippedMonth
from dxportal.core.history.trail import Trail, events_of

SKIP_TRAIL = Trail(
    code="skipped_month",
    label="相談を希望しない月",
    events=events_of(SkippedMonth),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(("理由", lambda event: SkipReason(event.reason).label), ("備考", lambda event: event.note)),
    subject=lambda event: f"{event.month.year}年{event.month.month}月",
    place=lambda event: event.organization,
    searched=("organization__name", "note"),
)
TRAILS = (SKIP_TRAIL,)
