"""What stands on which page of a PDF that Chromium made: enough of the format for its own writer, and no more."""

import re
import unicodedata
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
ONE = re.compile(rb"<(\w+)> <(\w+)>\n")
MANY = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>\n")
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|\[([^\]]*)\] TJ|(Tm|Td|ET)\b")


def texts(pdf: bytes) -> list[str]:
    """The text of every page in order, without spaces; its letters in the order in which they are drawn."""
    objects = {int(match[1]): match[2] for match in OBJECT.finditer(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return [_text(page, objects) for page in pages]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    names = re.findall(rb"/(F\d+) (\d+) 0 R", page)
    fonts = {name: _letters(objects[int(number)], objects) for name, number in names}
    content = re.search(rb"/Contents (\d+) 0 R", page)
    text, font = "", {}
    for match in SHOWN.finditer(_unpacked(objects[int(content[1])])):
        if match[1]:
            font = fonts.get(match[1], {})
        for piece in [match[2]] if match[2] else re.findall(rb"<(\w+)>", match[3] or b""):
            glyphs = (int(piece[at : at + 4], 16) for at in range(0, len(piece), 4))
            text += "".join(font.get(glyph, "") for glyph in glyphs)
    return "".join(unicodedata.normalize("NFKC", text).split())


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """Glyph → letters, by the font's own table."""
    reference = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if reference is None:
        return {}
    table = _unpacked(objects[int(reference[1])])
    letters = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        letters |= {int(glyph, 16): _decoded(code) for glyph, code in ONE.findall(block)}
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, code in MANY.findall(block):
            start = int(first, 16)
            letters |= {glyph: chr(ord(_decoded(code)) + glyph - start) for glyph in range(start, int(last, 16) + 1)}
    return letters


def _decoded(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")


def _unpacked(body: bytes) -> bytes:
    data = STREAM.search(body)[1]
    return zlib.decompress(data) if b"/FlateDecode" in body else data
