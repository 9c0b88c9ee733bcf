"""Signs between the parts of a term say nothing, in a text as in a query."""

import pytest

from dxportal.core.textsearch.analysis import placed_words, units, words


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        ("生成 AI", ["生成・AI", "生成-AI", "生成／ＡＩ", "生成･AI"]),
        ("AI OCR", ["AI-OCR", "AI・OCR", "AI/OCR", "AI_OCR", "ＡＩ－ＯＣＲ"]),
        ("DX推進", ["DX・推進", "DX―推進"]),
    ],
)
def test_the_words_beside_a_connecting_sign_are_neighbours(plain, others):
    for other in others:
        assert [unit[0] for unit in units(other)] == [unit[0] for unit in units(plain)], other
        assert [word.lexeme for word in words(other)] == list(placed_words(other).lexemes), other


@pytest.mark.parametrize("text", ["電子・申請", "令和5-6年", "AI、OCR", "※AI", "AI・"])
def test_other_signs_keep_words_apart(text):
    assert any(not unit[1].is_content for unit in units(text))


def test_a_known_word_keeps_its_hyphen():
    assert [unit[0] for unit in units("Wi-Fi")] == [unit[0] for unit in units("WiFi")]
