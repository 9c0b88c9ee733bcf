from fractions import Fraction

import pytest

from assessments.domain.tiers.scheme_file import (
    parse_scheme,
    priority_from_data,
    priority_to_data,
    tiers_from_data,
    tiers_to_data,
)
from dxportal.core.intake.yaml_file import InvalidFileError
from dxportal.settings import BASE_DIR

SCHEMES = BASE_DIR / "fixtures/schemes"
TIERS = (SCHEMES / "tiers.yaml").read_text(encoding="utf-8")
PRIORITY = (SCHEMES / "priority.yaml").read_text(encoding="utf-8")


def codes(text):
    with pytest.raises(InvalidFileError) as caught:
        parse_scheme(text)
    return [error.code for error in caught.value.errors]


def test_a_tier_scheme_survives_the_way_to_json_and_back():
    scheme, _ = parse_scheme(TIERS.replace("minimum: 105", "minimum: 105.5"))

    assert scheme.band(3).minimum == Fraction(211, 2)
    assert tiers_from_data(scheme.code, scheme.version, scheme.title, tiers_to_data(scheme)) == scheme


def test_a_priority_scheme_survives_the_way_to_json_and_back():
    scheme, _ = parse_scheme(PRIORITY.replace(", support_at_most: 14", ""))

    assert scheme.steps[2].support_at_most is None
    assert priority_from_data(scheme.code, scheme.version, scheme.title, priority_to_data(scheme)) == scheme


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("minimum: 105", "minimum: 160", ["not_ordered"]),
        ("minimum: 105", "minimum: 150", ["not_ordered"]),
        ("minimum: 0\n", "minimum: 1\n", ["gap"]),
        ("tier: 3", "tier: 2", ["tiers_incomplete"]),
        ("tier: 1", "tier: 5", ["tiers_incomplete"]),
        ("    name: 支援\n", "", ["missing_key"]),
        ("minimum: 105", "minimum: many", ["bad_type"]),
        ("version: 1", "version: 0", ["bad_value"]),
        ("kind: tiers", "kind: tears", ["bad_value"]),
        ("title: 支援", "colour: red\ntitle: 支援", ["unknown_key"]),
        ("title: 支援", "levels: []\ntitle: 支援", ["wrong_key"]),
    ],
)
def test_a_tier_scheme_with_a_mistake_is_refused(old, new, expected):
    assert old in TIERS
    assert codes(TIERS.replace(old, new, 1)) == expected


def test_a_tier_scheme_needs_all_four_tiers():
    assert codes(TIERS[: TIERS.index("  - tier: 1")]) == ["gap", "tiers_incomplete"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{step: 1,", "{step: 0,", ["not_ordered"]),
        ("{deficits: 0,", "{deficits: 1,", ["not_ordered"]),
        ("priority_at_most: 29", "priority_at_most: -1", ["bad_value"]),
        ("support: 推進体制, ", "", ["missing_key"]),
    ],
)
def test_a_priority_scheme_with_a_mistake_is_refused(old, new, expected):
    assert old in PRIORITY
    assert codes(PRIORITY.replace(old, new, 1)) == expected
