"""Wishes about size and kind that a query states in words: 「人口5万人以下の町」. Pure.

A number of people becomes a filter; words alone (小さな町) prefer, and filter only where nothing else is asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from casestudies.enums import PlaceKind
from dxportal.core.kana import even_width

ABOUT = (0.6, 1.6)  # 「1万人規模」 means from 6,000 to 16,000
LEAST_WITHOUT_WORD = 1000  # fewer persons are staff or participants, unless 人口 is written
SMALL = 30_000
LARGE = 300_000
SMALL_STAFF = 200  # a town of 30,000 people has about as many in its general administration

_POWERS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(?:(?<![\d,.])\d[\d,]{0,11}(?:\.\d{1,6})?[十百千]?万?(?:\d[\d,]{0,5}千?)?(?![\d,.])|[一二三四五六七八九十百千]+万(?:[一二三四五六七八九]千)?)"
_KIND = r"(?:\s*(?:規模)?の?\s*(?P<kind>小さな町|町村|市町村|自治体|団体|都市|都道府県|町|村|市|県)(?![ぁ-ん]?づくり|民|長|役|内))?"
_FROM = r"(?:以上|超え?|を超える|より多い|から)"
_BELOW = r"(?:以下|未満|まで|を?下回る|より少ない|に満たない)"
_ABOUT = r"(?:規模|程度|くらい|ぐらい|前後|クラス|ほど|台)"
_RANGE = re.compile(
    rf"(?P<word>人口(?:が|は|規模)?\s*)?(?P<low>{_NUMBER})人?(?:\s*[〜～~\-−–－]\s*|{_FROM}[、,\s]*(?:で|かつ)?)"
    rf"(?P<high>{_NUMBER})人?(?P<end>{_BELOW})?(?:{_ABOUT})?{_KIND}"
)
_SINGLE = re.compile(
    rf"(?P<word>人口(?:が|は|規模)?\s*)?(?P<number>{_NUMBER})(?P<person>人)?"
    rf"(?:(?P<from>{_FROM})|(?P<below>{_BELOW})|(?P<about>{_ABOUT}))?{_KIND}"
)
_BEFORE = re.compile(r"(?:職員|受講|参加|利用|生徒|学生|会員|者|数)[数がはのを]?$")
_STAFF = re.compile(
    rf"職員(?:数)?(?:が|は|の)?\s*(?P<number>{_NUMBER})人(?:(?:{_BELOW}|{_ABOUT}|足らず|しかいない)の?|の?(?=役場|町|村|市|自治体))"
)
_SMALL = re.compile(
    r"(?:小さな|小さい|小規模な?の?|人口の少ない|人口が少ない)\s*(?P<kind>町村|市町村|自治体|団体|町|村|市|まち|むら)(?!づくり|民|長)"
)
_LARGE = re.compile(
    r"(?:大きな|大きい|大規模な?|人口の多い|人口が多い)\s*(?P<kind>市町村|自治体|団体|都市|市|町)(?!民|長)"
)
_DESIGNATED = re.compile(r"政令(?:指定都?)?市|政令指定都市|指定都市")
# What tied the rest to a wish: 「…の町 での窓口改革」.
_PARTICLE = re.compile(r"(?:^|(?<=\s))(?:での|でも|では|にも|には|における|の|で|に|は|が|も)(?=\S|\s|$)")
_KINDS = re.compile(r"(?:(?<=^)|(?<=[\s、のやと]))(?P<kind>町村|町|村)(?=[のでにはがもや\s]|でも|$)")

PREFECTURES = ("県", "都道府県")
TOWNISH = (PlaceKind.TOWN, PlaceKind.VILLAGE)
_PREFERRED: dict[str, tuple[str, str, tuple[PlaceKind, ...]]] = {
    "町": ("town", "町村", TOWNISH),
    "まち": ("town", "町村", TOWNISH),
    "町村": ("town", "町村", TOWNISH),
}
_PREFERRED |= {
    "市": ("city", "市", (PlaceKind.CITY,)),
    "村": ("village", "村", (PlaceKind.VILLAGE,)),
    "むら": ("village", "村", (PlaceKind.VILLAGE,)),
}

DESIGNATED_CITIES = (
    *("札幌市", "仙台市", "さいたま市", "千葉市", "横浜市", "川崎市", "相模原市", "新潟市", "静岡市", "浜松市"),
    *("名古屋市", "京都市", "大阪市", "堺市", "神戸市", "岡山市", "広島市", "北九州市", "福岡市", "熊本市"),
)


@dataclass(frozen=True, slots=True)
class SizeWish:
    """``strict`` filters, otherwise what fits comes first. ``low`` to ``high`` persons, both included; None: no bound."""

    code: str
    label: str
    strict: bool
    low: int | None = None
    high: int | None = None
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def take(text: str) -> tuple[str, list[SizeWish]]:
    """The text without the wishes that it states, and the wishes."""
    halves = map(even_width, text)
    # Letters that become two (㍿) stay as they are: every place in the plain text is one in the text.
    plain = "".join(half if len(half) == 1 else letter for letter, half in zip(text, halves, strict=True))
    wishes: list[SizeWish] = []
    for pattern, read in READERS:
        plain = pattern.sub(partial(_taken, read, wishes), plain)
    kept = "".join(old if new != "\0" else " " for old, new in zip(text, plain, strict=True))
    return _PARTICLE.sub(" ", kept).strip() if wishes else text, list({wish.code: wish for wish in wishes}.values())


def _taken(read: Callable[[re.Match], list[SizeWish]], wishes: list[SizeWish], match: re.Match) -> str:
    """What stands in place of the match: nothing that another pattern could read, where it states a wish."""
    stated = read(match)
    wishes += stated
    return "\0" * len(match[0]) if stated else match[0]


def population_range(match: re.Match) -> list[SizeWish]:
    low, high = _number(match["low"]), _number(match["high"])
    if low < 1000 and match["high"].endswith("万") and "万" not in match["low"]:
        low *= 10_000  # 3～5万人
    if not _is_population(match, high) or low > high:
        return []
    top = high - 1 if match["end"] == "未満" else high
    return [
        _size(match, low, top, f"人口{_spoken(low)}以上{_spoken(high)}{'未満' if top < high else '以下'}"),
        *preferred_kind(match),
    ]


def population_bound(match: re.Match) -> list[SizeWish]:
    number = _number(match["number"])
    if not _is_population(match, number) or not (match["person"] or match["word"]):
        return []
    if match["from"]:
        over = 1 if "超" in match["from"] or "多い" in match["from"] else 0
        return [
            _size(match, number + over, None, f"人口{_spoken(number)}{'超' if over else '以上'}"),
            *preferred_kind(match),
        ]
    if match["below"]:
        under = 0 if match["below"] in ("以下", "まで") else 1
        return [
            _size(match, None, number - under, f"人口{_spoken(number)}{'未満' if under else '以下'}"),
            *preferred_kind(match),
        ]
    if match["about"] == "台":
        high = number + 10 ** (len(str(number)) - 1) - 1
        return [_size(match, number, high, f"人口{_spoken(number)}台"), *preferred_kind(match)]
    if match["about"] or match["word"] or match["kind"]:
        low, high = (round(number * factor) for factor in ABOUT)
        return [_size(match, low, high, f"人口{_spoken(number)}前後"), *preferred_kind(match)]
    return []


def _is_population(match: re.Match, number: int) -> bool:
    if match["word"]:
        return number > 0
    return number >= LEAST_WITHOUT_WORD and not _BEFORE.search(match.string[: match.start()])


def _size(match: re.Match, low: int | None, high: int | None, label: str) -> SizeWish:
    """Of towns, unless prefectures are named."""
    span = f"{low or ''}-{'' if high is None else high}"
    if match["kind"] in PREFECTURES:
        return SizeWish(f"prefecture:{span}", f"{label}の都道府県", True, low, high, (PlaceKind.PREFECTURE,))
    return SizeWish(f"population:{span}", label, strict=True, low=low, high=high)


def small_places(match: re.Match) -> list[SizeWish]:
    return [SizeWish("prefer:small", "小規模な団体を優先", strict=False, high=SMALL), *preferred_kind(match)]


def few_staff(match: re.Match) -> list[SizeWish]:
    """Few staff prefer small places: how many staff a place has is known of few cases only."""
    if not 0 < _number(match["number"]) <= SMALL_STAFF:
        return []
    return [SizeWish("prefer:small", "小規模な団体を優先", strict=False, high=SMALL)]


def large_places(match: re.Match) -> list[SizeWish]:
    return [SizeWish("prefer:large", "規模の大きい団体を優先", strict=False, low=LARGE)]


def designated_cities(match: re.Match) -> list[SizeWish]:
    return [SizeWish("kind:designated", "政令指定都市", strict=True, names=DESIGNATED_CITIES)]


def preferred_kind(match: re.Match) -> list[SizeWish]:
    preferred = _PREFERRED.get((match["kind"] or "").removeprefix("小さな"))
    if preferred is None:
        return []
    code, label, kinds = preferred
    return [SizeWish(f"prefer:{code}", f"{label}を優先", strict=False, kinds=kinds)]


def _number(text: str) -> int:
    """「3万5千」, 「3.5万」, 「12,000」, 「五万」 in persons."""
    text = text.replace(",", "")
    head, mark, tail = text.partition("万")
    if not mark:
        return round(_below_ten_thousand(head))
    return round(_below_ten_thousand(head) * 10_000) + (round(_below_ten_thousand(tail)) if tail else 0)


def _below_ten_thousand(text: str) -> float:
    """「3.5」, 「5千」, 「五」, 「二百」."""
    arabic = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千]?)", text)
    if arabic:
        return float(arabic[1]) * _POWERS.get(arabic[2], 1)
    total = digit = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            total += (digit or 1) * _POWERS.get(letter, 1)
            digit = 0
    return total + digit


def _spoken(number: int) -> str:
    if number and number % 1000 == 0 and number >= 10_000:
        return f"{number / 10_000:g}万人"
    return f"{number:,}人"


# Each takes what it reads out of the text: what is more special comes first.
READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match], list[SizeWish]]], ...] = (
    (_STAFF, few_staff),
    (_RANGE, population_range),
    (_SINGLE, population_bound),
    (_SMALL, small_places),
    (_LARGE, large_places),
    (_DESIGNATED, designated_cities),
    (_KINDS, preferred_kind),
)
