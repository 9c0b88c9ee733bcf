from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.tiers.rules import TierBand, TierRules, tier_for
from assessments.domain.tiers.scheme_file import parse_scheme
from dxportal.settings import BASE_DIR

DEFAULT, IS_DEFAULT = parse_scheme((BASE_DIR / "fixtures/schemes/tiers.yaml").read_text(encoding="utf-8"))


def test_the_shipped_scheme_is_the_default_with_the_published_names():
    assert IS_DEFAULT
    assert [(band.tier, band.name) for band in DEFAULT.bands] == [(4, "共創"), (3, "協働"), (2, "支援"), (1, "関与")]


def test_every_tier_says_what_it_means_and_what_follows():
    assert all(len(band.meaning) > 20 and len(band.support) > 20 for band in DEFAULT.bands)


@pytest.mark.parametrize("band", DEFAULT.bands, ids=lambda band: band.name)
def test_a_total_on_the_threshold_is_in_and_one_just_below_is_out(band):
    just_below = band.minimum - Fraction(1, 10**12)

    assert tier_for(DEFAULT, band.minimum).tier == band.tier
    if band.minimum:
        assert tier_for(DEFAULT, just_below).tier == band.tier - 1


def test_a_total_that_is_rounded_up_to_a_threshold_is_still_below_it():
    assert tier_for(DEFAULT, Fraction(14999, 100)).tier == 3


SMALL = TierRules("s", 1, "s", tuple(TierBand(4 - n, "", Fraction(low)) for n, low in enumerate((45, 30, 15, 0))))


@pytest.mark.parametrize(
    ("total", "tier"),
    [
        (0, 1),
        (Fraction(1, 3), 1),
        (Fraction(1499, 100), 1),
        (15, 2),
        (Fraction(90, 6), 2),
        (Fraction(29999999, 1000000), 2),
        (30, 3),
        (Fraction(89, 2), 3),
        (Fraction(44 * 7 + 6, 7), 3),
        (45, 4),
        (60, 4),
        (10**9, 4),
    ],
)
def test_the_exact_total_decides(total, tier):
    assert tier_for(SMALL, total).tier == tier
    assert SMALL.band(tier).minimum <= total


@given(st.fractions(0, 210), st.fractions(0, 210))
def test_a_higher_total_never_has_a_lower_tier(one, other):
    low, high = sorted((one, other))

    assert tier_for(DEFAULT, low).tier <= tier_for(DEFAULT, high).tier


@given(st.lists(st.integers(1, 210), min_size=3, max_size=3, unique=True), st.fractions(0, 210))
def test_every_total_has_exactly_one_tier(minimums, total):
    bands = [*sorted(minimums, reverse=True), 0]
    scheme = TierRules("s", 1, "s", tuple(TierBand(4 - n, "", Fraction(low)) for n, low in enumerate(bands)))

    band = tier_for(scheme, total)

    assert band.minimum <= total
    assert all(total < other.minimum for other in scheme.bands if other.tier > band.tier)
