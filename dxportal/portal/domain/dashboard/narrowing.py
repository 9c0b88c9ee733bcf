"""The dashboard's figures over the municipalities that a filter keeps, from what is stored: no query. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison
from dxportal.portal.domain.dashboard.content import (
    Dashboard,
    DashboardFlow,
    DashboardTown,
    JoinedTown,
    SectionMean,
    TierCount,
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """``count``: municipalities with a score; ``change``: of their mean since last year, over those scored both times;
    ``tiers``: those of the dashboard with the counts of the kept municipalities.
    """

    towns: tuple[DashboardTown, ...]
    count: int
    mean: Fraction | None
    change: Fraction | None
    sections: tuple[SectionMean, ...]
    tiers: tuple[TierCount, ...]
    flows: tuple[DashboardFlow, ...]
    joined: tuple[JoinedTown, ...]

    @property
    def moved_up(self) -> int:
        return sum(flow.count for flow in self.flows if flow.after > flow.before)

    @property
    def moved_down(self) -> int:
        return sum(flow.count for flow in self.flows if flow.after < flow.before)

    @property
    def stayed(self) -> int:
        return sum(flow.count for flow in self.flows if flow.after == flow.before)


def whole(dashboard: Dashboard) -> Narrowed:
    """As stored."""
    return Narrowed(
        towns=dashboard.towns,
        count=dashboard.scored_count,
        mean=dashboard.mean,
        change=dashboard.mean_change,
        sections=dashboard.sections,
        tiers=dashboard.tiers,
        flows=dashboard.flows,
        joined=dashboard.joined,
    )


def part(dashboard: Dashboard, towns: Sequence[DashboardTown]) -> Narrowed:
    """Over some of the municipalities. Last year's section means are the whole's business and left out."""
    totals = [town.total for town in towns if town.total is not None]
    sections = [
        replace(
            section,
            mean=aggregation.mean(cell for town in towns for cell in town.cells[at : at + 1] if cell is not None),
            last=None,
        )
        for at, section in enumerate(dashboard.sections)
    ]
    now = comparison.tier_counts(town.tier for town in towns)
    before = comparison.tier_counts(town.tier_last for town in towns)
    kept = {town.id for town in towns}
    flows = [replace(flow, towns=tuple(town for town in flow.towns if town in kept)) for flow in dashboard.flows]
    return Narrowed(
        towns=tuple(towns),
        count=len(totals),
        mean=aggregation.mean(totals),
        change=aggregation.mean(town.change for town in towns if town.change is not None),
        sections=tuple(sections),
        tiers=tuple(
            replace(tier, count=now[tier.tier], last=None if tier.last is None else before[tier.tier])
            for tier in dashboard.tiers
        ),
        flows=tuple(replace(flow, count=len(flow.towns)) for flow in flows if flow.towns),
        joined=tuple(joined for joined in dashboard.joined if joined.town in kept),
    )
