"""What stands in a cell and how a sheet is: kinds, hidden, merged, protected, the strict form of the format."""

import datetime as dt
import io
import math
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer

from dxportal.core.intake.book import CellKind, UnreadableBookError, read_book
from tests.support.workbooks import MAIN, STRICT, raw_book, text_cell

FORMATS = (
    '<numFmts><numFmt numFmtId="170" formatCode="0.0&quot;%&quot;"/><numFmt numFmtId="171" formatCode="[Red]0.0%;-0%"/>'
    '<numFmt numFmtId="172" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="173" formatCode="0.00E+00"/><numFmt numFmtId="174" formatCode="G/標準&quot;日&quot;"/></numFmts>'
    "<cellXfs>"
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 9, 14, 170, 171, 172, 173, 174, 31))
    + "</cellXfs>"
)


def cell(xml, **parts):
    return read_book(io.BytesIO(raw_book(f'<row r="1">{xml}</row>', **parts))).first.cell(1, 1)


@pytest.mark.parametrize(
    ("xml", "kind", "value", "shown"),
    [
        ('<c r="A1"><v>18.499999999999996</v></c>', "number", 18.5, "18.5"),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', "number", 2, "2"),
        ('<c r="A1" t="b"><v>1</v></c>', "boolean", True, "TRUE"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error", "#DIV/0!", "#DIV/0!"),
        ('<c r="A1"><v>1e999</v></c>', "error", "1e999", "1e999"),
        ('<c r="A1"><f>10+10</f><v/></c>', "formula", None, "=10+10"),
        ('<c r="A1"><f t="shared" si="0"/></c>', "formula", None, "数式"),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', "empty", None, ""),
        ('<c r="A1" s="1"><v>0.5</v></c>', "percent", 0.5, "50%"),
        ('<c r="A1" s="3"><v>50</v></c>', "number", 50, "50"),
        ('<c r="A1" s="4"><v>0.125</v></c>', "percent", 0.125, "12.5%"),
        ('<c r="A1" s="2"><v>45383</v></c>', "date", dt.date(2024, 4, 1), "2024-04-01"),
        ('<c r="A1" s="5"><v>45383</v></c>', "date", dt.date(2024, 4, 1), "2024-04-01"),
        ('<c r="A1" s="8"><v>45383</v></c>', "date", dt.date(2024, 4, 1), "2024-04-01"),
        ('<c r="A1" s="6"><v>12</v></c>', "number", 12, "12"),
        ('<c r="A1" s="7"><v>12</v></c>', "number", 12, "12"),
        ('<c r="A1" t="d"><v>2024-04-01T00:00:00</v></c>', "date", dt.date(2024, 4, 1), "2024-04-01"),
        (text_cell("A1", "２０"), "numeric_text", "２０", "２０"),
        (text_cell("A1", "市"), "text", "市", "市"),
        ('<c r="A1" t="inlineStr"><is><r><t>紀の</t></r><r><t>里市</t></r><rPh><t>キノ</t></rPh></is></c>', "text", "紀の里市", "紀の里市"),
        (text_cell("A1", "a_x000D_\nb_x005F_"), "text", "a\nb_", "a\nb_"),
    ],
)  # fmt: skip
def test_a_cell_tells_what_stands_in_it(xml, kind, value, shown):
    result = cell(xml, styles=FORMATS)

    assert (result.kind, result.value, result.shown) == (kind, value, shown)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ('<c r="A1"><f>10+10</f></c>', ("数式の結果がない", "保存し直す")),
        ('<c r="A1" t="e"><v>#N/A</v></c>', ("#N/A", "数式を直す")),
        ('<c r="A1" s="1"><v>0.5</v></c>', ("50%", "0.5", "表示形式")),
        ('<c r="A1" s="2"><v>45383</v></c>', ("日付「2024-04-01」", "数字を入力")),
        ('<c r="A1" t="b"><v>1</v></c>', ("TRUE", "数字を入力")),
    ],
)
def test_what_is_no_number_is_named_with_what_to_do_and_invites_no_zero(xml, words):
    problem = cell(xml, styles=FORMATS).number_problem

    assert all(word in problem for word in words)
    assert "0と入力" not in problem


def test_a_zero_that_was_never_computed_is_no_result():
    stream = io.BytesIO()
    with Writer(stream) as book:
        page = book.add_worksheet()
        page.write_formula(0, 0, "=10+10")
        page.write_formula(0, 1, "=10+10", None, 20)

    first, second = (read_book(io.BytesIO(stream.getvalue())).first.cell(1, column) for column in (1, 2))
    assert (first.kind, first.value) == (CellKind.FORMULA, None)
    assert (second.kind, second.value) == (CellKind.NUMBER, 20)


