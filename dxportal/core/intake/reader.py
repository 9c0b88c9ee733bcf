"""Files in: bounded before they are parsed, refused in plain Japanese, turned into the neutral book."""

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import load_workbook

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.export import FORMULA_STARTS
from dxportal.core.intake.neutral import Book, BookSheet

MEGABYTE = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BINARY = re.compile("[\x00-\x08\x0e-\x1f\uf8f0-\uf8f3]")  # what pictures and the like decode to
OWN_NOTE = "# Shift_JISで表せない文字"
TAKEN = "Excelブック（.xlsx）またはCSV（.csv）"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most. ``file`` and ``unpacked`` in bytes."""

    file: int = 10 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    parts: int = 2000
    sheets: int = 40
    rows: int = 20_000
    columns: int = 400


DEFAULT_LIMITS = Limits()


def read_book(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Book:
    """The book in ``file`` (an upload or any binary file with a ``name``); UnreadableBookError says why not."""
    content = file.read(limits.file + 1)
    name = str(getattr(file, "name", "") or "")
    if not content:
        raise UnreadableBookError("ファイルが空です。内容のあるファイルを選んでください。")
    if len(content) > limits.file:
        raise UnreadableBookError(f"ファイルが大きすぎます。{limits.file // MEGABYTE}MB以内にしてください。")
    if content.startswith(OLE) and ENCRYPTED in content:
        raise UnreadableBookError(
            "パスワードの付いたファイルは読み取れません。パスワードを解除して保存し直してください。"
        )
    if content.startswith(OLE):
        raise UnreadableBookError(
            "古い形式のファイル（.xls）は読み取れません。「Excelブック（.xlsx）」で保存し直してください。"
        )
    sheets = _workbook(content, limits) if content.startswith(b"PK") else _csv(content, name, limits)
    return Book(tuple(sheets), digest=hashlib.sha256(content).hexdigest(), name=name)


def _workbook(content: bytes, limits: Limits) -> list[BookSheet]:
    try:
        _inspect(content, limits)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > limits.sheets:
            raise UnreadableBookError(f"シートが多すぎます。{limits.sheets}枚以内にしてください。")
        sheets = []
        for page in book.worksheets:
            page.reset_dimensions()  # the stated size of a sheet may be wrong; what is read counts
            rows = page.iter_rows(max_col=limits.columns + 1, values_only=True)
            sheets.append(BookSheet(page.title, _bounded(rows, page.title, limits)))
        return sheets
    except UnreadableBookError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
        raise UnreadableBookError(f"ファイルが壊れているか、{TAKEN}ではありません。保存し直してください。") from error


def _inspect(content: bytes, limits: Limits) -> None:
    """Looks at the archive's directory only; zipfile never unpacks more of a part than is declared there."""
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableBookError("パスワードの付いたファイルは読み取れません。パスワードを解除してください。")
    if "[content_types].xml" not in names:
        raise UnreadableBookError(f"ZIPファイルは読み取れません。中の{TAKEN}を1件ずつ選んでください。")
    if any(name.endswith(("vbaproject.bin", "xlm.xml")) or "macrosheets/" in name for name in names):
        raise UnreadableBookError("マクロの入ったファイル（.xlsm）は読み取れません。.xlsxで保存し直してください。")
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise UnreadableBookError("ファイルの中身が大きすぎます。不要なシートや画像を除いてください。")


def _bounded(rows: Iterable[Iterable[Any]], title: str, limits: Limits) -> tuple[tuple[Any, ...], ...]:
    """Rows with ends cut off where empty; formatted but empty rows beyond the limit do no harm."""
    kept: list[tuple[Any, ...]] = []
    for number, row in enumerate(rows, 1):
        values = [_value(cell) for cell in row]
        while values and values[-1] is None:
            values.pop()
        if values and number > limits.rows:
            raise UnreadableBookError(f"シート「{title}」の行が多すぎます。{limits.rows:,}行以内にしてください。")
        if len(values) > limits.columns:
            raise UnreadableBookError(f"シート「{title}」の列が多すぎます。{limits.columns}列以内にしてください。")
        if number <= limits.rows:
            kept.append(tuple(values))
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("_x000D_", "").strip(" \t\r\n\u3000")
        quoted = len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS
        return (text[1:] if quoted else text) or None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def _csv(content: bytes, name: str, limits: Limits) -> list[BookSheet]:
    text = _decode(content)
    if BINARY.search(text):
        raise UnreadableBookError(f"{TAKEN}を選んでください。")
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = _bounded((row for row in lines if not (row and row[0].startswith(OWN_NOTE))), "CSV", limits)
    except csv.Error as error:
        raise UnreadableBookError("CSVの区切りや引用符が正しくありません。保存し直してください。") from error
    return [BookSheet("CSV", rows)]


def _decode(content: bytes) -> str:
    """A byte order mark decides; else UTF-8, else Shift_JIS as Windows writes it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableBookError(f"文字コードを読み取れません。{TAKEN}を選び、CSVはUTF-8で保存してください。")
