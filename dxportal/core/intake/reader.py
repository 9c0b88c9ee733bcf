"""Files in: bounded before they are parsed, refused in plain Japanese, turned into the neutral book."""

import hashlib
import re
from dataclasses import replace
from typing import BinaryIO

from dxportal.core.intake.csv_file import read_csv
from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import BROKEN, DEFAULT_LIMITS, MEGABYTE, TAKEN, Budget, Limits
from dxportal.core.intake.neutral import Book, BookSheet
from dxportal.core.intake.xlsx.archive import LOCKED, Archive
from dxportal.core.intake.xlsx.sheet_part import Room, SheetPart
from dxportal.core.intake.xlsx.workbook_parts import read_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_EXCEL = "古い形式のファイル（.xls）は読み取れません。「Excelブック（.xlsx）」で保存し直してください。"
# How other files begin, as far as an office takes them for a table.
BEGINNINGS = (
    (b"%PDF", f"PDFは読み取れません。見出しの行のある{TAKEN}を選んでください。"),
    (b"\x09\x08\x10\x00\x00\x06", OLD_EXCEL),
    (b"\x09\x04\x06\x00", OLD_EXCEL),
    (b"{\\rtf", f"リッチテキスト（.rtf）は読み取れません。{TAKEN}を選んでください。"),
    (b"SQLite format 3", f"データベースのファイルは読み取れません。{TAKEN}を選んでください。"),
)
MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|table|head|meta)\b", re.IGNORECASE)


def read_book(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Book:
    """The book in ``file`` (an upload or any binary file with a ``name``); UnreadableBookError says why not."""
    content = file.read(limits.file + 1)
    name = str(getattr(file, "name", "") or "")
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableBookError("ファイルが空です。内容のあるファイルを選んでください。")
    if len(content) > limits.file:
        raise UnreadableBookError(f"ファイルが大きすぎます。{limits.file // MEGABYTE}MB以内にしてください。")
    if reason := _foreign(content):
        raise UnreadableBookError(reason)
    book = _workbook(content, limits) if content.startswith(b"PK") else Book((read_csv(content, limits),))
    return replace(book, digest=hashlib.sha256(content).hexdigest(), name=name)


def read_filled_book(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Book:
    """As ``read_book``, and at least one cell holds something: an empty file is named, not searched for headings."""
    book = read_book(file, limits)
    if book.visible and not any(sheet.is_filled(row + 1) for sheet in book.visible for row in range(len(sheet.rows))):
        raise UnreadableBookError(
            "ファイルが空です（どのセルにも値がありません）。内容のあるファイルを選んでください。"
        )
    return book


def _foreign(content: bytes) -> str:
    """What the file is, where its first bytes say that it is neither a workbook nor a CSV."""
    if content.startswith(OLE):
        return LOCKED if ENCRYPTED in content else OLD_EXCEL
    for beginning, sentence in BEGINNINGS:
        if content.startswith(beginning):
            return sentence
    if MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")[:200]):
        return "Webページ（HTML）やXMLの形のファイルです。Excelで開き、「Excelブック（.xlsx）」で保存し直してください。"
    return ""


def _workbook(content: bytes, limits: Limits) -> Book:
    try:
        archive = Archive(content, limits)
        budget = Budget(limits)
        workbook = read_workbook(archive, budget, limits)
        room = Room(limits)
        sheets = []
        for listed in workbook.sheets:
            if listed.state != "visible":  # lists to choose from, mostly: nobody who checks the file sees them
                sheets.append(BookSheet(listed.title, state=listed.state))
                continue
            with archive.open(listed.path) as part:
                sheets.append(SheetPart(listed.title, workbook, limits, room).read(part, budget))
        return Book(tuple(sheets), protected=workbook.protected)
    except UnreadableBookError:
        raise
    except Exception as error:  # zipfile and zlib raise whatever a broken archive leads them to
        raise UnreadableBookError(BROKEN) from error
