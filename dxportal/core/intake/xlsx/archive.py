"""The archive of a workbook: looked at before anything of it is unpacked, and unpacked only as far as it is read."""

import io
import posixpath
import zipfile
from typing import IO

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import BROKEN, MEGABYTE, TAKEN, TOO_MUCH, Limits

ENTRY = b"PK\x01\x02"  # begins each entry of an archive's directory
CONTENT_TYPES = "[content_types].xml"
# Parts that say which program's file an archive is.
NAMED = (
    (
        "xl/workbook.bin",
        "Excelバイナリブック（.xlsb）は読み取れません。「Excelブック（.xlsx）」で保存し直してください。",
    ),
    ("word/document.xml", f"Wordの文書は読み取れません。{TAKEN}を選んでください。"),
    ("ppt/presentation.xml", f"PowerPointの資料は読み取れません。{TAKEN}を選んでください。"),
)
OPEN_DOCUMENT = "OpenDocument形式（.odsなど）は読み取れません。「Excelブック（.xlsx）」で保存し直してください。"
NUMBERS = "Numbersのファイルは読み取れません。「Excelブック（.xlsx）」に書き出してください。"
MACROS = "マクロの入ったファイル（.xlsm）は読み取れません。「Excelブック（.xlsx）」で保存し直してください。"
LOCKED = "パスワードの付いたファイルは読み取れません。パスワードを解除して保存し直してください。"


class Archive:
    """The parts of a workbook by their path, in any case of letters."""

    def __init__(self, content: bytes, limits: Limits):
        # zipfile makes an object of every entry before anybody can ask how many there are.
        if content.count(ENTRY) > limits.parts:
            raise UnreadableBookError(TOO_MUCH)
        self._file = zipfile.ZipFile(io.BytesIO(content))
        parts = self._file.infolist()
        self._parts = {part.filename.lower(): part for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableBookError(LOCKED)
        if reason := self._foreign():
            raise UnreadableBookError(reason)
        if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
            raise UnreadableBookError(TOO_MUCH)
        # Programs differ in which of two they read: what somebody checked must be what is taken.
        if len(self._parts) < len(parts):
            raise UnreadableBookError(BROKEN)
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise UnreadableBookError(BROKEN)
        if self._has_macros():
            raise UnreadableBookError(MACROS)

    def _foreign(self) -> str:
        """What the archive is where it is no workbook; "" for a workbook."""
        for name, sentence in NAMED:
            if name in self._parts:
                return sentence
        if "mimetype" in self._parts and "content.xml" in self._parts:
            return OPEN_DOCUMENT
        if "index.zip" in self._parts or any(name.endswith(".iwa") for name in self._parts):
            return NUMBERS
        if CONTENT_TYPES not in self._parts:
            return f"ZIPファイルは読み取れません。中の{TAKEN}を1件ずつ選んでください。"
        return ""

    def _has_macros(self) -> bool:
        named = any(name.endswith(("vbaproject.bin", "xlm.xml")) or "macrosheets/" in name for name in self._parts)
        if named:
            return True
        with self._file.open(self._parts[CONTENT_TYPES]) as part:
            return b"macroenabled" in part.read(MEGABYTE).lower()

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._parts

    def open(self, path: str) -> IO[bytes]:
        """zipfile never gives more of a part than its entry declares."""
        part = self._parts.get(path.lower())
        if part is None:
            raise UnreadableBookError(BROKEN)
        return self._file.open(part)


def resolved(target: str, base: str) -> str:
    """The path of a relationship's target: from the archive's root, or beside the part that it belongs to."""
    path = target.replace("\\", "/")
    if not path.startswith("/"):
        path = posixpath.join(posixpath.dirname(base), path)
    return posixpath.normpath(path).lstrip("/")
