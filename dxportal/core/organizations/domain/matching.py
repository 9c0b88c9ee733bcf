"""Which town of a list a row means: by code, else by name, however both are written. Pure.

A code may lack its check digit (5 digits), the zero of prefectures 01 to 09, or both; names are compared by their keys
(``core/names.py``). What fits several towns is refused and names them; nothing is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dxportal.core.kana import even_width
from dxportal.core.names import joined, name_key, plain_letters
from dxportal.core.organizations.domain import codes

_PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
PREFECTURES = tuple(_PREFECTURES.split())
PREFECTURE_PARTS = {name_key(name): f"{number:02d}" for number, name in enumerate(PREFECTURES, 1)}
# How a kind of municipality sounds at the end of a name.
SOUNDS = {"市": ("し",), "町": ("ちよう", "まち"), "村": ("むら", "そん"), "区": ("く",)}
KINDS = (*SOUNDS, "都", "府", "県")
OFFICE = re.compile(r"(?<=[市町村区])(?:役所|役場)$|(?<=[都府県])庁$|(?<=北海道)庁$")
# 「泊村（古宇郡）」 and 「（北海道）泊村」: what lies around the town, set apart from it.
AROUND_AFTER = re.compile(r"^([^(\[〔【<]+)[(\[〔【<]([^)\]〕】>]+[都道府県郡])[)\]〕】>]$")
SET_APART = re.compile(r"[()\[\]〔〕【】<>/、,:|_\-]")
LONGEST_NAME = 80  # letters, with prefecture, district and office; more is no name, and would be tried at every letter
WHOLE_NUMBER = re.compile(r"(\d+)\.0*")
BESIDE_DIGITS = re.compile(r"[\s'’‘`\-‐‑–—―─−ー*,]")


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation of the list. ``code`` is "" where it has none; ``former_codes`` and ``former_names`` are its own of
    earlier days and those of the organisations that it followed. Of a prefecture, ``name`` and ``prefecture`` are one."""

    pk: int
    code: str
    name: str
    kana: str = ""
    district: str = ""
    prefecture: str = ""
    former_codes: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """「北海道古宇郡泊村（014036）」."""
        before = "" if self.prefecture == self.name else f"{self.prefecture}{self.district}"
        return f"{before}{self.name}" + (f"（{self.code}）" if self.code else "")


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """``place``, or ``problem``: a sentence on why there is none, and ``problem_code`` for it.

    ``several``: what it could have been. ``warning``: a sentence on a code that is right under a name that is unlike.
    ``by_code`` tells in which of the two cells the problem stands; a warning is always about the name.
    """

    place: Place | None = None
    several: tuple[Place, ...] = ()
    problem: str = ""
    problem_code: str = ""
    warning: str = ""
    by_code: bool = False


