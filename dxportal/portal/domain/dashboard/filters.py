"""What a reader asked of the dashboard; unknown values count as not asked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from assessments.domain.tiers.rules import TIERS
from dxportal.core.organizations.domain.population import BAND_LABELS
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

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        band = query.get("band", "")
        tier = _whole(query.get("tier", ""))
        return cls(
            bureau=_whole(query.get("bureau", "")),
            band=band if band in BAND_LABELS else "",
            tier=tier if tier in TIERS else None,
            hidden=query.get("names") == "hidden",
            measure=query.get("measure", "")[:50],
            order="code" if query.get("order") == "code" else "value",
            sort=query.get("sort", "")[:60],
        )

    @property
    def narrowing(self) -> bool:
        return self.bureau is not None or bool(self.band) or self.tier is not None

    def keeps(self, town: DashboardTown) -> bool:
        return (
            (self.bureau is None or town.bureau_id == self.bureau)
            and (not self.band or town.band == self.band)
            and (self.tier is None or town.tier == self.tier)
        )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
