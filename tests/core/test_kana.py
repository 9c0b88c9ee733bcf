import pytest

from dxportal.core.kana import even_width, half_width, is_katakana, to_hiragana, to_katakana


def test_one_width_for_whatever_was_typed():
    assert even_width("ＤＸ ﾃﾞｼﾞﾀﾙ①") == "DX デジタル1"


def test_half_width_changes_letters_digits_and_signs_only():
    assert half_width("Ａ１，２　￥①½ﾃ") == "A1,2 ¥①½ﾃ"


@pytest.mark.parametrize(
    ("hiragana", "katakana"), [("やまだ はなこ", "ヤマダ ハナコ"), ("ぁゖ", "ァヶ"), ("山だー", "山ダー")]
)
def test_kana_turn_into_each_other_and_back(hiragana, katakana):
    assert to_katakana(hiragana) == katakana
    assert to_hiragana(katakana) == hiragana


def test_katakana_is_katakana_throughout():
    assert is_katakana("デジタルヴー")
    assert not is_katakana("デジタル化")
    assert not is_katakana("")
