"""Population bands of the facets, and the words that hold of an organisation without being written. Pure."""

from dataclasses import dataclass

from casestudies.enums import PlaceKind


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` persons up to, but not with, ``high`` (``None``: without end)."""

    code: str
    label: str
    low: int
    high: int | None


BANDS = (
    Band("to1", "1万人未満", 0, 10_000),
    Band("1to3", "1万～3万人", 10_000, 30_000),
    Band("3to5", "3万～5万人", 30_000, 50_000),
    Band("5to10", "5万～10万人", 50_000, 100_000),
    Band("10to30", "10万～30万人", 100_000, 300_000),
    Band("from30", "30万人以上", 300_000, None),
)
PREFECTURES = Band("prefecture", "都道府県", 0, None)
ALL_BANDS = (*BANDS, PREFECTURES)
BAND_LABELS = {band.code: band.label for band in ALL_BANDS}

# (kinds, from persons, below persons, words that are true of such an organisation)
TRUE_WORDS = (
    ({PlaceKind.PREFECTURE}, None, None, "県 都道府県 広域自治体 県庁"),
    ({PlaceKind.CITY}, None, None, "市 市役所"),
    ({PlaceKind.WARD}, None, None, "区 特別区 区役所"),
    ({PlaceKind.TOWN}, None, None, "町 町役場 町村 役場"),
    ({PlaceKind.VILLAGE}, None, None, "村 村役場 町村 役場"),
    ({PlaceKind.TOWN, PlaceKind.VILLAGE}, 0, 30_000, "小規模自治体 小さな自治体 小規模団体"),
    ({PlaceKind.CITY}, 0, 30_000, "小規模自治体 小さな自治体 小規模団体"),
    ({PlaceKind.CITY}, 500_000, None, "大都市 大規模自治体"),
)


def band_of(kind: str, population: int | None) -> str:
    """The band's code; "" where the population is not known."""
    if kind == PlaceKind.PREFECTURE:
        return PREFECTURES.code
    if population is None or population < 0:
        return ""
    return next(band.code for band in BANDS if band.high is None or population < band.high)


def true_words(kind: str, population: int | None) -> list[str]:
    return [words for kinds, low, high, words in TRUE_WORDS if kind in kinds and _within(population, low, high)]


def _within(population: int | None, low: int | None, high: int | None) -> bool:
    if low is None:
        return True
    return population is not None and population >= low and (high is None or population < high)
