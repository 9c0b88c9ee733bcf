"""How the events of a taken-up case read; they outlive the registration itself."""

from collections.abc import Sequence
from typing import Any

from casestudies.domain.reading.uptake import standing_for
from casestudies.enums import UptakeState
from casestudies.models import Uptake
from dxportal.core.history.trail import HistoryEntry, Trail, events_of, newest


def _case(event: Any) -> str:
    """As far as the municipality itself may know it now."""
    return f"{event.case.source_id} {standing_for(event).title}"


UPTAKES = Trail(
    code="uptake",
    label="参考にした事例",
    events=events_of(Uptake),
    prefecture="organization__prefecture",
    organization="organization",
    related=("organization", "case"),
    fields=(("状態", lambda event: UptakeState(event.state).label), ("メモ", lambda event: event.note)),
    subject=_case,
    place=lambda event: event.organization.name,
    searched=("note", "case__source_id", "organization__name"),  # a title may be out of sight by now
)


def history(uptake: Uptake) -> Sequence[HistoryEntry]:
    """Of the municipality and the case: registrations that were taken back before are part of it."""
    events = UPTAKES.events.objects.filter(case=uptake.case_id, organization=uptake.organization_id)
    return newest(UPTAKES, events)
