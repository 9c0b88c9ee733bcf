"""One table of population bands for every page."""

import pytest

from dxportal.core.organizations.domain.population import BAND_LABELS, POPULATION_BANDS, band_of


def test_the_bands_follow_each_other_without_gap_or_overlap_from_nobody_to_everybody():
    edges = [(band.low, band.high) for band in POPULATION_BANDS]
    assert edges[0][0] == 0
    assert edges[-1][1] is None
    assert [high for _, high in edges[:-1]] == [low for low, _ in edges[1:]]


def test_codes_and_labels_stand_for_one_band_each():
    assert len(BAND_LABELS) == len(set(BAND_LABELS.values())) == len(POPULATION_BANDS)


@pytest.mark.parametrize("band", POPULATION_BANDS, ids=lambda band: band.code)
def test_a_band_holds_its_lower_edge_and_everything_below_its_upper_edge(band):
    assert band_of(band.low) == band
    assert band_of((band.high or 100_000_000) - 1) == band
    if band.high is not None:
        assert band_of(band.high) != band


@pytest.mark.parametrize("edge", [5_000, 10_000, 30_000, 50_000, 100_000, 300_000])
def test_every_edge_that_a_page_knew_before_is_still_an_edge(edge):
    assert band_of(edge - 1) != band_of(edge)


@pytest.mark.parametrize("population", [None, -1])
def test_an_unknown_population_has_no_band(population):
    assert band_of(population) is None


@pytest.mark.parametrize(
    ("population", "label"),
    [(0, "5千人未満"), (5_000, "5千～1万人未満"), (29_999, "1万～3万人未満"), (3_700_000, "30万人以上")],
)
def test_the_label_says_the_size_in_the_words_of_the_screens(population, label):
    assert band_of(population).label == label
