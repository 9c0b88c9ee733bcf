import pytest
from django.core.management import CommandError, call_command

from dxportal.core.organizations.models import Organization
from tests.support import factories as make
from tests.support.code_list import (
    CHIYODA,
    HEADER,
    KATSURAGI,
    KITAYAMA,
    TOKYO,
    WAKAYAMA,
    WAKAYAMA_CITY,
    write_book,
)

pytestmark = pytest.mark.django_db


def run(path, *options):
    call_command("import_municipalities", str(path), *options)


def stored():
    rows = Organization.objects.order_by("code")
    return [(row.code, row.name, row.kana, row.kind, row.municipality_kind) for row in rows]


def test_the_list_becomes_prefectures_and_municipalities_with_kind_and_full_width_kana(tmp_path):
    run(write_book(tmp_path / "codes.xlsx", TOKYO, CHIYODA, WAKAYAMA, WAKAYAMA_CITY, KATSURAGI, KITAYAMA))

    assert stored() == [
        ("130001", "東京都", "トウキョウト", "prefecture", ""),
        ("131016", "千代田区", "チヨダク", "municipality", "ward"),
        ("300004", "和歌山県", "ワカヤマケン", "prefecture", ""),
        ("302015", "和歌山市", "ワカヤマシ", "municipality", "city"),
        ("303411", "かつらぎ町", "カツラギチョウ", "municipality", "town"),
        ("304271", "北山村", "キタヤマムラ", "municipality", "village"),
    ]
    city = Organization.objects.get(code="302015")
    assert (city.parent.code, city.prefecture.code) == ("300004", "300004")


def test_codes_kept_as_numbers_get_their_leading_zero_back(tmp_path):
    rows = [(10006, "北海道", None, "ﾎｯｶｲﾄﾞｳ", None), (11002, "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ")]

    run(write_book(tmp_path / "codes.xlsx", *rows))

    assert [organization.code for organization in Organization.objects.order_by("code")] == ["010006", "011002"]


@pytest.mark.parametrize(
    "given",
    [
        ("01000", "01100", "12000", "12203"),
        (1000, 1100, 12000, 12203),
        (1000.0, "1100", "１２０００", "12203"),
        (10006, 11002, 120006, 122033),
    ],
)
def test_lists_without_check_digits_or_first_zeros_are_read_by_their_prefectures(tmp_path, given):
    towns = (("北海道", None), ("北海道", "札幌市"), ("千葉県", None), ("千葉県", "市川市"))
    rows = [
        (code, prefecture, name, "ﾄﾄﾞｳﾌｹﾝ", name and "ｼ") for code, (prefecture, name) in zip(given, towns, strict=True)
    ]

    run(write_book(tmp_path / "codes.xlsx", *rows))

    assert [row.code for row in Organization.objects.order_by("code")] == ["010006", "011002", "120006", "122033"]


def test_five_digits_that_may_be_two_codes_are_told_apart_by_the_prefecture(tmp_path):
    hokkaido = ("010006", "北海道", None, "ﾎｯｶｲﾄﾞｳ", None)
    chiba = ("120006", "千葉県", None, "ﾁﾊﾞｹﾝ", None)
    shibetsu = (12203, "北海道", "士別市", "ﾎｯｶｲﾄﾞｳ", "ｼﾍﾞﾂｼ")
    ichikawa = (12203, "千葉県", "市川市", "ﾁﾊﾞｹﾝ", "ｲﾁｶﾜｼ")

    run(write_book(tmp_path / "codes.xlsx", hokkaido, chiba, shibetsu, ichikawa))

    assert Organization.objects.get(name="士別市").code == "012203"
    assert Organization.objects.get(name="市川市").code == "122033"


def test_a_short_code_is_never_told_a_check_digit_that_it_has_not(tmp_path):
    hokkaido = ("010006", "北海道", None, "ﾎｯｶｲﾄﾞｳ", None)
    mistyped = (11003, "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ")
    nowhere = ("12203", "みほん県", "市川市", "ﾐﾎﾝｹﾝ", "ｲﾁｶﾜｼ")

    with pytest.raises(CommandError) as caught:
        run(write_book(tmp_path / "codes.xlsx", hokkaido, mistyped, nowhere))

    text = str(caught.value)
    assert "「11003」は、検査数字のない5桁としても、先頭の0が落ちた6桁としても、北海道の団体コードになりません" in text
    assert "「12203」は122033とも012203とも読めます" in text
    assert "検査数字が合いません" not in text


def test_wards_of_designated_cities_are_not_organisations(tmp_path):
    hokkaido = ("010006", "北海道", None, "ﾎｯｶｲﾄﾞｳ", None)
    sapporo = ("011002", "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ")
    chuo = ("011011", "北海道", "札幌市中央区", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ")

    run(write_book(tmp_path / "codes.xlsx", hokkaido, sapporo, chuo, wards=[sapporo, chuo]))

    assert [organization.name for organization in Organization.objects.order_by("code")] == ["北海道", "札幌市"]


def test_a_second_run_changes_nothing_and_says_so(tmp_path, capsys):
    path = write_book(tmp_path / "codes.xlsx", WAKAYAMA, WAKAYAMA_CITY)
    run(path)
    before = list(Organization.objects.order_by("pk").values())

    run(path)

    assert list(Organization.objects.order_by("pk").values()) == before
    assert "追加0、変更0、変更なし2" in capsys.readouterr().out


def test_a_new_name_is_taken_over_and_the_bureau_kept(tmp_path, capsys):
    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, KATSURAGI))
    bureau = make.make_bureau(Organization.objects.get(code="300004"), "伊都振興局")
    Organization.objects.filter(code="303411").update(parent=bureau)
    renamed = (*KATSURAGI[:2], "新かつらぎ町", *KATSURAGI[3:])

    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, renamed))

    town = Organization.objects.get(code="303411")
    assert (town.name, town.parent) == ("新かつらぎ町", bureau)
    assert "変更：303411 新かつらぎ町（かつらぎ町→新かつらぎ町）" in capsys.readouterr().out


