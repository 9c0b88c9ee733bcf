"""CSV files in: the encodings and separators that offices send."""

import csv
import io
import re
import unicodedata

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import LONGEST_TEXT, TAKEN, TOO_MUCH, Budget, Limits
from dxportal.core.intake.neutral import BookSheet
from dxportal.core.intake.values import plain_value

BINARY = re.compile("[\x00-\x08\x0e-\x1f\uf8f0-\uf8f3]")  # what pictures and the like decode to
OWN_NOTE = "# Shift_JISで表せない文字"
TITLE = "CSV"
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(")
SEPARATORS = (",", "\t", ";")
JUDGED_LINES = 30
QUOTED = re.compile(r'"[^"]*"')
MOST_EMPTY = 100_000  # rows
HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")


def read_csv(content: bytes, limits: Limits) -> BookSheet:
    text = decoded(content)
    if BINARY.search(text):
        raise UnreadableBookError(f"{TAKEN}を選んでください。")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    try:
        return BookSheet(TITLE, _rows(lines, limits))
    except csv.Error as error:
        if "field limit" in str(error):
            raise UnreadableBookError(_too_long(1)) from error
        raise UnreadableBookError("CSVの区切りや引用符が正しくありません。保存し直してください。") from error


def _rows(lines, limits: Limits) -> tuple[tuple, ...]:
    """Rows with ends cut off where empty; empty rows beyond the limit do no harm."""
    kept: list[tuple] = []
    cells = limits.cells
    places = limits.places
    budget = Budget(limits)
    for number, line in enumerate((line for line in lines if not (line and line[0].startswith(OWN_NOTE))), 1):
        if "".join(line[limits.columns :]).strip():
            raise UnreadableBookError(f"CSVの列が多すぎます。{limits.columns}列以内にしてください。")
        budget.look()
        values = [plain_value(field) if field else None for field in line[: limits.columns]]
        while values and values[-1] is None:
            values.pop()
        if values and number > limits.rows:
            raise UnreadableBookError(f"CSVの行が多すぎます。{limits.rows:,}行以内にしてください。")
        if number > limits.rows + MOST_EMPTY:
            raise UnreadableBookError("CSVの空の行が多すぎます。余分な行を削除して保存し直してください。")
        if any(len(value) > LONGEST_TEXT for value in values if value):
            raise UnreadableBookError(_too_long(number))
        cells -= len(values) - values.count(None)
        places -= len(values)
        if cells < 0 or places < 0:
            raise UnreadableBookError(TOO_MUCH)
        if number <= limits.rows:
            kept.append(tuple(values))
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _too_long(row: int) -> str:
    return f"CSVの{row}行目から後に、{LONGEST_TEXT:,}文字を超える値があります。引用符の対を確かめて、短くしてください。"


def separator(text: str) -> str:
    """The one that most of the first lines hold; the comma where they don't tell.

    Where the first line holds none it may be a title, but a lone semicolon in a column of texts separates nothing.
    """
    lines = [QUOTED.sub("", line) for line in text[: 64 * 1024].splitlines()[:JUDGED_LINES] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in SEPARATORS}
    possible = [
        sign
        for sign, numbers in counts.items()
        if sign == "," or numbers[:1] > [0] or sum(number > 1 for number in numbers) > 2
    ]
    return max(possible, key=lambda sign: (sum(map(bool, counts[sign])), sum(counts[sign])))


def decoded(content: bytes) -> str:
    """A byte order mark decides; else escapes (ISO-2022-JP), the zeros of UTF-16, UTF-8, and Shift_JIS or EUC-JP."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if any(escape in content for escape in ESCAPES):
        for encoding in ("iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2004"):
            if (text := _as(content, encoding)) is not None:
                return text
    if b"\x00" in content and (text := _utf_16(content)):
        return text
    if (text := _as(content, "utf-8-sig")) is not None:
        return text
    if (text := _legacy(content)) is not None:
        return text
    raise UnreadableBookError(f"文字コードを読み取れません。{TAKEN}を選び、CSVはUTF-8で保存してください。")


def _as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf_16(content: bytes) -> str:
    """UTF-16 without its mark: the order of bytes that makes lines and separators of it, and nothing unprintable."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _as(content, encoding)
        if text and any(sign in text for sign in ("\n", *SEPARATORS)) and not BINARY.search(text):
            judged = text[:2000]
            if not any(unicodedata.category(character) in ("Cn", "Co") for character in judged):
                return text
    return ""


def _legacy(content: bytes) -> str | None:
    """Shift_JIS as Windows writes it, or EUC-JP, whose kana read as Shift_JIS are a mass of half-width ones."""
    windows = _as(content, "cp932")
    unix = _as(content, "euc_jp")
    if unix is None:
        # Windows' own characters (①, ㈱) in EUC-JP.
        unix = _as(content, "euc_jis_2004")
    if windows is None or unix is None:
        return unix if windows is None else windows
    return unix if len(HALF_WIDTH_KANA.findall(windows)) > len(HALF_WIDTH_KANA.findall(unix)) else windows
