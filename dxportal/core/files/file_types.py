"""What a file is, told from its bytes alone: the name it came with is not believed. Pure."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from dxportal.core.files import office, pdf
from dxportal.core.files.refusal import RefusedFileError, contains, refuse_two_faces

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
UNPACKED = 100 * MEGABYTE
PARTS = 2000
MANIFEST_LARGEST = MEGABYTE
LONGEST_NAME = 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TAKEN = "PDF、Excel（.xlsx）、Word（.docx）、画像（PNG、JPEG）"
ENDINGS = ".pdf,.xlsx,.docx,.png,.jpg,.jpeg"  # what the browser offers
OFFICE = "application/vnd.openxmlformats-officedocument."
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
ACTIVE = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|xlm\.xml|macrosheets/|activex/)|oleobject", re.IGNORECASE)
END_OF_PACKAGE = 22  # bytes of an archive's last record, without a comment


@dataclass(frozen=True, slots=True)
class FileType:
    ending: str
    content_type: str


PDF = FileType(".pdf", "application/pdf")
PNG = FileType(".png", "image/png")
JPEG = FileType(".jpg", "image/jpeg")
XLSX = FileType(".xlsx", OFFICE + "spreadsheetml.sheet")
DOCX = FileType(".docx", OFFICE + "wordprocessingml.document")


def recognise(content: bytes) -> FileType:
    """The type of the file; RefusedFileError for everything that is not taken."""
    if not content:
        raise RefusedFileError("ファイルが空です。")
    if len(content) > LARGEST:
        raise RefusedFileError(f"ファイルが大きすぎます。{LARGEST // MEGABYTE}MB以内にしてください。")
    if content.startswith(b"%PDF-"):
        pdf.inspect(content)
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        refuse_two_faces(content, markup_within=len(content))
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        refuse_two_faces(content, markup_within=len(content))
        return JPEG
    if content.startswith(b"PK"):
        return _office(content)
    if content.startswith(OLE) and ENCRYPTED in content:
        raise RefusedFileError("パスワードの付いたファイルは添付できません。パスワードを解除して保存し直してください。")
    if content.startswith(OLE):
        raise RefusedFileError(
            "古い形式のファイル（.xls、.doc）は添付できません。.xlsxまたは.docxで保存し直してください。"
        )
    raise RefusedFileError(f"添付できるのは{TAKEN}です。ファイルの中身がこのいずれでもありません。")


def safe_name(name: str, kind: FileType) -> str:
    """The name without folders, control and direction marks, with the ending that the content has."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    plain = UNSAFE.sub("_", plain)
    stem = plain.rsplit(".", 1)[0] if "." in plain.lstrip(".") else plain
    stem = stem.strip(" .　")[: LONGEST_NAME - len(kind.ending)].strip(" .　")
    return (stem or "添付ファイル") + kind.ending


def _office(content: bytes) -> FileType:
    """By the archive's directory, its manifest, and what its parts hold."""
    last = content.rfind(b"PK\x05\x06")
    # Readers of other kinds look at the first kilobyte and at the end: no room for them there.
    if b"%PDF-" in content[:1024] or 0 <= last != len(content) - END_OF_PACKAGE:
        raise contains("前後に余分なデータ", "元のファイルから保存し直してください。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if min((part.header_offset for part in parts), default=0):
                raise contains("別の形式のファイル（ZIP）", "元のファイルから保存し直してください。")
            if any(part.flag_bits & 1 for part in parts):
                raise RefusedFileError("パスワードの付いたファイルは添付できません。パスワードを解除してください。")
            # Before anything is read: a small archive may declare, and hold, gigabytes.
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise RefusedFileError("ファイルの中身が大きすぎます。不要なシートや画像を除いてください。")
            manifest = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
            if manifest is None or manifest.file_size > MANIFEST_LARGEST:
                raise RefusedFileError(f"ZIPファイルは添付できません。添付できるのは{TAKEN}です。")
            with archive.open(manifest) as file:
                text = file.read(MANIFEST_LARGEST).decode("utf-8", errors="replace")
            kind = _office_type({part.filename.lower() for part in parts}, text)
            office.inspect(archive)
            return kind
    except RefusedFileError:
        raise
    except Exception as error:  # zipfile raises many kinds on a broken archive
        raise RefusedFileError("ファイルが壊れています。保存し直してください。") from error


def _office_type(names: set[str], manifest: str) -> FileType:
    if "macroenabled" in manifest.lower() or "vbaproject" in manifest.lower() or any(map(ACTIVE.search, names)):
        raise office.refused("マクロまたは埋め込まれたプログラム")
    for kind, part, mark in (
        (XLSX, "xl/workbook.xml", "spreadsheetml.sheet.main"),
        (DOCX, "word/document.xml", "wordprocessingml.document.main"),
    ):
        if part in names and mark in manifest:
            return kind
    raise RefusedFileError(f"添付できるのは{TAKEN}です。この形式のファイルは添付できません。")
