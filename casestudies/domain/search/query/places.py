"""Names of prefectures and municipalities in a query, in kanji as Sudachi knows them or in kana as the library does."""

import re
from collections.abc import Callable, Collection

from dxportal.core.textsearch import analysis
from dxportal.core.textsearch.folding import name_key

SUFFIXED = re.compile(r".{1,8}[都道府県市区町村]$")
PREFECTURE = re.compile(r"(東京都|北海道|(?:京都|大阪)府|.{2,3}県)(.+)")
_KANA = re.compile(r"(?:^|(?<=[\s、。「（(]))[ぁ-んー]{2,}[市町村区県]?")
LEAST_KANA = 3
_FOLLOWS = re.compile(r"[のではにがもやをと、。\s市町村区県]|$")

Known = Callable[[Collection[str]], Collection[str]]


def take(text: str, known: Known) -> tuple[str, list[str]]:
    """The text without names of places, and the names."""
    spans = _widest(_kanji(text) + _kana(text, known))
    names: list[str] = []
    for start, end in sorted(spans, reverse=True):
        names[:0] = _split(text[start:end])
        text = f"{text[:start]} {_tidy(text[end:])}"
    return (text.strip() if names else text), list(dict.fromkeys(names))


def _widest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without what lies in or across a longer one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end))
    return kept


def _kanji(text: str) -> list[tuple[int, int]]:
    found = []
    for start, end, surface in analysis.place_names(text):
        if end < len(text) and text[end] in "都道府県市区町村" and not SUFFIXED.match(surface):
            end += 1
        found.append((start, end))
    return found


def _kana(text: str, known: Known) -> list[tuple[int, int]]:
    """Only where a word may begin: inside a sentence kana are endings."""
    starts = [(match.start(), match[0]) for match in _KANA.finditer(text)]
    candidates = {
        (start, name[:length]) for start, name in starts for length in range(LEAST_KANA, min(len(name), 12) + 1)
    }
    candidates = {one for one in candidates if _FOLLOWS.match(text, one[0] + len(one[1]))}
    if not candidates:
        return []
    names = set(known({name_key(name) for _, name in candidates}))
    longest: dict[int, int] = {}
    for start, name in candidates:
        if name_key(name) in names:
            longest[start] = max(longest.get(start, 0), len(name))
    return [(start, start + length) for start, length in longest.items()]


def _split(name: str) -> list[str]:
    """「山形県酒田市」 is two names: the town is sought, and its prefecture's others are next best."""
    parts = PREFECTURE.fullmatch(name)
    return [parts[2], parts[1]] if parts else [name]


def _tidy(rest: str) -> str:
    return re.sub(r"^(?:における|での|にも|には|では|の|で|に|は|が|と|や|も)(?=\S)", " ", rest)
