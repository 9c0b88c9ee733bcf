"""Population bands: the one table behind every page, filter and comparison that speaks of a town's size. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PopulationBand:
    """Municipalities with at least ``low`` and less than ``high`` inhabitants (``None``: without end)."""

    code: str
    label: str
    low: int
    high: int | None


POPULATION_BANDS = (
    PopulationBand("to5k", "5千人未満", 0, 5_000),
    PopulationBand("5kto1", "5千～1万人未満", 5_000, 10_000),
    PopulationBand("1to3", "1万～3万人未満", 10_000, 30_000),
    PopulationBand("3to5", "3万～5万人未満", 30_000, 50_000),
    PopulationBand("5to10", "5万～10万人未満", 50_000, 100_000),
    PopulationBand("10to30", "10万～30万人未満", 100_000, 300_000),
    PopulationBand("from30", "30万人以上", 300_000, None),
)
BAND_LABELS = {band.code: band.label for band in POPULATION_BANDS}


def band_of(population: int | None) -> PopulationBand | None:
    """The band that holds so many inhabitants; None where the population is not known."""
    if population is None or population < 0:
        return None
    return next(band for band in POPULATION_BANDS if band.high is None or population < band.high)
