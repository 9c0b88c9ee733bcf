"""CSV as offices send it, and Shift_JIS as they get it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxportal.core.intake.book import UnreadableBookError, read_book
from dxportal.core.intake.encodings import decoded
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


def test_what_is_written_as_a_formula_to_keep_its_zeros_is_that_text():
    content = 'コード,名\n="012025",函館市\n"=""011002""",="札幌市"\n'.encode("cp932")
    assert read_book(io.BytesIO(content)).first.rows[1:] == (("012025", "函館市"), ("011002", "札幌市"))


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


HEADINGS = ("団体コード", "市区町村名", "都道府県名", "備考", "得点", "担当課", "ステップ０", "人口（人）", "フリガナ")
TOWNS = (
    "和歌山市", "海南市", "有田郡湯浅町", "北海道泊村", "さいたま市", "かすみがうら市", "南アルプス市", "鰺ヶ沢町", "葛城市", "四日市市",
    "新宮市", "能登町", "邑楽町", "佐世保市", "八幡浜市", "津市",
)  # fmt: skip
HALF_WIDTH = (
    "ﾜｶﾔﾏｼ", "ｶｲﾅﾝｼ", "ﾎｯｶｲﾄﾞｳ", "ｻﾞｲﾑｶ", "ﾃﾞｼﾞﾀﾙ", "ﾋﾞｺｳ", "ｻｲﾀﾏｼ", "ﾄﾄﾞｳﾌｹﾝ", "ｼﾁｮｳｿﾝ", "ﾊﾟｰﾄﾅｰ", "ｼｽﾃﾑ", "ﾅﾏｴ", "ｷﾞﾌｹﾝ",
    "ﾀﾝﾄｳｶ", "ｿｳﾑﾌﾞ", "ﾖｯｶｲﾁｼ", "ﾆｲｶﾞﾀｹﾝ", "ﾕｱｻﾁｮｳ", "ﾂｼ", "ﾘﾕｳ",
)  # fmt: skip
NUMBERS = ("012025", "15", "24.5", "")
ENCODINGS = ("cp932", "euc_jp", "iso2022_jp_ext", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def texts_of(words):
    line = st.lists(st.sampled_from((*words, *NUMBERS)), min_size=2, max_size=5).map(",".join)
    lines = st.lists(line, min_size=3, max_size=9).map(lambda rows: "\r\n".join(rows) + "\r\n")
    return lines.filter(lambda text: sum(word in text for word in words) > 2)


@pytest.mark.parametrize("words", [HALF_WIDTH, (*HEADINGS, *TOWNS), (*HEADINGS, *TOWNS, *HALF_WIDTH)])
@settings(max_examples=25)
@given(st.data())
def test_a_text_of_an_office_is_read_in_the_encoding_that_it_has(words, data):
    text = data.draw(texts_of(words))
    for encoding in ENCODINGS:
        assert decoded(text.encode(encoding)).removeprefix("\ufeff") == text, encoding


@pytest.mark.parametrize("text", ["ﾜｶﾔﾏｼ,ｶｲﾅﾝｼ\n", "ﾌﾘｶﾞﾅ\nﾜｶﾔﾏ\n", "ﾃｽﾄ,ﾄｳｷｮｳ\n", "ｼﾁｮｳｿﾝ\n", "ﾂｳﾁ\nﾄｳｼﾞﾂ\n"])
def test_half_width_kana_alone_stay_half_width_kana(text):
    assert decoded(text.encode("cp932")) == text


@pytest.mark.parametrize("text", ["①㈱髙﨑市\n", "団体名,備考\n髙島市,№１\n"])
def test_characters_of_windows_are_read_in_unix_encodings(text):
    """As mail programs and old Unix systems write them: rows 13 and 115 of JIS in escapes or with high bits."""
    jis = b"".join(as_jis(character) for character in text)
    assert (
        decoded(b"\x1b$B" + jis.replace(b"\n", b"\x1b(B\n\x1b$B").replace(b",", b"\x1b(B,\x1b$B") + b"\x1b(B") == text
    )
    assert decoded(bytes(b if b in b"\n," else b | 0x80 for b in jis)) == text


def as_jis(character):
    pair = character.encode("cp932")
    if len(pair) == 1:
        return pair
    # NEC's selection of IBM's kanji, which EUC-JP and ISO-2022-JP can hold, where Windows writes its own copy.
    lead, trail = {"髙": (0xEE, 0xE0), "﨑": (0xED, 0x95)}.get(character, tuple(pair))
    row = (lead - (0x71 if lead < 0xA0 else 0xB1)) * 2 + 1
    if trail >= 0x9F:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x20 if trail > 0x7F else 0x1F)))


@pytest.mark.parametrize("content", [written().encode()[:-2] + "再".encode()[:2], b"\xff\xfea", "団体".encode()[:-1]])
def test_a_file_that_ends_within_a_character_is_not_guessed_at(content):
    with pytest.raises(UnreadableBookError, match="途中で切れています"):
        decoded(content)
