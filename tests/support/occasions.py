"""Occasions for the access table: one of a town in each state."""

import datetime as dt

from django.utils import timezone

from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.occasions.models import Occasion


def hold_occasions(prefecture, town) -> dict[str, Occasion]:
    """By state; the town holds them itself, the planned one last."""
    load_kinds()
    states = list(reversed(OccasionState.values))
    start = timezone.now() - dt.timedelta(hours=2 * len(states))
    drafts = [
        OccasionDraft(
            title=f"会合（{OccasionState(state).label}）",
            starts_at=start + dt.timedelta(hours=2 * number),
            kinds=("monthly",),
            bodies=(BodyPart(organization=town.pk, role="host"),),
        )
        for number, state in enumerate(states)
    ]
    occasions = dict(zip(states, store(drafts, prefecture_id=prefecture.pk), strict=True))
    for state, occasion in occasions.items():
        occasion.state = state
        occasion.save()
    return occasions
