"""Kana for searching. Pure."""

import unicodedata

HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def to_katakana(text: str) -> str:
    """「やまだ ﾊﾅｺ」 → 「ヤマダ ハナコ」; other characters stay."""
    return unicodedata.normalize("NFKC", text.strip()).translate(HIRAGANA_TO_KATAKANA)
