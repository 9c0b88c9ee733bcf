"""What an organisation may be called by whoever looks for it: its name, reading and prefecture in every common spelling."""

import functools
import re
from collections.abc import Iterable

from dxportal.core.organizations.enums import MunicipalityKind, OrganizationKind
from dxportal.core.textsearch.folding import name_key

NAME = "="  # marks a search index's keys of organisations that a row is about

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

# (kinds, from persons, below persons, words that hold of such an organisation without being written)
TRUE_WORDS: tuple[tuple[set[str], int | None, int | None, str], ...] = (
    ({OrganizationKind.PREFECTURE}, None, None, "県 都道府県 広域自治体 県庁"),
    ({MunicipalityKind.CITY}, None, None, "市 市役所"),
    ({MunicipalityKind.WARD}, None, None, "区 特別区 区役所"),
    ({MunicipalityKind.TOWN}, None, None, "町 町役場 町村 役場"),
    ({MunicipalityKind.VILLAGE}, None, None, "村 村役場 町村 役場"),
    ({MunicipalityKind.TOWN, MunicipalityKind.VILLAGE}, 0, 30_000, "小規模自治体 小さな自治体 小規模団体"),
    ({MunicipalityKind.CITY}, 0, 30_000, "小規模自治体 小さな自治体 小規模団体"),
    ({MunicipalityKind.CITY}, 500_000, None, "大都市 大規模自治体"),
)


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
    if prefecture and kind != OrganizationKind.PREFECTURE:
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


def true_words(kind: str, population: int | None) -> list[str]:
    """Words that hold of an organisation of this kind and size; a size that is not known holds of none."""
    return [
        words
        for kinds, low, high, words in TRUE_WORDS
        if kind in kinds
        and (low is None or (population is not None and population >= low and (high is None or population < high)))
    ]