def test_dates_count_from_the_workbooks_own_epoch():
    rows = '<row r="1"><c r="A1" s="2"><v>43921</v></c></row>'
    content = raw_book(rows, styles=FORMATS, workbook='<workbookPr date1904="1"/>')
    assert read_book(io.BytesIO(content)).first.rows == ((dt.date(2024, 4, 1),),)


def test_covered_cells_hidden_rows_columns_and_protection_are_told():
    book = Workbook()
    page = book.active
    for row in (["a", "b", "c"], [1, 2, 3], [4, 5, 6], [None, 7, 8]):
        page.append(row)
    page.merge_cells("A3:A4")
    page.row_dimensions[2].hidden = True
    page.column_dimensions["C"].hidden = True
    page.column_dimensions["Z"].hidden = True
    page.protection.enable()
    hidden = book.create_sheet("一覧")
    hidden.sheet_state = "veryHidden"
    stream = io.BytesIO()
    book.save(stream)

    read = read_book(io.BytesIO(stream.getvalue()))

    sheet = read.first
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged, sheet.protected) == ((2,), ("C",), ("A3:A4",), True)
    assert (sheet.cell(4, 1).kind, sheet.cell(3, 1).kind) == (CellKind.COVERED, CellKind.NUMBER)
    assert "A3:A4" in sheet.cell(4, 1).problem
    assert [(other.title, other.state) for other in read.sheets] == [("Sheet", "visible"), ("一覧", "veryHidden")]
    assert read.visible == (sheet,)


def test_the_strict_form_is_read_like_the_usual_one():
    source = io.BytesIO(raw_book('<row r="1">' + text_cell("A1", "団体") + "</row>"))
    stream = io.BytesIO()
    with zipfile.ZipFile(source) as usual, zipfile.ZipFile(stream, "w") as strict:
        for part in usual.namelist():
            text = usual.read(part).decode().replace(MAIN, STRICT)
            transitional = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            strict.writestr(part, text.replace(transitional, "http://purl.oclc.org/ooxml/officeDocument/relationships"))

    assert read_book(io.BytesIO(stream.getvalue())).first.rows == (("団体",),)


def archive(*names, **texts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in names:
            file.writestr(name, "x")
        for name, text in texts.items():
            file.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (archive("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
        (archive("mimetype", "content.xml"), ".ods"),
        (archive("[Content_Types].xml", "word/document.xml"), "Word"),
        (archive("Index/Document.iwa"), "Numbers"),
        (archive(**{"[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), ".xlsm"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML"),
        (b"%PDF-1.7", "PDF"),
        (b" \r\n\r\n", "空です"),
    ],
)
def test_files_of_other_programs_are_named(content, word):
    with pytest.raises(UnreadableBookError, match=word):
        read_book(io.BytesIO(content))


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="'_"), min_size=1, max_size=20)
VALUES = st.one_of(
    TEXTS.filter(lambda text: text == text.strip(" \t\r\n\u3000\u00a0") and text),
    st.integers(-(10**14), 10**14),
    st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}")),
    st.booleans(),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 12, 31)),
)


@given(st.dictionaries(st.tuples(st.integers(1, 40), st.integers(1, 30)), VALUES, max_size=20))
def test_any_cells_that_a_program_wrote_are_read_back_where_they_stood(cells):
    stream = io.BytesIO()
    with Writer(stream, {"in_memory": True, "default_date_format": "yyyy/m/d"}) as book:
        page = book.add_worksheet()
        for (row, column), value in cells.items():
            if isinstance(value, str):
                page.write_string(row - 1, column - 1, value)
            elif isinstance(value, dt.date):
                page.write_datetime(row - 1, column - 1, dt.datetime.combine(value, dt.time()))
            else:
                page.write(row - 1, column - 1, value)

    sheet = read_book(io.BytesIO(stream.getvalue())).first

    read = {
        (row, column): value
        for row, values in enumerate(sheet.rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    assert read.keys() == cells.keys()
    assert all(same(read[place], value) for place, value in cells.items())
    assert len(sheet.rows) == max((row for row, _ in cells), default=0)


def same(read, written):
    if isinstance(written, float):
        return math.isclose(read, written, rel_tol=1e-14, abs_tol=1e-300)
    return read == written and isinstance(read, bool) == isinstance(written, bool)
