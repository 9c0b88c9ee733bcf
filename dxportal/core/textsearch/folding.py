"""Evens out how Japanese is written before it is analysed. Pure; ``repair`` keeps the text's length."""

import re

from dxportal.core.kana import LONG_MARK, even_width, to_katakana
from dxportal.core.names import reading_key
from dxportal.core.unseen import UNSEEN

KATAKANA = "ァ-ヺｦ-ﾟ"
# Written for the long-vowel mark where the keyboard or a scan gave something alike (オ－プンデ－タ, サ一ビス).
DASHES = "-－−‐‑‒–—―─━ｰ一"

_BETWEEN = re.compile(rf"(?<=[{KATAKANA}ー])[{DASHES}](?=[{KATAKANA}ー])")
_AT_END = re.compile(rf"(?<=[{KATAKANA}])[－−‐―─━ｰ](?=[^\w{KATAKANA}]|[\u3041-\u3096\u4e00-\u9fff]|$)")
_DOT = re.compile(rf"(?<=[{KATAKANA}ー])[・･](?=[{KATAKANA}])")
_CONTROL = re.compile(rf"[\r\x85]|{UNSEEN.pattern}")
_LONG_HIRAGANA = re.compile(r"[ぁ-ゖ]+ー[ぁ-ゖー]*?(?=[のをがはにへとでや]?(?:[^ぁ-ゖー]|$))")
_KANA_WORD = re.compile(r"[ぁ-ゖァ-ヺー]+")
_LATIN = r"A-Za-zＡ-Ｚａ-ｚ"
_JAPANESE = r"ァ-ヺーｦ-ﾟ々\u3400-\u4dbf\u4e00-\u9fff"
_MEETING = re.compile(rf"[{_LATIN}][ぁ-ゖ{_JAPANESE}]|[ぁ-ゖ{_JAPANESE}][{_LATIN}]")
# Not before hiragana, which are endings there (AIの活用).
_APART = re.compile(rf"(?<=[{_LATIN}])(?=[{_JAPANESE}])|(?<=[ぁ-ゖ{_JAPANESE}])(?=[{_LATIN}])")


# What some write between the parts of one term (生成・AI, AI-OCR, AI/OCR), others nothing or a space.
CONNECTORS = "・･·‧•/／_＿－−‐‑–—―─━-"
_LETTER = re.compile(f"[{_LATIN}]")
CONNECTED = re.compile(
    rf"[{_LATIN}][{CONNECTORS}][{_LATIN}ぁ-ゖ{_JAPANESE}]|[ぁ-ゖ{_JAPANESE}][{CONNECTORS}][{_LATIN}]"
)


def latin_meets_japanese(before: str, after: str) -> bool:
    return _MEETING.fullmatch(before + after) is not None


def apart(text: str) -> str:
    """「町村DX」 → 「町村 DX」: for patterns that ask where a word begins or ends."""
    return _APART.sub(" ", text)


def repair(text: str) -> str:
    """Long-vowel marks where they were meant, no middle dots inside katakana words, no control characters."""
    text = _CONTROL.sub(" ", text)
    text = _AT_END.sub(LONG_MARK, _BETWEEN.sub(LONG_MARK, text))
    return _DOT.sub(" ", text)


def spell_out(text: str) -> str:
    """Hiragana written with a long-vowel mark is a katakana word (おーぷんでーた)."""
    return _LONG_HIRAGANA.sub(lambda match: to_katakana(match[0]), text)


def fold(word: str) -> str:
    """One spelling of a word: half width, lower case, kana words in katakana without a final long mark."""
    word = even_width(word).lower()
    if _KANA_WORD.fullmatch(word):
        word = to_katakana(word)
        return word.rstrip(LONG_MARK) if len(word) > 3 else word
    return word


def name_key(name: str) -> str:
    """One spelling of a proper name: old kanji new, kana in hiragana wherever they stand, without spaces."""
    return reading_key(name)
