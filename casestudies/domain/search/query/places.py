"""Names of prefectures and municipalities in a query: in kanji, as Sudachi knows them, or in kana, as the library does."""

import re
from collections.abc import Callable, Collection

from dxportal.core.names import KANJI
from dxportal.core.textsearch import analysis
from dxportal.core.textsearch.folding import name_key

SIMILAR = "≒"  # marks the index's keys of similar organisations

SUFFIXED = re.compile(r".{1,8}[都道府県市区町村]$")
PREFECTURE = re.compile(r"(東京都|北海道|(?:京都|大阪)府|.{2,3}県)(.+)")
_KANA = re.compile(r"(?:^|(?<=[\s、。「（(]))[ぁ-んー]{2,}[市町村区県]?")
LEAST_KANA, MOST_KANA = 3, 12
# Sudachi knows 西之表市 and 鎌ケ谷市, but not 西ノ表市 and 鎌が谷市.
_JOINED = re.compile(rf"([{KANJI}]{{1,4}})[がかノの之乃ヶケヵ][{KANJI}]{{1,4}}?[市区町村]")
DISTRICT = re.compile(r"(.{1,5}郡)(.+[町村])")
_FOLLOWS = re.compile(r"[のではにがもやをと、。\s市町村区県]|$")
_PARTICLE = re.compile(
    r"^(?:における|での|にも|には|では|の|で|に|は|が|と|や|も)(?=\S)"
)  # that tied the rest to the name

KnownNames = Callable[[Collection[str]], Collection[str]]
Stretch = tuple[int, int]  # from where to where in a text


def take(text: str, known: KnownNames) -> tuple[str, list[str]]:
    """The text without names of places, and the names."""
    stretches = _known_stretches(text, known)
    for start, end, surface in analysis.place_names(text):
        ending_left_out = end < len(text) and text[end] in "都道府県市区町村" and not SUFFIXED.match(surface)
        stretches.append((start, end + 1 if ending_left_out else end))
    widest: list[Stretch] = []  # without what lies in or across a longer one
    for start, end in sorted(stretches, key=lambda stretch: stretch[0] - stretch[1]):
        if all(end <= other[0] or start >= other[1] for other in widest):
            widest.append((start, end))
    names: list[str] = []
    for start, end in sorted(widest, reverse=True):
        # 「山形県酒田市」 is two names: the town is sought, and its prefecture's others are next best.
        parts = PREFECTURE.fullmatch(text[start:end])
        town = parts[2] if parts else text[start:end]
        names[:0] = [DISTRICT.sub(r"\2", town), *([parts[1]] if parts else [])]
        text = f"{text[:start]} {_PARTICLE.sub(' ', text[end:])}"
    return (text.strip() if names else text), list(dict.fromkeys(names))


def _known_stretches(text: str, known: KnownNames) -> list[Stretch]:
    """Names that only the library knows. Kana only where a word may begin: inside a sentence they are endings."""
    candidates = {
        (match.start(), match.start() + length)
        for match in _KANA.finditer(text)
        for length in range(LEAST_KANA, min(len(match[0]), MOST_KANA) + 1)
        if _FOLLOWS.match(text, match.start() + length)
    }
    candidates |= {
        (start, match.end()) for match in _JOINED.finditer(text) for start in range(match.start(), match.end(1))
    }
    if not candidates:
        return []
    names = set(known({name_key(text[start:end]) for start, end in candidates}))
    longest: dict[int, int] = {}
    for start, end in candidates:
        if name_key(text[start:end]) in names:
            longest[start] = max(longest.get(start, 0), end)
    return list(longest.items())