class PlaceMatcher:
    """The places that a row may mean; ``among`` says in messages which those are."""

    def __init__(self, places: Iterable[Place], among: str = "県内の市町村"):
        self.places = tuple(places)
        self.among = among
        self._by_code: dict[str, list[Place]] = defaultdict(list)
        self._by_former_code: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._by_former_name: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            for code in code_writings(place.code):
                self._by_code[code].append(place)
            for former in place.former_codes:
                for code in code_writings(former):
                    self._by_former_code[code].append(place)
            for key in {*name_writings(place.name), *kana_writings(place.name, place.kana)}:
                self._by_name[key].append(place)
            for key in {key for name in place.former_names for key in name_writings(name)}:
                self._by_former_name[key].append(place)
        prefectures = {*PREFECTURES, *(place.prefecture for place in self.places if place.prefecture)}
        self._prefectures = {key: name for name in prefectures for key in name_writings(name)}

    def match(self, code: Any, name: str = "", prefecture: str = "") -> PlaceMatch:
        """``code`` as it stands in the cell: text or number, "" or None for an empty one."""
        digits = code_digits(code)
        if digits:
            return self._with_code(digits, name, prefecture)
        if not name_key(name):
            return PlaceMatch(problem="団体コードか団体名を入力してください。", problem_code="place_missing")
        return self._with_name(name, prefecture)

    def named(self, name: str, prefecture: str = "") -> tuple[Place, ...]:
        """All that a name may mean; former names only where no other fits."""
        readings = list(self._readings(name, name_key(prefecture)))
        for index in (self._by_name, self._by_former_name):
            places = {
                place.pk: place
                for reading in readings
                for place in index.get(reading.rest, ())
                if reading.allows(place)
            }
            if places:
                return tuple(places.values())
        return ()

    def _with_code(self, digits: str, name: str, prefecture: str) -> PlaceMatch:
        if not re.fullmatch(r"\d{4,6}", digits, re.ASCII):
            message = f"団体コードは6桁（検査数字なしなら5桁）の数字です。値：「{digits}」"
            return PlaceMatch(problem=message, problem_code="code_format", by_code=True)
        places = distinct(self._by_code.get(digits, ()))
        if not places:
            places = distinct(self._by_former_code.get(digits, ()))
        fitting = self.named(name, prefecture)
        if not places:
            return PlaceMatch(problem=self._unknown_code(digits, fitting), problem_code="unknown_place", by_code=True)
        if len(places) > 1:
            places = decided(places, fitting, prefecture)
        if len(places) > 1:
            message = (
                f"団体コード「{digits}」は{listing(places)}のどれとも読めます。"
                "検査数字まで含む6桁のコードにするか、都道府県名と団体名を確かめてください。"
            )
            return PlaceMatch(several=places, problem=message, problem_code="several_places", by_code=True)
        place = places[0]
        if not name_key(name) or place in fitting or self._is_called(place, name):
            return PlaceMatch(place)
        return PlaceMatch(place, warning=unlike(place, name, fitting))

    def _with_name(self, name: str, prefecture: str) -> PlaceMatch:
        places = self.named(name, prefecture)
        if len(places) == 1:
            return PlaceMatch(places[0])
        if places:
            message = f"「{name}」は{len(places)}団体あります：{listing(places)}。団体コードか、郡名を付けて入力してください。"
            return PlaceMatch(several=places, problem=message, problem_code="several_places")
        return PlaceMatch(problem=f"{self.among}にありません。値：「{name}」", problem_code="unknown_place")

    def _unknown_code(self, digits: str, fitting: tuple[Place, ...]) -> str:
        hint = "".join(f"団体名の「{place.name}」は{place.code}です。" for place in fitting[:1] if place.code)
        # Only six digits end in a check digit. What is shorter has none, or lacks a zero: nothing is computed from it.
        right = f"{digits[:5]}{codes.check_digit(digits[:5])}" if len(digits) == 6 else digits
        slip = f"検査数字が合いません（{digits[:5]}なら{right}）。" if right != digits else ""
        return f"この団体コードは{self.among}にありません。{slip}{hint}値：「{digits}」"

    def _is_called(self, place: Place, name: str) -> bool:
        """By a former name too, even where another is called so today."""
        keys = {key for former in place.former_names for key in name_writings(former)}
        return any(reading.rest in keys and reading.allows(place) for reading in self._readings(name, ""))

    def _readings(self, name: str, prefecture: str) -> Iterator["NameReading"]:
        """The name as it stands, and without a prefecture, a district and 役場 where they are written around it."""
        if len(name) > LONGEST_NAME:
            return
        letters = OFFICE.sub("", SET_APART.sub("", AROUND_AFTER.sub(r"\2\1", plain_letters(name))))
        stated = self._prefectures.get(prefecture, prefecture)
        yield from readings_below(letters, stated)
        for end in range(1, len(letters)):
            before = self._prefectures.get(joined(letters[:end]))
            if before is not None and stated in ("", before):
                yield from readings_below(letters[end:], before)


