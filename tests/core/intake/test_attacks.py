"""Files that are made to hold a process: each ends soon, with a sentence that says what to do."""

import io
import random
import time

import pytest

from dxportal.core.intake.book import UnreadableBookError, read_book
from tests.support.workbooks import ONE_CELL, raw_book, text_cell

SECONDS = 3  # of processor time: the reader stops itself well before, on any machine


def rows(count, cells="<c><v>1</v></c><c><v>2</v></c>"):
    return "".join(f'<row r="{number}">{cells}</row>' for number in range(1, count + 1))


def listed(count):
    return "".join(f'<sheet name="S{number}" sheetId="{number + 1}" r:id="worksheet"/>' for number in range(count))


def whole_sheet(count):
    return "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * count + "</mergeCells>"


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="OK20000"><v>1</v></c></row>'
ATTACKS = {
    "a row number beyond the format": (lambda: raw_book('<row r="2000000000"><c><v>1</v></c></row>'), "行番号"),
    "a row number of a million digits": (lambda: raw_book(f'<row r="{"9" * 1_000_000}"/>'), "行番号"),
    "a negative row number": (lambda: raw_book('<row r="-1"><c><v>1</v></c></row>'), "行番号"),
    "a row number zero": (lambda: raw_book('<row r="0"><c><v>1</v></c></row>'), "行番号"),
    "a row twice": (lambda: raw_book(ONE_CELL * 2), "1行目が二つ"),
    "a cell twice": (lambda: raw_book('<row r="1"><c r="A1"><v>1</v></c><c r="A1"/><c r="A1"><v>2</v></c></row>'), "A1が二つ"),
    "a column beyond the format": (lambda: raw_book('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "番地"),
    "a cell of another row": (lambda: raw_book('<row r="1"><c r="A2"><v>1</v></c></row>'), "番地"),
    "40,000 rows": (lambda: raw_book(rows(40_000)), "行以内"),
    "a million empty cells in rows": (lambda: raw_book(rows(30_000, "<c/>" * 100)), "書式"),
    "rows filled far to the right": (
        lambda: raw_book("".join(f'<row r="{n}"><c r="OI{n}"><v>1</v></c></row>' for n in range(1, 20_001))),
        "大きすぎます",
    ),
    "a sheet of spaces": (lambda: raw_book(" " * 100_000_000), "大きすぎます"),
    "10,000 sheets": (lambda: raw_book(sheets=listed(10_000)), "シートが多すぎます"),
    "10,000 parts": (lambda: raw_book(parts=[(f"xl/s{n}.xml", b"") for n in range(10_000)]), "大きすぎます"),
    "the same part as 40 sheets": (lambda: raw_book(rows(20_000), sheets=listed(40)), "分けて"),
    "entities": (lambda: raw_book(prolog='<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'), "壊れている"),
    "an entity from elsewhere": (lambda: raw_book(prolog='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "壊れている"),
    "nested without end": (lambda: raw_book("<a>" * 3_000_000), "保存し直してください"),
    "a huge text": (lambda: raw_book(strings=f"<si><t>{'あ' * 5_000_000}</t></si>"), "文字が多すぎます"),
    "a text of 100,000 pieces": (
        lambda: raw_book(f'<row r="1"><c r="A1" t="inlineStr"><is>{"<t>abcdef</t>" * 100_000}</is></c></row>'),
        "文字が多すぎます",
    ),
    "a million shared texts": (lambda: raw_book(strings="<si><t>a</t></si>" * 1_000_000), "除"),
    "a million names": (lambda: raw_book(workbook='<definedName name="a">A1</definedName>' * 1_000_000), "名前の定義"),
    "a million styles": (lambda: raw_book(styles=f"<cellXfs>{'<xf/>' * 1_000_000}</cellXfs>"), "書式が多すぎます"),
    "a million merged ranges": (
        lambda: raw_book(after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 1_000_000),
        "結合セルが多すぎます",
    ),
    "merges over the whole sheet": (lambda: raw_book(CORNERS.replace("OK", "OJ"), after=whole_sheet(9)), "結合セルが広すぎます"),
    "a broken merge": (lambda: raw_book(after='<mergeCells><mergeCell ref="A1:"/></mergeCells>'), "壊れている"),
    "a column beyond the limit": (lambda: raw_book(CORNERS), "列が多すぎます"),
    "two parts of one name": (lambda: raw_book(parts=[("xl/Styles.xml", b"<a/>")]), "壊れている"),
    "a cut file": (lambda: raw_book()[:-100], "壊れている"),
    "half a file": (lambda: raw_book()[:400], "壊れている"),
    "a text that is not there": (lambda: raw_book('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "壊れている"),
    "random bytes": (lambda: random.Random(1).randbytes(1_000_000), "保存してください"),
    "random bytes after PK": (lambda: b"PK\x03\x04" + random.Random(1).randbytes(1_000_000), "壊れている"),
    "a directory without end": (lambda: b"PK\x03\x04" + b"PK\x01\x02" * 2_000_000, "大きすぎます"),
    "a CSV of empty lines": (lambda: b"a\n" + b"\n" * 9_000_000, "空の行"),
    "a CSV of one field": (lambda: b'a,"' + b"x" * 9_000_000, "引用符"),
    "a CSV of two million rows": (lambda: b"a,b\n" * 2_000_000, "行が多すぎます"),
    "a CSV of a million columns": (lambda: b"a," * 1_000_000 + b"a", "列が多すぎます"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_ends_soon_with_what_to_do(name):
    build, sentence = ATTACKS[name]
    file = io.BytesIO(build())
    began = time.thread_time()

    with pytest.raises(UnreadableBookError, match=sentence) as refusal:
        read_book(file)

    assert time.thread_time() - began < SECONDS
    assert str(refusal.value).endswith("ください。")


def test_a_lying_size_of_a_part_is_noticed():
    content = raw_book(rows(1000))
    position = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    lying = content[: position + 24] + (100).to_bytes(4, "little") + content[position + 28 :]

    with pytest.raises(UnreadableBookError, match="壊れている"):
        read_book(io.BytesIO(lying))


def test_a_text_that_all_cells_share_is_kept_once():
    cells = '<c t="s"><v>0</v></c>' * 10
    book = read_book(io.BytesIO(raw_book(rows(500, cells), strings=f"<si><t> {'あ' * 30_000} </t></si>")))

    assert len({id(value) for row in book.first.rows for value in row}) == 1


@pytest.mark.parametrize(
    ("end", "after"),
    [
        ('<row r="1048576" ht="15"><c r="A1048576" s="1"/>' + text_cell("C1048576", " \u3000") + "</row>", ""),
        ('<row r="50000"><c r="B50000" t="str"><f>""</f><v></v></c></row>', ""),
        ('<row r="30"><c r="XFD30" s="1"/></row>', '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ],
)
def test_blanks_at_the_very_end_cost_and_change_nothing(end, after):
    began = time.thread_time()

    book = read_book(io.BytesIO(raw_book(ONE_CELL + end, before='<dimension ref="A1:XFD1048576"/>', after=after)))

    assert book.first.rows == ((1,),)
    assert time.thread_time() - began < SECONDS


def test_external_links_are_never_followed():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    content = raw_book(parts=[("xl/externalLinks/_rels/externalLink1.xml.rels", relations)])

    assert read_book(io.BytesIO(content)).first.rows == ((1,),)
