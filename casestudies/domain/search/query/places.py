"""Names of prefectures and municipalities: what an organisation may be called, and such names in a query.

In a query they are in kanji, as Sudachi knows them, or in kana, as the library does.
"""

import functools
import re
from collections.abc import Callable, Collection, Iterable

from casestudies.enums import PlaceKind
from dxportal.core.names import KANJI
from dxportal.core.textsearch import analysis
from dxportal.core.textsearch.folding import name_key

NAME = "="  # marks the index's keys of main organisations
SIMILAR = "≒"  # and of similar ones

# How the 47 prefectures are read, without 都, 府 or 県 (北海道 excepted); by their official readings.
_LINES = (
    "北海道 ほっかいどう 青森県 あおもり 岩手県 いわて 宮城県 みやぎ 秋田県 あきた 山形県 やまがた 福島県 ふくしま "
    "茨城県 いばらき 栃木県 とちぎ 群馬県 ぐんま 埼玉県 さいたま 千葉県 ちば 東京都 とうきょう 神奈川県 かながわ "
    "新潟県 にいがた 富山県 とやま 石川県 いしかわ 福井県 ふくい 山梨県 やまなし 長野県 ながの 岐阜県 ぎふ 静岡県 しずおか "
    "愛知県 あいち 三重県 みえ 滋賀県 しが 京都府 きょうと 大阪府 おおさか 兵庫県 ひょうご 奈良県 なら 和歌山県 わかやま "
    "鳥取県 とっとり 島根県 しまね 岡山県 おかやま 広島県 ひろしま 山口県 やまぐち 徳島県 とくしま 香川県 かがわ "
    "愛媛県 えひめ 高知県 こうち 福岡県 ふくおか 佐賀県 さが 長崎県 ながさき 熊本県 くまもと 大分県 おおいた "
    "宮崎県 みやざき 鹿児島県 かごしま 沖縄県 おきなわ"
)
READINGS = dict(zip(_LINES.split()[::2], _LINES.split()[1::2], strict=True))
_ENDINGS = {"都": "と", "府": "ふ", "県": "けん", "道": ""}

SUFFIXES = re.compile(r"(?<=..)(?:[都道府県市区町村]|けん|ちょう|まち|むら|そん|し|く|ふ|と)$")
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

# --- what an organisation may be called ---------------------------------------------------------------------------


def prefecture_spellings(name: str) -> set[str]:
    """新潟県, 新潟, にいがた, にいがた県, にいがたけん; the name itself where it is none of the 47."""
    reading = READINGS.get(name)
    if not reading:
        return {name}
    bare = name if name == "北海道" else name[:-1]
    ending = _ENDINGS[name[-1]]
    return {name, bare, reading, f"{reading}{ending}", f"{reading}{name[-1]}" if ending else reading}


@functools.lru_cache(maxsize=4000)  # more than there are municipalities and prefectures
def spellings(name: str, kana: str, prefecture: str, kind: str, weight: str = "A") -> frozenset[tuple[str, str]]:
    """(weight, spelling as by ``name_key``) of everything that an organisation may be called; its prefecture weighs less."""
    own = {name, kana, without_suffix(name), without_suffix(kana)}
    if name and kana and without_suffix(kana):
        own.add(f"{without_suffix(kana)}{name[-1]}")  # さかた市
    if prefecture and kind != PlaceKind.PREFECTURE:
        own.add(f"{prefecture}{name}")
    around = prefecture_spellings(prefecture) if prefecture not in ("", name) else set()
    return _keys(weight, own) | _keys("B", around)


def _keys(weight: str, names: Iterable[str]) -> frozenset[tuple[str, str]]:
    return frozenset((weight, name_key(name)) for name in names if name)


def without_suffix(name: str) -> str:
    """Without 市, 町, 県 …; "" where hardly anything is left. 北海道 and the like lose nothing that makes them a name."""
    if name == "北海道":
        return ""
    bare = SUFFIXES.sub("", name)
    return bare if bare != name and len(bare) > 1 else ""


# --- in a query ---------------------------------------------------------------------------------------------------


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
