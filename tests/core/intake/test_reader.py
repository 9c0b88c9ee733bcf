import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from dxportal.core.intake.book import Limits, UnreadableBookError, read_book, read_filled_book


def xlsx(*rows, title="回答"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content, limits=None):
    return read_book(io.BytesIO(content), limits or Limits())


def with_part(content, name, data=b"x"):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def test_cells_keep_their_address_and_type():
    book = read(xlsx(["設問", "得点"], ["0-1", 3], [None, None], [" 1-1　", dt.date(2026, 4, 1)]))

    assert [(cell.address, cell.value) for cell in book.column("回答", "得点")] == [
        ("B2", 3),
        ("B4", dt.date(2026, 4, 1)),
    ]
    assert [record["設問"].text for record in book.first.records()] == ["0-1", "1-1"]


def test_a_cell_outside_the_sheet_is_empty():
    assert read(xlsx(["a"])).first.cell(9, 9).value is None


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("市町村,得点\r\n紀の里市,3\r\n", "utf-8-sig"),
        ("市町村,得点\n紀の里市,3\n", "utf-8"),
        ("市町村,得点\n紀の里市,3\n", "cp932"),
    ],
)
def test_csv_in_the_three_encodings_that_offices_send(content, encoding):
    book = read(content.encode(encoding))

    assert book.first.rows == (("市町村", "得点"), ("紀の里市", "3"))


def test_leading_zeros_of_codes_survive_csv():
    assert read("団体コード\n012025\n".encode()).first.cell(2, 1).text == "012025"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルが空です。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "古い形式のファイル（.xls）"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "パスワードの付いたファイルは読み取れません。",
        ),
        (b"PK\x03\x04 broken", "ファイルが壊れているか"),
        (with_part(xlsx(["a"]), "xl/vbaProject.bin"), "マクロの入ったファイル"),
        (b"\xff\xd8\xff\xe0JFIF", "Excelブック"),
        (b"\x81\x20\x81\x20", "文字コードを読み取れません。"),
        (b"a\x00b,c\n", "Excelブック"),
        (b'a,b\n"c,d\n', "CSVの区切りや引用符"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_in_a_sentence(content, sentence):
    with pytest.raises(UnreadableBookError) as error:
        read(content)

    assert str(error.value).startswith(sentence)


def test_an_archive_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xlsx", b"x")

    with pytest.raises(UnreadableBookError, match="ZIPファイルは読み取れません。"):
        read(stream.getvalue())


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_parsing():
    stream = io.BytesIO(xlsx(["a"]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", bytes(5_000_000))
    content = stream.getvalue()

    assert len(content) < 50_000
    with pytest.raises(UnreadableBookError, match="中身が大きすぎます"):
        read(content, Limits(unpacked=1_000_000))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(file=100), "ファイルが大きすぎます"),
        (Limits(rows=2), "行が多すぎます。2行以内"),
        (Limits(columns=1), "列が多すぎます。1列以内"),
        (Limits(sheets=0), "シートが多すぎます"),
    ],
)
def test_limits_hold(limits, sentence):
    with pytest.raises(UnreadableBookError, match=sentence):
        read(xlsx(["a", "b"], ["c", "d"], ["e", "f"]), limits)


def test_formatted_but_empty_rows_beyond_the_limit_do_no_harm():
    book = Workbook()
    book.active["A1"] = "a"
    book.active["A50"].number_format = "0.0"
    stream = io.BytesIO()
    book.save(stream)

    assert read(stream.getvalue(), Limits(rows=10)).first.rows == (("a",),)


@pytest.mark.parametrize("content", [b",,,\r\n,\xe3\x80\x80,\r\n", xlsx(), xlsx([" ", "\u3000"])])
def test_a_file_without_a_value_is_empty_whatever_its_size(content):
    with pytest.raises(UnreadableBookError, match="ファイルが空です（どのセルにも値がありません）。"):
        read_filled_book(io.BytesIO(content))
