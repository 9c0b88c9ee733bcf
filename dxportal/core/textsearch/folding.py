"""Evens out how Japanese is written before it is analysed. Pure; every repair keeps the text's length."""

import re
import unicodedata

KATAKANA = "ァ-ヺｦ-ﾟ"
# Written for the long-vowel mark where the keyboard or a scan gave something alike (オ－プンデ－タ, サ一ビス).
DASHES = "-－−‐‑‒–—―─━ｰ一"
LONG_MARK = "ー"

_BETWEEN = re.compile(rf"(?<=[{KATAKANA}ー])[{DASHES}](?=[{KATAKANA}ー])")
_AT_END = re.compile(rf"(?<=[{KATAKANA}])[－−‐―─━ｰ](?=[^\w{KATAKANA}]|[\u3041-\u3096\u4e00-\u9fff]|$)")
_DOT = re.compile(rf"(?<=[{KATAKANA}ー])[・･](?=[{KATAKANA}])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_LONG_HIRAGANA = re.compile(r"[ぁ-ゖ]+ー[ぁ-ゖー]*?(?=[のをがはにへとでや]?(?:[^ぁ-ゖー]|$))")
_KANA_WORD = re.compile(r"[ぁ-ゖァ-ヺー]+")
TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def repair(text: str) -> str:
    """Long-vowel marks where they were meant, no middle dots inside katakana words, no control characters."""
    text = _CONTROL.sub(" ", text)
    text = _AT_END.sub(LONG_MARK, _BETWEEN.sub(LONG_MARK, text))
    return _DOT.sub(" ", text)


def spell_out(text: str) -> str:
    """Hiragana written with a long-vowel mark is a katakana word (おーぷんでーた)."""
    return _LONG_HIRAGANA.sub(lambda match: match[0].translate(TO_KATAKANA), text)


def fold(word: str) -> str:
    """One spelling of a word: half width, lower case, kana words in katakana without a final long mark."""
    word = unicodedata.normalize("NFKC", word).lower()
    if _KANA_WORD.fullmatch(word):
        word = word.translate(TO_KATAKANA)
        return word.rstrip(LONG_MARK) if len(word) > 3 else word
    return word


def name_key(name: str) -> str:
    """One spelling of a proper name: as ``fold``, with kana in hiragana wherever it stands, without spaces."""
    name = unicodedata.normalize("NFKC", name).lower().translate(TO_HIRAGANA)
    return "".join(name.split())


def is_katakana(word: str) -> bool:
    return bool(word) and all("ァ" <= letter <= "ヺ" or letter == LONG_MARK for letter in word)
