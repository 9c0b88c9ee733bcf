from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.ui import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 20), "0.1"),
        (Fraction(-1, 20), "−0.1"),
        (Decimal("123.45"), "123.5"),
        (0.25, "0.3"),
        (1234.04, "1,234.0"),
        (0, "0.0"),
        (Fraction(2, 3), "0.7"),
    ],
)
def test_scores_round_half_up_to_one_decimal(value, text):
    assert numbers.plain(value, 1) == text


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(min_value=0, max_value=4))
def test_rounding_is_never_off_by_more_than_half_a_unit(value, digits):
    unit = Fraction(1, 10**digits)

    assert abs(Fraction(numbers.rounded(value, digits)) - value) <= unit / 2


@given(st.fractions(min_value=0, max_value=1000))
def test_rounding_is_the_same_on_both_sides_of_zero(value):
    assert numbers.rounded(-value, 1) == -numbers.rounded(value, 1)


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(3, 10), "+0.3"), (Decimal("-0.3"), "−0.3"), (0, "±0"), (Fraction(1, 100), "±0")]
)
def test_differences_carry_their_sign(value, text):
    assert numbers.signed(value) == text


def test_shares_and_their_differences():
    assert numbers.share(38, 43) == "88.4%"
    assert numbers.share(1, 0) == "—"
    assert numbers.percent(Fraction(1, 3)) == "33.3%"
    assert numbers.points(Fraction(31, 1000)) == "+3.1ポイント"


def test_decimals_without_a_wish_keep_their_digits():
    assert numbers.plain(Decimal("1234.50")) == "1,234.50"
    assert numbers.plain(-1200) == "−1,200"
