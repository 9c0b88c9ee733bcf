import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dxportal.core.intake.book import read_book
from dxportal.core.intake.export import Sheet, csv_file, csv_response, sheet_title, workbook, workbook_response

DANGEROUS = ["=1+1", "+81-3-0000", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝１＋１"]


def opened(*sheets):
    return load_workbook(io.BytesIO(workbook(sheets)))


def test_numbers_stay_numbers_and_dates_dates():
    page = opened(
        Sheet("得点", ["a", "b", "c", "d"], [(3, Decimal("1.5"), Fraction(1, 4), dt.date(2026, 4, 1))])
    ).active

    assert [cell.value for cell in page[2]][:3] == [3, 1.5, 0.25]
    assert page["D2"].value.date() == dt.date(2026, 4, 1)
    assert page.freeze_panes == "A2"
    assert page["A1"].font.bold


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_workbook_never_holds_a_formula(text):
    cell = opened(Sheet("a", ["h"], [(text,)])).active["A2"]

    assert cell.data_type != "f"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_text_that_would_be_executed_gets_an_apostrophe(text):
    content = csv_file(["h"], [(text,)]).content.decode("utf-8-sig")

    assert content.split("\r\n", 1)[1].lstrip('"').startswith("'")


def test_plain_negative_numbers_and_dashes_stay_as_they_are():
    assert csv_file(["h"], [("-5",), (-5,), ("-",)]).content.decode("utf-8-sig") == "h\r\n-5\r\n-5\r\n-\r\n"


def test_notes_go_to_a_sheet_of_their_own():
    book = opened(Sheet("得点", ["a"], [(1,)], notes=[("出典", "令和6年度調査")]))

    assert book.sheetnames == ["得点", "注記"]
    assert [cell.value for cell in book["注記"][2]] == ["得点", "出典", "令和6年度調査"]


@given(st.lists(st.text(max_size=50), min_size=1, max_size=8))
def test_sheet_titles_are_always_taken_by_excel(titles):
    used = []
    for title in titles:
        used.append(sheet_title(title, used))

    assert all(1 <= len(item) <= 31 and not set(item) & set("[]:*?/\\") for item in used)
    assert len({item.casefold() for item in used}) == len(used)


def test_utf8_has_a_byte_order_mark_for_excel():
    assert csv_file(["市"], []).content == "市\r\n".encode("utf-8-sig")


def test_characters_that_shift_jis_lacks_are_named():
    created = csv_file(["名"], [("髙①㈱",), ("𠮷田",)], "cp932")

    assert created.lost == ("𠮷",)
    assert created.content.decode("cp932") == "名\r\n髙①㈱\r\n〓田\r\n"


def test_the_answer_tells_of_lost_characters():
    response = csv_response("名簿", ["名"], [("𠮷",)], "cp932")

    assert response["X-Lost-Characters"] == "U+20BB7"
    assert response.content.decode("cp932").endswith("# Shift_JISで表せない文字を〓にしました：U+20BB7\r\n")


def test_file_names_may_be_japanese():
    disposition = workbook_response("回答一覧", [Sheet("a", ["b"], [])])["Content-Disposition"]

    assert disposition.startswith("attachment")
    assert unquote(disposition.split("filename*=utf-8''")[1]) == "回答一覧.xlsx"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20).map(
    lambda text: text.strip()
)


@given(st.lists(st.tuples(TEXTS.filter(bool), st.integers(-(10**9), 10**9)), max_size=5))
def test_what_goes_out_comes_back(rows):
    rows = [(text, number) for text, number in rows if not text.startswith("'")]
    content = workbook([Sheet("表", ["名", "数"], rows)])

    assert read_book(io.BytesIO(content)).first.rows == (("名", "数"), *rows)


@given(st.lists(TEXTS.filter(bool), max_size=5))
def test_text_comes_back_from_csv(texts):
    texts = [text for text in texts if not text.startswith(("'", "#"))]
    content = csv_file(["名"], [(text,) for text in texts]).content

    assert read_book(io.BytesIO(content)).first.rows == (("名",), *((text,) for text in texts))
