"""CSV files in: the encodings and separators that offices send."""

import csv
import io
import re

from dxportal.core.intake.encodings import BINARY, SEPARATORS, decoded
from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import LONGEST_TEXT, TAKEN, TOO_MUCH, Budget, Limits
from dxportal.core.intake.neutral import BookSheet
from dxportal.core.intake.values import plain_value

OWN_NOTE = "# Shift_JISで表せない文字"
TITLE = "CSV"
JUDGED_LINES = 30
QUOTED = re.compile(r'"[^"]*"')
MOST_EMPTY = 100_000  # rows
AS_TEXT = re.compile('^="([^"]*)"$')  # how zeros at the front are kept from Excel


def read_csv(content: bytes, limits: Limits) -> BookSheet:
    text = decoded(content)
    if BINARY.search(text):
        raise UnreadableBookError(f"{TAKEN}を選んでください。")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    try:
        return BookSheet(TITLE, _rows(lines, limits), is_typed=False)
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
        values = [plain_value(AS_TEXT.sub(r"\1", field)) if field else None for field in line[: limits.columns]]
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
