"""What a reader asked of the dashboard. Pure."""

from dataclasses import dataclass

from dxportal.portal.domain.dashboard.content import DashboardTown


@dataclass(frozen=True, slots=True)
class DashboardFilter:
    """``measure``: "tier", "total" or a section's code; ``order``: "value" or "code"; ``sort``: the heat table's."""

    bureau: int | None = None
    band: str = ""
    tier: int | None = None
    hidden: bool = False
    measure: str = ""
    order: str = "value"
    sort: str = ""

    @property
    def narrowing(self) -> bool:
        return self.bureau is not None or bool(self.band) or self.tier is not None

    def keeps(self, town: DashboardTown) -> bool:
        return (
            (self.bureau is None or town.bureau_id == self.bureau)
            and (not self.band or town.band == self.band)
            and (self.tier is None or town.tier == self.tier)
        )
