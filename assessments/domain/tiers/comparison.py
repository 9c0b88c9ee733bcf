"""Two classifications of the same municipalities beside each other: of two surveys, or by other thresholds tried. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from assessments.domain.tiers.rules import TIERS, TierBand, TierRules, tier_for


@dataclass(frozen=True, slots=True)
class TierFlow:
    """Who moved from one tier to another (or stayed)."""

    before: int
    after: int
    organizations: tuple[int, ...]


def movements(before: Mapping[int, int | None], after: Mapping[int, int | None]) -> tuple[TierFlow, ...]:
    """Every pair of tiers that somebody passed through, those with a tier both times; highest last tier first."""
    flows: dict[tuple[int, int], list[int]] = {}
    for organization, now in after.items():
        then = before.get(organization)
        if now is not None and then is not None:
            flows.setdefault((then, now), []).append(organization)
    ordered = sorted(flows, key=lambda pair: (-pair[0], -pair[1]))
    return tuple(TierFlow(then, now, tuple(flows[then, now])) for then, now in ordered)


def tier_counts(tiers: Iterable[int | None]) -> dict[int, int]:
    """Tier → municipalities, highest tier first; those without a tier are not counted."""
    given = list(tiers)
    return {tier: given.count(tier) for tier in TIERS}


@dataclass(frozen=True, slots=True)
class MovedTown:
    organization: int
    before: TierBand
    after: TierBand


@dataclass(frozen=True, slots=True)
class BandChange:
    """A tier's municipalities under the thresholds in use and those tried."""

    band: TierBand
    tried_minimum: Fraction
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def difference(self) -> int:
        return len(self.after) - len(self.before)

    @property
    def joined(self) -> tuple[int, ...]:
        return tuple(town for town in self.after if town not in set(self.before))

    @property
    def left(self) -> tuple[int, ...]:
        return tuple(town for town in self.before if town not in set(self.after))


@dataclass(frozen=True, slots=True)
class Trial:
    scheme: TierRules
    bands: tuple[BandChange, ...]
    moved: tuple[MovedTown, ...]


def with_minimums(scheme: TierRules, minimums: Mapping[int, Fraction]) -> TierRules:
    """The scheme with other lower limits for the tiers named."""
    bands = tuple(replace(band, minimum=minimums.get(band.tier, band.minimum)) for band in scheme.bands)
    return replace(scheme, bands=bands)


def problems(scheme: TierRules, maximum: int) -> list[str]:
    """Why the thresholds cannot be tried: they must fall from tier to tier and lie within the total."""
    limits = [band.minimum for band in scheme.bands]
    messages = []
    if any(upper <= lower for upper, lower in pairwise(limits)):
        messages.append("下限は上の分類ほど大きくしてください。")
    if limits and limits[0] > maximum:
        messages.append(f"下限は満点（{maximum}点）以下にしてください。")
    return messages


def try_thresholds(in_use: TierRules, tried: TierRules, totals: Mapping[int, Fraction]) -> Trial:
    """``totals`` by organisation, exact; what counts is the computed tier, adjustments aside."""
    before = {town: tier_for(in_use, total) for town, total in totals.items()}
    after = {town: tier_for(tried, total) for town, total in totals.items()}
    changes = tuple(
        BandChange(band, tried.band(band.tier).minimum, _in_tier(before, band.tier), _in_tier(after, band.tier))
        for band in in_use.bands
    )
    moved = tuple(
        MovedTown(town, before[town], after[town]) for town in totals if before[town].tier != after[town].tier
    )
    return Trial(tried, changes, moved)


def _in_tier(tiers: Mapping[int, TierBand], tier: int) -> tuple[int, ...]:
    return tuple(town for town, band in tiers.items() if band.tier == tier)
