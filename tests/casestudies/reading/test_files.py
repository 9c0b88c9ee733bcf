import datetime as dt
import io

import openpyxl
import pytest

from casestudies.domain.reading import bookmarks
from casestudies.enums import UptakeState
from tests.support.cases import a_case
from tests.support.reading import a_full_case, an_uptake, archive, get

pytestmark = pytest.mark.django_db


def sheet(response, name=None):
    """Rows as dictionaries by header."""
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    header, *rows = (book[name] if name else book.worksheets[0]).values
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_bookmark_is_a_row_with_numbers_as_numbers(client, cast):
    case = a_full_case()
    bookmarks.add(case, user=cast.officer)
    bookmarks.write_note(case, "会議で", user=cast.officer)

    response = get(client, cast.officer, "bookmarks_export")
    row = sheet(response)[0]

    assert {key: row[key] for key in ("題名", "団体", "人口（人）", "ステップ", "要約", "年度", "出典", "メモ")} == {
        "題名": "書かない窓口",
        "団体": "北海道北見市",
        "人口（人）": 114000,
        "ステップ": "ステップ3 取組の実行",
        "要約": "書かない窓口についての事例です。",
        "年度": 2021,
        "出典": "参考事例集 12ページ",
        "メモ": "会議で",
    }
    assert row["人口の時点"] == dt.datetime(2020, 1, 1)  # noqa: DTZ001 -- a day, as openpyxl reads it
    assert row["費用"] == "初期費用0：10億円"
    assert row["ページのアドレス"] == f"http://testserver/cases/{case.source_id}/"
    figures = [(item["種類"], item["値"], item["単位"]) for item in sheet(response, "数値と費用")]
    assert figures == [("費用", 1_000_000_000, "円"), ("数値", 8.5, "分")]


def test_nothing_in_the_workbook_is_a_formula(client, cast):
    case = a_case("=HYPERLINK(1)", "+1+1")
    bookmarks.add(case, user=cast.officer)
    bookmarks.write_note(case, "@SUM(A1)", user=cast.officer)
    an_uptake(case, cast.officer, UptakeState.DONE, "-2+3")

    for name in ("bookmarks_export", "uptakes_export"):
        book = openpyxl.load_workbook(io.BytesIO(get(client, cast.officer, name).content))
        cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
        risky = [cell for cell in cells if str(cell.value)[0] in "=+-@"]
        assert len(risky) == (3 if name == "bookmarks_export" else 2)
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_an_archived_case_is_exported_by_its_title_and_note(client, cast):
    case = a_full_case("しまった事例")
    bookmarks.add(case, user=cast.officer)
    bookmarks.write_note(case, "わたしのメモ", user=cast.officer)
    archive(case)

    response = get(client, cast.officer, "bookmarks_export")
    row = sheet(response)[0]

    output = {key: value for key, value in row.items() if value is not None and key != "登録日時"}
    assert output == {"事例番号": case.source_id, "題名": "しまった事例（保管）", "メモ": "わたしのメモ"}
    assert sheet(response, "数値と費用") == []


def test_the_export_of_taken_up_cases_follows_filter_and_reach(client, cast):
    an_uptake(a_case("窓口"), cast.officer, UptakeState.DONE, "できた")
    an_uptake(a_case("申請"), cast.officer, UptakeState.DECLINED)
    an_uptake(a_case("相談"), cast.neighbour_officer, UptakeState.DONE)

    all_done = sheet(get(client, cast.staff, "uptakes_export", state="done"))
    own = sheet(get(client, cast.bureau_staff, "uptakes_export"))

    assert [(item["団体"], item["題名"]) for item in all_done] == [("ゆうひ町", "相談"), ("あさひ町", "窓口")]
    assert [(item["題名"], item["状態"], item["メモ"]) for item in own] == [
        ("申請", "見送り", None),
        ("窓口", "実施", "できた"),
    ]
