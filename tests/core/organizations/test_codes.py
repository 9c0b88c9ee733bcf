import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.organizations.domain import codes

digits = st.text("0123456789", min_size=5, max_size=5)


@pytest.mark.parametrize("code", ["010006", "011002", "131016", "300004", "302015", "473821"])
def test_codes_of_the_national_list_are_valid(code):
    assert codes.is_valid(code)


@given(digits)
def test_exactly_one_check_digit_is_valid(body):
    assert sum(codes.is_valid(f"{body}{digit}") for digit in range(10)) == 1


@given(digits, st.integers(0, 4), st.integers(1, 9))
def test_a_single_wrong_digit_is_caught_unless_the_digits_collapse(body, place, shift):
    wrong = f"{body[:place]}{(int(body[place]) + shift) % 10}{body[place + 1 :]}"
    code = f"{wrong}{codes.check_digit(body)}"

    # 11 - s gives 10 and 11 for two remainders, of which only the last digit is written: 0 and 1 each stand for two.
    if codes.is_valid(code):
        assert codes.check_digit(wrong) == codes.check_digit(body)
        assert codes.check_digit(body) in (0, 1)


@pytest.mark.parametrize("text", ["", "30000", "3000044", "30000a", "３００００４", " 300004"])
def test_what_is_not_six_ascii_digits_is_not_valid(text):
    assert not codes.is_valid(text)
