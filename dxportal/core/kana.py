"""Kana and width: the one place where one way of writing Japanese becomes another. Pure: no Django."""

import unicodedata

LONG_MARK = "ー"
TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}  # ぁ to ゖ
TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}  # ァ to ヶ
# Only full-width ASCII and the ideographic space: NFKC would also turn ① into 1 and ½ into 1/2.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}


def half_width(text: str) -> str:
    """Full-width letters, digits and signs to half width; nothing else changes, and the length stays."""
    return text.translate(HALF_WIDTH)


def even_width(text: str) -> str:
    """「ＤＸ ﾃﾞｼﾞﾀﾙ ①」 → 「DX デジタル 1」: one width for all characters, whatever was typed or scanned."""
    return unicodedata.normalize("NFKC", text)


def to_katakana(text: str) -> str:
    """「やまだ 花子」 → 「ヤマダ 花子」; what is no hiragana stays."""
    return text.translate(TO_KATAKANA)


def to_hiragana(text: str) -> str:
    """「ヤマダ 花子」 → 「やまだ 花子」; what is no katakana stays."""
    return text.translate(TO_HIRAGANA)


def is_katakana(text: str) -> bool:
    return bool(text) and all("ァ" <= letter <= "ヺ" or letter == LONG_MARK for letter in text)
