"""In which encoding a text file is written. What says so itself decides; else the reading that looks most like an
office's text: headings, names of towns, half-width kana.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import TAKEN

BINARY = re.compile("[\x00-\x08\x0e-\x1f\uf8f0-\uf8f3]")  # what pictures and the like decode to
SEPARATORS = (",", "\t", ";")
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(")
ESCAPE = re.compile(rb"(\x1b\$[@B]|\x1b\([BIJ])")
PAIRS = re.compile(rb"[\x21-\x7e]{2}")
EUC_PAIRS = re.compile(rb"\x8e[\xa1-\xdf]|[\xa1-\xfe]{2}")
EUC_WHOLE = re.compile(rb"(?:[\x00-\x7f]|\x8e[\xa1-\xdf]|[\xa1-\xfe]{2})*")
UNKNOWN = f"文字コードを読み取れません。{TAKEN}を選び、CSVはUTF-8で保存してください。"
CUT = "ファイルの終わりが文字の途中で切れています。元のファイルから、もう一度保存してください。"
JUDGED = 16 * 1024  # bytes
MOST_TRANSLATED = 2 * 1024 * 1024  # bytes, pair by pair
# The kanji of this portal's own texts and of names of municipalities, as far as their bytes in EUC-JP are two half-width
# kana in Shift_JIS: nothing else tells the two encodings apart.
USUAL = frozenset(
    "体市団県人町分点行年度用業者進村職名支課調変計組化務出録力開自設間見確担査実付更続予地保同選表成長共前民庁認容研直算使修議対連和本動登全目存子記申検学新電意文制示別施未加管請都要外談始値整治得考政道果参面携集有関置態"
    "終任住協織下講教差針以済府案切証現革知広票待通標験小残平限階仕生今識象位最社形了討必段局消継振経読重的機信図導属番発移料働山明減承規言優称各止均何次立座由係式室話家元在運足興派遣並構依換聞採替達多指版配略無義率模異官"
    "招不断委勤含単須他添廃技追再横価術型田法創心編身声押接流幹望円三根席併個強善災届複完原工格音福帳産析岡起超独越葉様師正評隣性伴捗伝少絞典能特商物範論側裁責頁佐催困観校囲績張害品層防況及省軽玉両気述促習愛端誰童味判海与"
    "照転盤閲較想探可感築北額郡松失敗土勉舎宮途質督則把握営谷載姿木思展客礎八郷将践西章般尋診環境棚慣静熊休卸世便留戸青歌安渡忙農吉短税縦写箇巻潮津扱離枠士浜栃布良命鑑汎康帯板富石河橋札幌函館旭路夕網萌苫牧稚唄芦江赤歳砂深"
    "森弘秋鹿盛米馬伊浦古龍陸笠久宇真群桐太勢沼渋藤飯庄春狭羽蕨朝志桶蓮幸銚船茂勝孫君袋匝蔵昭塚倉老綾十妙七輪甲韮諏訪曇垣濃恵熱焼掛殿湖菊之豊犬四桑亀鳥滋彦栗岸池貝寝屋箕摂神姫洲陀辺紀雲益瀬竹徳鳴阿讃媛幡宿毛天荒蘇臼杵薩霧"
    "宜沖"
)
# How unlikely a character is in such a text: the negative logarithm of its share. Only differences count.
KANA = 4.3
HALF_WIDTH = 3.7
PUNCTUATION = 5.5
USUAL_KANJI = 6.5
ACCENTED = 8.0
OTHER_KANJI = 10.5
RARE = 13.0
STRAY = 6.0  # more, for a half-width kana where no word has it
STRAYS = re.compile("(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|(?<![ｦ-ﾟ])[ｧ-ｰﾝ]|[ｧ-ｫ]{2}|[｡-･]")
# How much less often than Shift_JIS offices send the others without saying so.
PRIORS = {"cp932": 0.0, "euc": 2.0, "utf-8": 0.0}


def decoded(content: bytes) -> str:
    """A byte order mark decides; else escapes (ISO-2022-JP), the zeros of UTF-16, and what reads best of the others."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _marked(content, encoding)
    if any(escape in content for escape in ESCAPES) and (text := _iso_2022(content)) is not None:
        return text
    if b"\x00" in content and (text := _utf_16(content)):
        return text
    utf_8 = _as(content, "utf-8")
    # Japanese in UTF-8 takes three bytes a character, which no other encoding gives by chance.
    if utf_8 is not None and (utf_8.isascii() or max(utf_8) >= "\u0800"):
        return utf_8
    if utf_8 is None and _ends_within_a_character(content):
        raise UnreadableBookError(CUT)
    readings = {"utf-8": utf_8, "cp932": _as(content, "cp932"), "euc": _euc(content)}
    possible = {name: text for name, text in readings.items() if text is not None}
    if not possible:
        raise UnreadableBookError(UNKNOWN)
    return possible[_best(content, list(possible))]


