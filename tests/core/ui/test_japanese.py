import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.ui import japanese, numbers
from dxportal.core.ui.eras import ERAS
from dxportal.core.ui.japanese import InputError, parse_date, parse_number, read_date

MODERN = st.dates(dt.date(1873, 1, 1), dt.date(2099, 12, 31))
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("１，２００", "1200"),
        ("1,200人", "1200"),
        ("38.5％", "38.5"),
        ("３８．５　％", "38.5"),
        ("▲5", "-5"),
        ("△ 1,000円", "-1000"),
        ("−3", "-3"),
        ("－３", "-3"),
        ("ー5", "-5"),
        ("+4", "4"),
        ("￥1,500", "1500"),
        ("０", "0"),
        ("-0", "0"),
        (" 007 ", "7"),
        (".5", "0.5"),
    ],
)
def test_numbers_as_offices_write_them(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "十二", "約3", "3～5", "1,20", "12,00", "1,2000", "1.2.3", "①", "½", "--5", "1e5", "人", "٣", "9" * 40],
)
def test_what_is_not_one_plain_number_is_refused_with_the_typed_text(text):
    with pytest.raises(InputError, match="数字で入力してください（例：12）。入力された値：「"):
        parse_number(text)


def test_a_field_may_name_a_further_unit():
    assert parse_number("3施策", unit="施策") == 3


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_comes_back_from_its_own_writing(value):
    written = numbers.plain(value, 2)

    assert parse_number(written) == value
    assert parse_number(written.replace("−", "▲").translate(WIDE)) == value


@pytest.mark.parametrize(
    "text",
    [
        "2026/4/1",
        "2026-04-01",
        "2026.4.1",
        "20260401",
        "2026年4月1日",
        "２０２６年４月１日",
        "R8.4.1",
        "r8/4/1",
        "R080401",
        "令8.4.1",
        "令和8年4月1日",
        "令和 8 年 4 月 1 日",
        "㋿8年4月1日",
        "令和８年４月１日（水）",
        "2026-04-01 00:00:00",
    ],
)
def test_one_day_in_every_accepted_writing(text):
    assert read_date(text) == japanese.DateReading(dt.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("R元.5.1", dt.date(2019, 5, 1)),
        ("平成31年4月30日", dt.date(2019, 4, 30)),
        ("昭和64年1月7日", dt.date(1989, 1, 7)),
        ("S22.4.17", dt.date(1947, 4, 17)),
        ("明治22年4月1日", dt.date(1889, 4, 1)),
    ],
)
def test_eras_at_their_edges(text, day):
    assert read_date(text) == japanese.DateReading(day)


def test_an_era_beyond_its_end_is_taken_with_a_note():
    reading = read_date("平成31年5月1日")

    assert reading.value == dt.date(2019, 5, 1)
    assert reading.note == "令和元年5月1日（2019年5月1日）として読み取りました。正しいか確認してください。"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("令和8年2月30日", "実在しない日付です。令和8年2月は28日までです。"),
        ("2026/13/1", "実在しない日付です。月は1～12で入力してください。"),
        ("8/4/1", "年は西暦4桁、または元号を付けて入力してください（例：2026年、令和8年）。"),
        ("令和0年4月1日", "令和の年は1以上の数で入力してください（例：令和8年）。"),
        ("平成31年5月", "日まで入力してください（例：2026年4月1日、令和8年4月1日）。入力された値：「平成31年5月」"),
        ("来年", "日付を入力してください（例：2026年4月1日、令和8年4月1日）。入力された値：「来年」"),
    ],
)
def test_an_unreadable_date_is_told_what_is_wrong(text, sentence):
    with pytest.raises(InputError) as error:
        parse_date(text)

    assert str(error.value) == sentence


@given(MODERN)
def test_a_date_comes_back_from_every_writing_of_ours(day):
    assert parse_date(japanese.western(day)) == day
    assert read_date(japanese.era(day)) == japanese.DateReading(day)
    assert parse_date(japanese.era(day).translate(WIDE)) == day
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_an_input_error(text):
    with contextlib.suppress(InputError):
        assert read_date(text).value


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_an_input_error(text):
    with contextlib.suppress(InputError):
        assert parse_number(text).is_finite()


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2026, "令和8年度（2026年度）"),
        (2019, "令和元年度（2019年度）"),
        (2018, "平成30年度（2018年度）"),
        (1989, "平成元年度（1989年度）"),
        (1988, "昭和63年度（1988年度）"),
    ],
)
def test_fiscal_years_carry_the_name_that_offices_use(year, label):
    assert japanese.fiscal_label(year) == label


def test_eras_follow_one_another():
    assert [era.name for era in ERAS] == ["明治", "大正", "昭和", "平成", "令和"]
