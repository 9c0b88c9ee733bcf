import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dxportal.core.intake.export import Sheet, workbook


def read_back(rows, **options):
    width = max(map(len, rows))
    content = workbook([Sheet("表", [f"列{number}" for number in range(width)], rows)])
    return load_workbook(io.BytesIO(content), **options).active


def test_every_kind_of_value_comes_back_as_it_was():
    moment = dt.datetime.fromisoformat("2026-04-01T09:05:30")
    row = [
        '町 & <村> "府"',
        "  二つ\n行 ",
        12,
        -0.5,
        Decimal("1200.25"),
        Fraction(1, 2),
        True,
        dt.date(2026, 4, 1),
        moment,
    ]
    results = [cell.value for cell in read_back([row])[2]]
    assert results == [row[0], row[1], 12, -0.5, 1200.25, 0.5, True, dt.datetime.fromisoformat("2026-04-01"), moment]


def test_empty_values_leave_no_cell_and_keep_the_columns():
    assert [cell.value for cell in read_back([["", None, "三列目"], ["一列目"]])[2]] == [None, None, "三列目"]


def test_a_reader_that_streams_finds_every_row():
    page = read_back([[number, "町"] for number in range(30)], read_only=True)
    assert sum(1 for _ in page.iter_rows()) == 31


def test_a_text_like_a_formula_stays_a_quoted_text():
    cell = read_back([["=1+1"]])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=30), min_size=1, max_size=4
    )
)
def test_any_text_comes_back(texts):
    results = [page_cell.value for page_cell in read_back([texts])[2]]
    assert results == texts
