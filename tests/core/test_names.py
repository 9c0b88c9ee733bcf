import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core import names
from dxportal.core.names import name_key, reading_key


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("葛\U000e0100城市", "葛城市"),
        ("渡邉\U000e0101 花子", "渡辺花子"),
        ("鎌ケ谷市", "鎌ヶ谷市"),
        ("鎌ヶ谷市", "鎌が谷市"),
        ("三ヵ日町", "三ケ日町"),
        ("﨑山", "崎山"),
        ("髙橋", "高橋"),
        ("𠮷野", "吉野"),
        ("西之表市", "西ノ表市"),
        ("山ノ内町", "山の内町"),
        ("大\ufa10市", "大塚市"),
        ("\u795e\ufe00戸市", "神戸市"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("澤", "沢"),
        ("ﾜﾀﾅﾍﾞ ﾊﾅｺ", "わたなべはなこ"),
        ("ｷﾖｳﾄ", "きょうと"),
        ("和歌山\u3000市", "和歌山市"),
        ("和\u00a0歌\u200b山\t市", "和歌山市"),
        ("ＡＢＣ", "abc"),
        ("南アルプス", "南・アルプス"),
        ("⻑野", "長野"),
        ("塩釜", "鹽竈"),
        ("佐々木", "佐佐木"),
        ("野々市", "野野市"),
        ("六ヶ所村", "六箇所村"),
        ("礒部", "磯部"),
        ("稻滿", "稲満"),
        ("戶吳", "戸呉"),
        ("剱岳", "剣岳"),
        ("福崗", "福岡"),
        ("龍嶋澤廣國邊邉齋檜籠曾萬", "竜島沢広国辺辺斉桧篭曽万"),
    ],
)
def test_one_key_for_all_ways_to_write_a_name(written, same):
    assert name_key(written) == name_key(same)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("神埼", "神崎"),
        ("石川", "市川"),
        ("たかがわ", "たかけわ"),
        ("のの市", "野々市"),
        ("伊賀", "伊け"),
        ("ノ", "之"),
    ],
)
def test_names_that_differ_keep_apart(first, second):
    assert name_key(first) != name_key(second)


def test_readings_keep_their_small_kana():
    assert reading_key("キョウト ヶ") == "きょうとけ"
    assert reading_key("須惠町") == reading_key("須恵町")


def test_nothing_to_be_seen_is_no_name():
    assert name_key(" \u3000\u200b\U000e0100") == ""


def test_the_tables_hold_forms_that_nfkc_leaves_and_lead_nowhere_further():
    pairs = names.OLD_AND_NEW + names.OF_NAMES + names.RADICALS + names.SMALL_KE + names.LIKE_KANA
    old = pairs[::2]
    assert [letter for letter in old if unicodedata.normalize("NFKC", letter) != letter] == []
    assert len(set(old)) == len(old)
    assert [(a, b) for a, b in zip(old, pairs[1::2], strict=True) if a == b or name_key(b) != b] == []


FORMS = {}
for old, new in zip(
    names.OLD_AND_NEW[::2] + names.OF_NAMES[::2], names.OLD_AND_NEW[1::2] + names.OF_NAMES[1::2], strict=True
):
    FORMS.setdefault(new, [new]).append(old)


@given(st.data(), st.sampled_from(["竜ヶ崎市", "広島県", "塩釜市", "斉藤沢国", "渡辺島桧", "高浜篭万曽", "東吉野村"]))
def test_old_forms_selectors_and_gaps_change_no_key(data, name):
    written = ""
    for letter in name:
        form = data.draw(st.sampled_from(FORMS.get(letter, [letter])))
        between = data.draw(st.sampled_from(["", "", " ", "\u3000", "\u200b"]))
        written += f"{form}{data.draw(st.sampled_from(['', chr(0xE0100), chr(0xFE00)]))}{between}"
    assert name_key(written) == name_key(name)


@given(st.text(max_size=20))
def test_a_key_is_its_own_key_unless_letters_moved_together(text):
    # NFKC joins letters that stood apart once something between them is gone: never more than once.
    assert name_key(name_key(name_key(text))) == name_key(name_key(text))