@dataclass(frozen=True, slots=True)
class NameReading:
    """A typed name taken apart, as keys but for ``prefecture``; "" where a part is not written."""

    rest: str
    prefecture: str
    district: str = ""

    def allows(self, place: Place) -> bool:
        """A district that the list doesn't know speaks against nothing."""
        return self.prefecture in ("", place.prefecture) and (
            not (self.district and place.district) or self.district == name_key(place.district)
        )


def readings_below(letters: str, prefecture: str) -> Iterator[NameReading]:
    yield NameReading(joined(letters), prefecture)
    # A name may itself begin with 郡 or hold it: every place where the district could end.
    for end in (match.end() for match in re.finditer("(?<=.)郡(?=.)", letters)):
        yield NameReading(joined(letters[end:]), prefecture, joined(letters[:end]))


def code_digits(code: Any) -> str:
    """What a cell holds, without width, spaces, signs beside it and 「.0」; other text stays, to be refused."""
    if code is None:
        return ""
    text = BESIDE_DIGITS.sub("", even_width(str(code)))
    number = WHOLE_NUMBER.fullmatch(text)
    return number[1] if number else text


def code_writings(code: str) -> Iterator[str]:
    """Six digits, five without the check digit, and both without the zero of prefectures 01 to 09."""
    if code:
        for written in {code, code[:5]}:
            yield written
            if written.startswith("0"):
                yield written[1:]


def code_readings(digits: str, part: str = "") -> tuple[str, ...]:
    """Every six-digit code that digits may stand for, in the prefecture whose two digits are ``part``, where it is known.

    Unlike ``code_writings`` this knows no list: it is for reading the list itself.
    """
    if not re.fullmatch(r"\d{4,6}", digits, re.ASCII):
        return ()
    if len(digits) == 6:
        return (digits,)
    body = digits.zfill(5)
    readings = [f"{body}{codes.check_digit(body)}"]
    if len(digits) == 5 and codes.is_valid(f"0{digits}"):
        readings.append(f"0{digits}")
    return tuple(reading for reading in readings if part in ("", reading[:2]))


def name_writings(name: str) -> set[str]:
    """The keys of 「石巻市」 and 「石巻」, of 「和歌山県」 and 「和歌山」; 北海道 loses nothing."""
    letters = plain_letters(name)
    return {joined(letters), joined(without_kind(letters))} - {""}


def without_kind(letters: str) -> str:
    return letters[:-1] if letters[-1:] in KINDS else ""


def kana_writings(name: str, kana: str) -> set[str]:
    """The keys of 「いしのまきし」, 「いしのまき」 and 「いしのまき市」; of a 町 both 「…まち」 and 「…ちょう」: few know which."""
    key = name_key(kana)
    kind = name[-1:]
    sounds = SOUNDS.get(kind, ())
    bare = {key.removesuffix(sound) for sound in sounds if key.endswith(sound)} - {""}
    return {key, *bare, *(f"{rest}{end}" for rest in bare for end in (kind, *sounds))} - {""}


def decided(places: tuple[Place, ...], fitting: tuple[Place, ...], prefecture: str) -> tuple[Place, ...]:
    """Of the readings of a code those that prefecture and name leave; all of them where they leave none."""
    wanted = name_key(prefecture)
    left = tuple(place for place in places if not wanted or wanted in name_writings(place.prefecture)) or places
    return tuple(place for place in left if place in fitting) or left


def unlike(place: Place, name: str, fitting: tuple[Place, ...]) -> str:
    other = f"「{name}」は{listing(fitting)}です。" if fitting else f"値：「{name}」。"
    return f"団体コードの団体は「{place.name}」ですが、団体名が違います。{other}団体コードのとおり「{place.name}」と読みます。"


def distinct(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple({place.pk: place for place in places}.values())


def listing(places: Iterable[Place]) -> str:
    return "、".join(place.label for place in places)
