import contextlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casestudies.domain.contribution import moves
from casestudies.domain.contribution.file_types import PDF, XLSX, RefusedFileError, recognise, safe_name
from casestudies.models import Attachment
from dxportal.core.intake.export import Sheet, workbook

PDF_BYTES = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20
XLSX_BYTES = workbook([Sheet("表", ("見出し",), [("値",)])])
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


def url(name, case, **more):
    return reverse(f"casestudies:{name}", kwargs={"source_id": case.source_id, **more})


def upload(client, case, *files):
    sent = [SimpleUploadedFile(name, data, content_type="text/html") for name, data in files]
    return client.post(url("attachments", case), {"files": sent}, follow=True)


@pytest.fixture
def draft(client, cast, write_case):
    case = write_case(cast.officer)
    client.force_login(cast.officer)
    return case


def test_files_are_kept_and_given_as_downloads_only(client, cast, draft):
    upload(client, draft, ("様式.xlsx", XLSX_BYTES), ("説明.html", PDF_BYTES))

    first, second = Attachment.objects.order_by("pk")
    assert (first.name, second.name) == ("様式.xlsx", "説明.pdf")
    answer = client.get(url("attachment", draft, pk=second.pk))
    assert answer.content == PDF_BYTES
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


def test_one_bad_file_keeps_all_out_and_is_named(client, draft):
    page = upload(client, draft, ("よい.pdf", PDF_BYTES), ("悪い.pdf", b"<html>")).content.decode()

    assert "悪い.pdf：" in page
    assert not Attachment.objects.exists()


def test_the_same_file_twice_is_kept_once(client, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))

    page = upload(client, draft, ("b.pdf", PDF_BYTES)).content.decode()

    assert "同じファイルが添付済みです" in page
    assert Attachment.objects.count() == 1


def test_ten_files_and_no_more(client, draft):
    upload(client, draft, *((f"{n}.pdf", PDF_BYTES + b"%d\n%%%%EOF" % n) for n in range(10)))

    page = client.post(url("attachments", draft), {"files": [SimpleUploadedFile("x.png", PNG_BYTES)]}).content.decode()

    assert "10個まで" in page
    assert Attachment.objects.count() == 10


def test_a_file_is_for_those_who_may_open_the_case(client, cast, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))
    address = url("attachment", draft, pk=Attachment.objects.get().pk)

    def open_to():
        found = []
        for name in ("officer", "viewer", "neighbour_officer", "staff", "stranger_staff", "bureau_staff"):
            client.force_login(getattr(cast, name))
            found += [name] if client.get(address).status_code == 200 else []
        client.logout()
        assert client.get(address).status_code == 302
        return found

    assert open_to() == ["officer", "viewer"]
    moves.make_move(draft.pk, "submit", user=cast.officer)
    assert open_to() == ["officer", "viewer", "staff"]
    moves.make_move(draft.pk, "publish", user=cast.staff, audience="prefecture")
    assert open_to() == ["officer", "viewer", "neighbour_officer", "staff", "bureau_staff"]
    moves.make_move(draft.pk, "archive", user=cast.staff)
    assert open_to() == ["officer", "viewer", "staff"]


def test_a_file_of_another_case_is_not_found_through_an_own_one(client, cast, write_case, draft):
    theirs = write_case(cast.neighbour_officer, title="隣の下書き")
    client.force_login(cast.neighbour_officer)
    upload(client, theirs, ("a.pdf", PDF_BYTES))
    pk = Attachment.objects.get().pk
    client.force_login(cast.officer)

    assert client.get(url("attachment", draft, pk=pk)).status_code == 404
    assert client.post(url("attachment_delete", draft, pk=pk)).status_code == 404
    assert Attachment.objects.exists()


def test_taking_a_file_away_asks_first_and_is_told_in_the_history(client, draft):
    upload(client, draft, ("a.pdf", PDF_BYTES))
    pk = Attachment.objects.get().pk

    assert "元に戻せません" in client.get(url("attachment_delete", draft, pk=pk)).content.decode()
    client.post(url("attachment_delete", draft, pk=pk))

    assert not Attachment.objects.exists()
    assert client.get(url("history", draft)).content.decode().count("a.pdf") >= 2


def test_a_review_is_told_of_new_files(client, cast, draft):
    moves.make_move(draft.pk, "submit", user=cast.officer)
    case = moves.make_move(draft.pk, "send_back", user=cast.staff, comment="様式も")
    upload(client, draft, ("様式.xlsx", XLSX_BYTES))
    case.refresh_from_db()

    (change,) = moves.changes_since(case, moves.last_seen(case), {})

    assert (change.label, change.old, change.new) == ("添付ファイル", "", "様式.xlsx")


def test_content_in_review_takes_no_files_of_its_author(client, cast, draft):
    moves.make_move(draft.pk, "submit", user=cast.officer)

    assert (
        client.post(url("attachments", draft), {"files": [SimpleUploadedFile("a.pdf", PDF_BYTES)]}).status_code == 403
    )
