"""CSV as offices send it, and Shift_JIS as they get it."""

import io

import pytest

from dxportal.core.intake.book import read_book
from dxportal.core.intake.export import csv_file

LINES = (
    ("団体コード", "団体名", "備考"),
    ("012025", "函館市", "ﾊｺﾀﾞﾃ、全角ＡＢＣ"),
    ("302015", "和歌山市", ""),
    ("302023", "海南市", "再提出"),
)
READ = (LINES[0], LINES[1], ("302015", "和歌山市"), LINES[3])


def written(separator=",", end="\r\n"):
    return "".join(separator.join(line) + end for line in LINES)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8-sig", b""), ("cp932", b""), ("euc_jp", b""),
        ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b""),
    ],
)  # fmt: skip
def test_every_encoding_and_separator_is_read(encoding, mark, separator):
    content = mark + written(separator).encode(encoding)
    assert read_book(io.BytesIO(content)).first.rows == READ


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_jp_ext"])
def test_iso_2022_jp_is_read(encoding):
    content = written().replace("ﾊｺﾀﾞﾃ", "ハコダテ").encode(encoding)
    assert read_book(io.BytesIO(content)).first.rows[1][2] == "ハコダテ、全角ＡＢＣ"


@pytest.mark.parametrize("text", ["和歌山市,海南市\n", "ワカヤマ,カイナン\n", "①㈱髙﨑,市\n", "市町村名\n紀の川市\n"])
def test_short_files_of_shift_jis_stay_shift_jis(text):
    rows = read_book(io.BytesIO(text.encode("cp932"))).first.rows
    assert rows == tuple(tuple(line.split(",")) for line in text.splitlines())


def test_a_title_above_a_file_of_semicolons_does_not_hide_the_separator():
    content = f"令和8年度の得点\r\n{written(';')}".encode("cp932")
    assert read_book(io.BytesIO(content)).first.rows[1:] == READ


def test_commas_inside_of_fields_do_not_make_a_file_of_tabs_one_of_commas():
    content = b'a\tb\r\n"1,2,3"\t"4,5,6"\r\n'
    assert read_book(io.BytesIO(content)).first.rows == (("a", "b"), ("1,2,3", "4,5,6"))


def test_shift_jis_gets_the_nearest_sign_and_the_rest_is_listed():
    created = csv_file(["名"], [("3–5—¥1,000〜−‑•©",), ("葛\U000e0100城市 か\u3099 \u00a0⻄",), ("𠮷野家🍎",)], "cp932")

    text = created.content.decode("cp932")
    assert "3－5―￥1,000～－‐・(C)" in text
    assert "葛城市 が  西" in text or "葛城市 が  〓" in text
    assert {"𠮷", "🍎"} <= set(created.lost)
    assert not set("–—¥〜−‑•©") & set(created.lost)
