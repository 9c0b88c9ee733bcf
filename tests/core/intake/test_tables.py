"""Tables as offices lay them out: found by their headings, with what is passed over said."""

import io

import pytest
from openpyxl import Workbook

from dxportal.core.intake.book import find_table, read_book

HEADINGS = {
    "code": ("団体コード", "市区町村コード"),
    "name": ("団体名",),
    "s0": ("STEP0", "ステップ0"),
    "s1": ("STEP1",),
}
HEADER = ["団体コード", "団体名", "STEP0", "STEP1"]
TOWNS = ([302015, "和歌山市", 20, 18.5], [302023, "海南市", 15, 12])


def opened(book):
    stream = io.BytesIO()
    book.save(stream)
    return read_book(io.BytesIO(stream.getvalue()))


def sheet_of(*rows, merges=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for merged in merges:
        book.active.merge_cells(merged)
    return opened(book)


def names(table):
    return [record["name"].text for record in table.records]


@pytest.mark.parametrize(
    ("rows", "merges", "row"),
    [
        ([HEADER], (), 1),
        ([["令和8年度 得点一覧"], [], ["", "", "", "単位：点"], HEADER], ("A1:D1",), 4),
        ([["団体コード", "団体名", "得点"], [None, None, "STEP0", "STEP1"]], ("A1:A2", "B1:B2", "C1:D1"), 2),
        ([["団体コード", "団体名", "得点"], [None, None, "STEP0", "STEP1"]], (), 2),
        ([["基本情報", None, "STEP", "STEP"], ["団体コード", "団体名", "0", "1"]], ("A1:B1",), 2),
        (
            [["調査", None, None, None], ["団体", "団体", "得点", None], ["コード", "名", "STEP0", "STEP1"]],
            ("C2:D2",),
            3,
        ),
        ([["団体\nコード", "団　体　名", "ＳＴＥＰ０\n（30点）", "step 1※1"]], (), 1),
        ([["市区町村コード", "団体名 ", "ステップ０", "STEP1（点）"]], (), 1),
    ],
)
def test_headings_are_found_however_they_stand(rows, merges, row):
    table = find_table(sheet_of(*rows, *TOWNS, merges=merges), HEADINGS)

    assert (table.row, table.missing) == (row, ())
    assert names(table) == ["和歌山市", "海南市"]
    assert [record["s1"].value for record in table.records] == [18.5, 12]


def test_cover_and_hidden_sheets_are_passed_over_and_hidden_ones_told():
    book = Workbook()
    book.active.title = "選択肢リスト"
    book.active.append(HEADER)
    book.active.sheet_state = "hidden"
    book.create_sheet("表紙").append(["令和8年度 得点"])
    page = book.create_sheet("得点")
    for row in (HEADER, *TOWNS):
        page.append(row)
    book.active = 1

    table = find_table(opened(book), HEADINGS)

    assert table.sheet.title == "得点"
    assert [note for note in table.notes if "非表示のシート「選択肢リスト」" in note]


def test_sums_means_and_notes_are_left_out_and_named():
    table = find_table(
        sheet_of(
            HEADER,
            *TOWNS,
            [None, "合　計", 35, 30.5],
            ["県平均", None, 17.5, 15.2],
            HEADER,
            [None, "※1 速報値"],
            ["注）四捨五入のため合計は一致しない。"],
        ),
        HEADINGS,
    )

    assert names(table) == ["和歌山市", "海南市"]
    for words in (
        "「合　計」（4行目）",
        "「県平均」（5行目）",
        "見出しの繰返しの行（6行目）",
        "注記の行（7行目、8行目）",
    ):
        assert any(words in note for note in table.notes), words


@pytest.mark.parametrize("name", ["計根別町", "合志市", "平均台村", "小計町", "注連町"])
def test_a_town_whose_name_begins_like_a_sum_is_kept(name):
    assert names(find_table(sheet_of(HEADER, [1, name, 1, 2]), HEADINGS)) == [name]


def test_hidden_rows_and_columns_are_read_and_told():
    book = Workbook()
    for row in (HEADER, *TOWNS):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True

    table = find_table(opened(book), HEADINGS)

    assert names(table) == ["和歌山市", "海南市"]
    assert any("非表示の行（3行目）" in note for note in table.notes)
    assert any("C列「STEP0」" in note for note in table.notes)


def test_what_looks_odd_in_a_file_is_told_once_for_a_sheet():
    """Numbers as texts, merged cells and protection: nothing is wrong with them, and nobody need look for them."""
    book = Workbook()
    page = book.active
    page.title = "得点"
    for row in (
        ["題", None],
        HEADER,
        *([str(number), "和歌山市", str(number), "１８．５"] for number in range(302015, 302021)),
    ):
        page.append(row)
    for merged in ("A1:B1", "A8:B8", "F3:G4"):
        page.merge_cells(merged)
    page.protection.sheet = True
    book.security.lockStructure = True

    notes = find_table(opened(book), HEADINGS, numbers=("s0", "s1")).notes

    assert notes == (
        "シート「得点」の結合セル（A8:B8）は、見出しでは範囲全体の見出し、ほかでは左上のセルだけの値として読み取りました。",
        "シート「得点」に、文字列として保存された数値が12個あります（C3、D3、C4、D4、C5ほか7）。数値として読み取りました。",
        "シート「得点」は保護されています。読み取りには影響ありません。",
        "このブックは保護されています（シートの構成）。読み取りには影響ありません。",
    )


def test_a_heading_that_stands_twice_is_told_and_values_that_differ_are_refused():
    header = [*HEADER, "団体名", "STEP０\n（30点）"]
    table = find_table(
        sheet_of(header, [1, "和歌山市", 20, 1, "和歌山市", 21], [2, "海南市", 15, 2, None, 15]), HEADINGS
    )

    assert names(table) == ["和歌山市", "海南市"]
    assert [record["s0"].value for record in table.records] == [20, 15]
    assert "の見出し「団体名」はE列にもあります。読み取ったのはB列だけです。" in table.notes[0]
    (problem,) = table.contradictions()
    assert (problem.cell, "C列とF列" in problem.message) == ("F2", True)


def test_a_csv_is_not_blamed_for_numbers_that_are_texts():
    table = find_table(
        read_book(io.BytesIO("団体コード,団体名,STEP0,STEP1\n302015,和歌山市,1,2\n".encode())),
        HEADINGS,
        numbers=("s0",),
    )
    assert table.notes == ()


def test_a_second_sheet_with_the_same_headings_is_told():
    book = Workbook()
    for title in ("R7", "R8"):
        page = book.create_sheet(title)
        for row in (HEADER, *TOWNS):
            page.append(row)

    table = find_table(opened(book), HEADINGS)

    assert table.sheet.title == "R7"
    assert any("シート「R8」にも同じ見出し" in note for note in table.notes)
    assert find_table(opened(book), HEADINGS, "R8").sheet.title == "R8"


def test_a_row_of_formulas_without_results_is_no_empty_row():
    table = find_table(sheet_of(HEADER, ["=A9", "=B9", "=C9", "=D9"]), HEADINGS)

    assert [problem.cell for problem in table.problems()] == ["A2", "B2", "C2", "D2"]


def test_what_is_missing_is_named_and_nothing_is_read_without_headings():
    assert find_table(sheet_of(["団体コード", "STEP0"]), HEADINGS).missing == ("団体名", "STEP1")
    table = find_table(sheet_of(["あ", "い"], [1, 2]), HEADINGS)
    assert (table.row, table.records) == (0, [])


def test_optional_columns_are_given_where_there_are_any():
    rows = (["都道府県", *HEADER], ["和歌山県", *TOWNS[0]])
    table = find_table(
        sheet_of(*rows), HEADINGS, optional={"prefecture": ("都道府県名", "都道府県"), "kana": ("カナ",)}
    )
    assert table.records[0]["prefecture"].text == "和歌山県"
    assert "kana" not in table.columns
    assert table.missing == ()
