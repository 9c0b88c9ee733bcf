import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.files.file_types import PDF, XLSX, RefusedFileError, recognise, safe_name
from tests.support.files import JPEG_BYTES, PDF_BYTES, PNG_BYTES, XLSX_BYTES

TYPES = '<Types><Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
DOCX_TYPES = TYPES.format(part="/word/document.xml", kind="wordprocessingml.document")


def archive(parts, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return stream.getvalue()


DOCX_BYTES = archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "<w:document/>"})


def encrypted(data):
    """Sets the bit in each entry of the directory."""
    made = bytearray(data)
    at = 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 8] |= 1
        at += 4
    return bytes(made)


@pytest.mark.parametrize(
    ("data", "ending"),
    [(PDF_BYTES, ".pdf"), (PNG_BYTES, ".png"), (JPEG_BYTES, ".jpg"), (XLSX_BYTES, ".xlsx"), (DOCX_BYTES, ".docx")],
)
def test_the_five_kinds_are_known_by_their_bytes(data, ending):
    assert recognise(data).ending == ending


REFUSED = {
    "empty": b"",
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "html called pdf": b"<html>%PDF-1.7 %%EOF",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "gif": b"GIF89a",
    "executable": b"MZ\x90\x00",
    "pdf cut short": b"%PDF-1.7\n1 0 obj",
    "pdf with password": b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF",
    "text": "ただの文章".encode(),
    "old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "office with password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "zip": archive({"note.txt": "x"}),
    "broken zip": XLSX_BYTES[: len(XLSX_BYTES) // 2],
    "only the letters PK": b"PK",
    "macros": archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "", "word/vbaProject.bin": b"x"}),
    "macros by the manifest": archive(
        {"[Content_Types].xml": DOCX_TYPES + "application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": ""}
    ),
    "old macro sheet": archive(
        {"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "", "xl/macrosheets/sheet1.xml": ""}
    ),
    "active x": archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "", "word/activeX/activeX1.bin": b""}),
    "slides": archive({"[Content_Types].xml": "presentationml.presentation.main", "ppt/presentation.xml": ""}),
    "manifest without the document": archive({"[Content_Types].xml": DOCX_TYPES}),
    "bomb": archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": b"\x00" * (201 * 1024 * 1024)}),
    "bomb in the manifest": archive({"[Content_Types].xml": b" " * (2 * 1024 * 1024), "word/document.xml": ""}),
    "too many parts": archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": ""} | {str(n): "" for n in range(2001)}),
    "zip with password": encrypted(DOCX_BYTES),
    "too large": PDF_BYTES + b"\x00" * (10 * 1024 * 1024),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_in_words(name):
    with pytest.raises(RefusedFileError, match=r"。$"):
        recognise(REFUSED[name])


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_get_a_verdict(data, start):
    with contextlib.suppress(RefusedFileError):
        assert recognise(start + data).ending


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("報告書.pdf", "報告書.pdf"),
        ("実は.exe", "実は.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\町\\様式.xlsx", "様式.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "添付ファイル.pdf"),
        ("", "添付ファイル.pdf"),
        ("🏯.pdf", "🏯.pdf"),
        ("a.b.c.pdf", "a.b.c.pdf"),
    ],
)
def test_names_are_made_harmless(given_name, kept):
    assert safe_name(given_name, PDF) == kept


@given(st.text(max_size=300))
def test_any_name_becomes_short_and_plain(name):
    made = safe_name(name, XLSX)

    assert made.endswith(".xlsx")
    assert len(made) <= 100
    assert not set(made) & set('<>:"/\\|?*\r\n\x00')
