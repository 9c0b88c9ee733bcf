"""Other thresholds tried on computed totals: who would move. Plain values; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from assessments.domain.tiers.tiers import TierBand, TierScheme, tier_for


@dataclass(frozen=True, slots=True)
class Moved:
    organization: int
    before: TierBand
    after: TierBand


@dataclass(frozen=True, slots=True)
class BandChange:
    """A tier's municipalities under the standing and the tried thresholds."""

    band: TierBand
    tried_minimum: Fraction
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def difference(self) -> int:
        return len(self.after) - len(self.before)

    @property
    def joined(self) -> tuple[int, ...]:
        return tuple(one for one in self.after if one not in set(self.before))

    @property
    def left(self) -> tuple[int, ...]:
        return tuple(one for one in self.before if one not in set(self.after))


@dataclass(frozen=True, slots=True)
class Trial:
    scheme: TierScheme
    bands: tuple[BandChange, ...]
    moved: tuple[Moved, ...]


def with_minimums(scheme: TierScheme, minimums: Mapping[int, Fraction]) -> TierScheme:
    """The scheme with other lower limits for the tiers named."""
    bands = tuple(replace(band, minimum=minimums.get(band.tier, band.minimum)) for band in scheme.bands)
    return replace(scheme, bands=bands)


def problems(scheme: TierScheme, maximum: int) -> list[str]:
    """Why the thresholds cannot be tried: they must fall from tier to tier and lie within the total."""
    limits = [band.minimum for band in scheme.bands]
    found = []
    if any(upper <= lower for upper, lower in pairwise(limits)):
        found.append("下限は上の分類ほど大きくしてください。")
    if limits and limits[0] > maximum:
        found.append(f"下限は満点（{maximum}点）以下にしてください。")
    return found


def try_thresholds(standing: TierScheme, tried: TierScheme, totals: Mapping[int, Fraction]) -> Trial:
    """``totals`` by organisation, exact; what counts is the computed tier, adjustments aside."""
    before = {one: tier_for(standing, total) for one, total in totals.items()}
    after = {one: tier_for(tried, total) for one, total in totals.items()}
    changes = tuple(
        BandChange(band, tried.band(band.tier).minimum, _of(before, band.tier), _of(after, band.tier))
        for band in standing.bands
    )
    moved = tuple(Moved(one, before[one], after[one]) for one in totals if before[one].tier != after[one].tier)
    return Trial(tried, changes, moved)


def _of(tiers: Mapping[int, TierBand], tier: int) -> Sequence[int]:
    return tuple(one for one, band in tiers.items() if band.tier == tier)
