"""Support tiers: which band of the total a municipality falls in, and what the band means."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class TierBand:
    """A total of at least ``minimum`` belongs here. ``meaning`` reads the score, ``support`` says what follows."""

    tier: int
    name: str
    minimum: Fraction
    meaning: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True)
class TierScheme:
    """Bands from the highest tier (4) down to the lowest (1), whose minimum is 0: no total is left out."""

    code: str
    version: int
    title: str
    bands: tuple[TierBand, ...]

    def band(self, tier: int) -> TierBand:
        return next(band for band in self.bands if band.tier == tier)


def tier_for(scheme: TierScheme, total: Fraction | int) -> TierBand:
    """The highest band whose minimum the exact total reaches (compared before any rounding)."""
    return next(band for band in scheme.bands if total >= band.minimum)