def test_what_vanished_from_the_list_is_named_and_kept(tmp_path, capsys):
    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, WAKAYAMA_CITY, KITAYAMA))

    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, WAKAYAMA_CITY))

    assert Organization.objects.filter(code="304271").exists()
    assert "一覧にない：304271 北山村" in capsys.readouterr().out


def test_an_organisation_without_a_code_gets_the_one_of_its_name(tmp_path):
    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA))
    prefecture = Organization.objects.get(code="300004")
    town = make.make_municipality(prefecture, "かつらぎ町", code=None)

    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, KATSURAGI))

    town.refresh_from_db()
    assert town.code == "303411"
    assert Organization.objects.count() == 2


def test_one_prefecture_can_be_chosen(tmp_path):
    run(write_book(tmp_path / "codes.xlsx", TOKYO, CHIYODA, WAKAYAMA, KITAYAMA), "--prefecture", "和歌山県")

    assert [organization.code for organization in Organization.objects.order_by("code")] == ["300004", "304271"]


def test_a_dry_run_reports_and_stores_nothing(tmp_path, capsys):
    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, KITAYAMA), "--dry-run")

    assert not Organization.objects.exists()
    assert "追加：304271 北山村" in capsys.readouterr().out


def test_every_error_is_told_at_once_with_its_cell_and_nothing_is_stored(tmp_path):
    path = write_book(
        tmp_path / "codes.xlsx",
        WAKAYAMA,
        ("302011", "和歌山県", "和歌山市", "ﾜｶﾔﾏｹﾝ", "ﾜｶﾔﾏｼ"),
        (None, "和歌山県", "海南市", "ﾜｶﾔﾏｹﾝ", "ｶｲﾅﾝｼ"),
        ("abc", "和歌山県", "橋本市", "ﾜｶﾔﾏｹﾝ", "ﾊｼﾓﾄｼ"),
        ("303411", "和歌山県", "かつらぎ区", "ﾜｶﾔﾏｹﾝ", "ｶﾂﾗｷﾞｸ"),
        ("304271", None, "北山村", "ﾜｶﾔﾏｹﾝ", "ｷﾀﾔﾏﾑﾗ"),
    )

    with pytest.raises(CommandError) as caught:
        run(path)

    lines = str(caught.value).splitlines()[1:]
    assert [text.split("：", 1)[0] for text in lines] == [
        "シート「R6.1.1現在の団体」 A3",
        "シート「R6.1.1現在の団体」 A4",
        "シート「R6.1.1現在の団体」 A5",
        "シート「R6.1.1現在の団体」 C6",
        "シート「R6.1.1現在の団体」 B7",
    ]
    assert "302015" in lines[0]
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ((WAKAYAMA, KITAYAMA, KITAYAMA), "A4"),
        ((KITAYAMA,), "B2"),
        ((WAKAYAMA, ("304271", "東京都", "北山村", "ﾄｳｷｮｳﾄ", "ｷﾀﾔﾏﾑﾗ")), "B3"),
        ((WAKAYAMA, ("304271", "和歌山県", None, "ﾜｶﾔﾏｹﾝ", None)), "C3"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(tmp_path, rows, cell):
    with pytest.raises(CommandError, match=f"」 {cell}："):
        run(write_book(tmp_path / "codes.xlsx", *rows))

    assert not Organization.objects.exists()


def test_a_workbook_without_the_headings_is_refused(tmp_path):
    with pytest.raises(CommandError, match="見出しの行が見つかりません"):
        run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, header=("コード", *HEADER[1:])))


def test_a_list_of_headings_alone_is_refused(tmp_path):
    path = write_book(tmp_path / "codes.xlsx")
    with pytest.raises(CommandError, match="見出しのほかに何もありません"):
        call_command("import_municipalities", path)


def test_a_name_held_under_another_code_is_named_by_cell_and_waits_for_a_confirmation(tmp_path):
    run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, KITAYAMA))
    before = stored()
    recoded = ("304280", *KITAYAMA[1:])

    with pytest.raises(CommandError, match="A3：北山村は別の団体コード（304271）で登録済みです"):
        run(write_book(tmp_path / "codes.xlsx", WAKAYAMA, recoded))

    assert stored() == before
    run(tmp_path / "codes.xlsx", "--yes")
    assert [code for code, *_ in stored()] == ["300004", "304280"]


@pytest.mark.parametrize("content", [b"", b"not a workbook \x00\x01"])
def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "codes.xlsx"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="。"):
        run(path)