def _marked(content: bytes, encoding: str) -> str:
    text = _as(content, encoding)
    if text is None:
        raise UnreadableBookError(CUT)
    return text


def _as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _ends_within_a_character(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return (
            error.end == len(content)
            and len(content) - error.start < 4
            and error.start > 0
            and _is_japanese(content[: error.start].decode("utf-8"))
        )
    return False


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" for character in text)


def _best(content: bytes, names: list[str]) -> str:
    """The reading of the first lines that is least unlikely."""
    if len(names) == 1:
        return names[0]
    head = content if len(content) <= JUDGED else content[: content.rfind(b"\n", 0, JUDGED) + 1] or content[:JUDGED]
    decode: dict[str, Callable[[bytes], str | None]] = {
        "utf-8": lambda part: part.decode("utf-8", "ignore"),
        "cp932": lambda part: part.decode("cp932", "ignore"),
        "euc": lambda part: _euc(part) or part.decode("euc_jp", "ignore"),
    }
    return min(names, key=lambda name: PRIORS[name] + unlikeliness(decode[name](head) or ""))


def unlikeliness(text: str) -> float:
    strays = len(STRAYS.findall(text))
    return sum(_unlikeliness_of(character) for character in text if character > "\x7f") + STRAY * strays


@lru_cache(maxsize=8192)
def _unlikeliness_of(character: str) -> float:
    if character in USUAL:
        return USUAL_KANJI
    if "\uff61" <= character <= "\uff9f":
        return HALF_WIDTH
    if "\u3041" <= character <= "\u30fe":
        return KANA
    if "\u3000" <= character <= "\u301c" or "\uff01" <= character <= "\uff5e":
        return PUNCTUATION
    if "\u00a0" <= character <= "\u00ff":
        return ACCENTED
    try:
        first = character.encode("euc_jp")
    except UnicodeEncodeError:
        return RARE
    # Kanji of the first level end with row 47; what has three bytes is of a later list.
    return OTHER_KANJI if len(first) == 2 and 0xB0 <= first[0] <= 0xCF else RARE


def _shift_jis(pair: bytes) -> bytes:
    """Two bytes of JIS or EUC-JP as those of Shift_JIS, in which Windows has its own characters (①, ㈱, 髙) too."""
    row, cell = pair[0] & 0x7F, pair[1] & 0x7F
    first = (row - 1 >> 1) + (0x71 if row <= 0x5E else 0xB1)
    second = cell + (0x1F if cell < 0x60 else 0x20) if row & 1 else cell + 0x7E
    return bytes((first, second))


def _euc(content: bytes) -> str | None:
    for encoding in ("euc_jp", "", "euc_jis_2004"):
        text = _as(content, encoding) if encoding else _euc_of_windows(content)
        if text is not None:
            return text
    return None


def _euc_of_windows(content: bytes) -> str | None:
    if len(content) > MOST_TRANSLATED or not EUC_WHOLE.fullmatch(content):
        return None
    return _as(EUC_PAIRS.sub(lambda match: _windows_pair(match[0]), content), "cp932")


def _windows_pair(pair: bytes) -> bytes:
    return pair[1:] if pair.startswith(b"\x8e") else _shift_jis(pair)


def _iso_2022(content: bytes) -> str | None:
    for encoding in ("iso2022_jp_ext", "", "iso2022_jp_3", "iso2022_jp_2004"):
        text = _as(content, encoding) if encoding else _iso_2022_of_windows(content)
        if text is not None:
            return text
    return None


def _iso_2022_of_windows(content: bytes) -> str | None:
    if len(content) > MOST_TRANSLATED:
        return None
    escape = b"\x1b(B"
    parts = []
    for part in ESCAPE.split(content):
        if part.startswith(b"\x1b"):
            escape = part
        elif escape.startswith(b"\x1b$"):
            parts.append(PAIRS.sub(lambda match: _shift_jis(match[0]), part))
        elif escape == b"\x1b(I":
            parts.append(bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in part))
        else:
            parts.append(part)
    return _as(b"".join(parts), "cp932")


def _utf_16(content: bytes) -> str:
    """UTF-16 without its mark: the order of bytes that makes lines and separators of it, and nothing unprintable."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _as(content, encoding)
        if text and any(sign in text for sign in ("\n", *SEPARATORS)) and not BINARY.search(text):
            judged = text[:2000]
            if not any(unicodedata.category(character) in ("Cn", "Co") for character in judged):
                return text
    return ""
