"""What an Office package (.xlsx, .docx) carries besides its text: programs, objects, ways to other files. Pure.

Judged by content types, relationships and the parts' own first bytes, not by the names of parts: a renamed macro stays one.
Charts of Word keep a workbook inside; it is an embedded file as any other.
"""

import html
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from dxportal.core.files.refusal import FOREIGN, HEAD, MARKUP, RefusedFileError, contains

TOO_MUCH = "ファイルの中身が大きすぎます。不要なシートや画像を除いてください。"
ELEMENTS = 1_000_000
FORMULAS = 100_000
BROKEN = "ファイルが壊れています。保存し直してください。"
ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^<>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
MACRO = "マクロ"
PROGRAM = "埋め込まれたプログラムまたはオブジェクト"
OUTSIDE = "外部ファイルへのリンク"
DATA = "外部データへの接続"
CONTENT_TYPES = (
    ("macroenabled", MACRO), ("vbaproject", MACRO), ("vbadata", MACRO), ("macrosheet", MACRO), ("dialogsheet", MACRO),
    ("attachedtoolbars", MACRO), ("keymapcustomizations", MACRO), ("activex", PROGRAM), ("oleobject", PROGRAM),
    ("externallink", OUTSIDE), ("spreadsheetml.connections", DATA), ("querytable", DATA), ("datamashup", DATA),
)  # fmt: skip
RELATIONS = {
    "vbaproject": MACRO, "wordvbadata": MACRO, "xlmacrosheet": MACRO, "xlintlmacrosheet": MACRO, "dialogsheet": MACRO,
    "attachedtoolbars": MACRO, "keymapcustomizations": MACRO, "extensibility": MACRO,
    "oleobject": PROGRAM, "package": PROGRAM, "control": PROGRAM, "activexcontrolbinary": PROGRAM,
    "webextension": PROGRAM, "webextensiontaskpanes": PROGRAM, "afchunk": "埋め込まれた別の文書",
    "externallink": OUTSIDE, "connections": DATA, "querytable": DATA, "powerpivotdata": DATA,
    "volatiledependencies": DATA, "attachedtemplate": "外部のテンプレートへの参照",
}  # fmt: skip
# By the element that a part begins with: a part that nothing refers to yet is one that a repair takes up again.
ROOTS = {
    b"connections": DATA, b"connection": DATA, b"queryTable": DATA, b"DataMashup": DATA, b"volTypes": DATA,
    b"externalLink": OUTSIDE, b"ocx": PROGRAM, b"webextension": PROGRAM, b"taskpanes": PROGRAM, b"customUI": MACRO,
    b"macrosheet": MACRO, b"dialogsheet": MACRO, b"vbaSuppData": MACRO,
}  # fmt: skip
ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
# Of Power Query, which stands in UTF-16.
MASHUP = tuple("DataMashup".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
DATA_SOURCE = re.compile(rb"<(?:\w+:)?(?:connectString|webPr|dbPr|olapPr|DataBinding)\b")
LINK_BASE = re.compile(rb"<(?:\w+:)?HyperlinkBase\b[^<>]*>([^<]*)")
OUTSIDE_OF = {"attachedtemplate": "外部のテンプレートへの参照", "oleobject": "外部のオブジェクトへのリンク"}
LEADS_OUT = re.compile(r"[a-z][a-z0-9+.-]*:|\\\\|//", re.IGNORECASE)
PICTURE_SCRIPT = re.compile(rb"<\s*(?:\w+:)?(?:script|foreignObject|iframe)\b|\son\w+\s*=|javascript:", re.IGNORECASE)
HARMLESS_LINK = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)
FIELDS = (
    (re.compile(r"DDE(?:AUTO)?\b|QUOTE(?:\s+\d+){3}", re.IGNORECASE), "DDEフィールド（ほかのプログラムの呼出し）"),
    (
        re.compile(r"(?:LINK|INCLUDE(?:TEXT|PICTURE)?|DATABASE|RD|IMPORT)\b", re.IGNORECASE),
        "外部を参照するフィールド",
    ),
    (re.compile(r"(?:SET|PRINT|CONTROL|HTMLCONTROL|EMBED)\b", re.IGNORECASE), "命令を組み立てるフィールド（SETなど）"),
)
# Where another field stands inside the letters of a field.
NESTED = "\N{OBJECT REPLACEMENT CHARACTER}"
LINK_FIELD = re.compile(r"HYPERLINK\s+\"?([^\"\s]*)", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?(?:f|formula[12]?|definedName)\b[^<>]*>([^<]*)(<[!?])?")
TEXT_OR_SHEET = re.compile(r"\"(?:[^\"]|\"\")*\"|(?<!\|)'(?:[^']|'')*'!")
SUSPICIOUS = re.compile(rb"[|\\[]|&#|<[!]|WEBSERVICE|RTD|CALL|REGISTER|EXEC|IMAGE|HYPERLINK", re.IGNORECASE)
CALLS = re.compile(r"\b(?:WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE)\s*\(", re.IGNORECASE)
# 「'https://…/[a.xlsx]Sheet'!A1」 and 「[1]Sheet!A1」; a column of a table (売上[金額]) is neither.
SHEET = re.compile(r"'[^']*'!")
BOOK_BY_NUMBER = re.compile(r"(?<![\w\]])\[\d+\]")
LINK_FORMULA = re.compile(r"HYPERLINK\s*\(\s*\"([^\"]*)", re.IGNORECASE)
ADVICE = {
    MACRO: "マクロを除いて（.xlsxまたは.docxとして）保存し直してください。",
    DATA: "「データ」の「クエリと接続」などで接続を削除し、値として貼り付け直してください。",
    OUTSIDE: "「データ」の「リンクの編集」などでリンクを解除し、値や図として貼り付け直してください。",
}
OTHERWISE = "その部分を削除するか、図として貼り付け直してください。"


def refused(what: str) -> RefusedFileError:
    return contains(what, ADVICE.get(what, OTHERWISE))


def inspect(archive: zipfile.ZipFile) -> None:
    """RefusedFileError for a package with anything that runs, is embedded, or is fetched from elsewhere.

    The caller has bounded the number and the declared size of the parts; no more than declared is unpacked.
    """
    names = [part.filename.replace("\\", "/").lower() for part in archive.infolist()]
    # Two parts of one name: one program reads the first, another the second.
    if len(set(names)) != len(names):
        raise RefusedFileError(BROKEN)
    for part, name in zip(archive.infolist(), names, strict=True):
        data = archive.read(part)
        if name == "[content_types].xml":
            walk(data, refuse_content_type)
        elif name.endswith(".rels"):
            walk(data, refuse_relation)
        else:
            refuse_part(name, data)


Start = Callable[[str, dict[str, str]], None]


def walk(data: bytes, start: Start, text: Callable[[str], None] | None = None) -> None:
    """Calls ``start`` with the local name and attributes of every element, in order, and ``text`` with what follows."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_doctype(*_: object) -> None:
        raise RefusedFileError(BROKEN)

    left = iter(range(ELEMENTS))

    def plain(name: str, attributes: dict[str, str]) -> None:
        if next(left, None) is None:
            raise RefusedFileError(TOO_MUCH)
        start(name.rsplit(" ", 1)[-1], {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()})

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = plain
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RefusedFileError(BROKEN) from error


def refuse_content_type(_: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("ContentType", "").lower()
    if what := next((what for mark, what in CONTENT_TYPES if mark in kind), ""):
        raise refused(what)


def refuse_relation(_: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rsplit("/", 1)[-1].lower()
    target = attributes.get("Target", "").strip()
    if attributes.get("TargetMode", "").lower() == "external" or LEADS_OUT.match(target):
        refuse_way_out(kind, target)
    elif kind in RELATIONS:
        raise refused(RELATIONS[kind])


def refuse_way_out(kind: str, target: str) -> None:
    """A link that a reader may follow stays; what the program fetches by itself, or runs, does not."""
    if kind != "hyperlink":
        raise refused(OUTSIDE_OF.get(kind, OUTSIDE))
    refuse_link(target)


def refuse_link(target: str) -> None:
    if LEADS_OUT.match(target) and not HARMLESS_LINK.match(target):
        raise refused(f"ウェブページ以外へのリンク（{target[:60]}）")


def refuse_part(name: str, data: bytes) -> None:
    if what := next((what for mark, what in FOREIGN if data.startswith(mark)), ""):
        raise refused(what)
    if any(mark in data[:HEAD] for mark in MASHUP):
        raise refused(DATA)
    encoding = ENCODING.match(data[:HEAD])
    # No Office program writes another encoding, but marks could hide in one.
    if data.startswith(WIDE) or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise RefusedFileError(BROKEN)
    if not data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    if (PICTURE_SCRIPT if name.endswith(".svg") else MARKUP).search(data):
        raise refused("スクリプトまたはHTML")
    # Only drawings have one of their own; in another part it could hide letters.
    if b"<!DOCTYPE" in data and not name.endswith(".svg"):
        raise RefusedFileError(BROKEN)
    refuse_calls(data)
    refuse_sources(data)


def refuse_sources(data: bytes) -> None:
    """Data that the program would fetch again, whether or not another part refers to this one."""
    root = ROOT.match(data)
    if root and (what := ROOTS.get(root[1], "")):
        raise refused(what)
    if DATA_SOURCE.search(data):
        raise refused(DATA)
    if base := LINK_BASE.search(data):
        refuse_link(html.unescape(base[1].decode("utf-8", "replace")).strip())


def refuse_calls(data: bytes) -> None:
    """Fields and formulas that start or ask other programs."""
    if b"instrText" in data or b"fldSimple" in data or b"InstrText" in data:
        refuse_fields(data)
    if b"ddeLink" in data or b"oleLink" in data:
        raise refused("DDEまたはOLEによるほかのプログラムとの連携")
    if not SUSPICIOUS.search(data):
        return
    for number, match in enumerate(FORMULA.finditer(data)):
        if match[2] or number > FORMULAS:
            raise RefusedFileError(BROKEN if match[2] else TOO_MUCH)
        refuse_formula(match[1])


def refuse_fields(data: bytes) -> None:
    """Fields of Word; the letters of one may be spread over many runs, and hold other fields."""
    codes = [[""]]  # the letters of every field; those outside of fields first
    within = [0]  # places in ``codes``: of the field that goes on, and of those around it
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name in ("instrText", "delInstrText")
        if name == "fldSimple":
            codes.append([attributes.get("instr", "")])
        elif name == "fldChar" and attributes.get("fldCharType") == "begin":
            codes[within[-1]].append(NESTED)
            within.append(len(codes))
            codes.append([""])
        elif name == "fldChar" and attributes.get("fldCharType") == "end" and len(within) > 1:
            within.pop()

    def text(letters: str) -> None:
        if inside:
            codes[within[-1]].append(letters)

    walk(data, start, text)
    for pieces in codes[1:]:
        refuse_field("".join(pieces))
    # Without marks around them nothing says where a field begins.
    for piece in "".join(codes[0]).split(NESTED):
        refuse_field(piece)


def refuse_field(code: str) -> None:
    code = code.replace("\N{NO-BREAK SPACE}", " ").strip()
    word = code.split(maxsplit=1)[0] if code else ""
    # With and without the fields inside: they may stand between the letters of a command.
    for written in (code, code.replace(NESTED, "").strip()):
        if what := next((what for pattern, what in FIELDS if pattern.match(written)), ""):
            raise refused(what)
    # A command that other fields spell: nobody can say what it will be. 「={PAGE}+1」 is a sum.
    if NESTED in word and not word.startswith(("=", '"')):
        raise refused(FIELDS[-1][1])
    if link := LINK_FIELD.match(code):
        refuse_link(link[1])


def refuse_formula(raw: bytes) -> None:
    if not any(mark in raw for mark in (b"|", b"&#", b"(", b"[")):
        return
    formula = html.unescape(raw.decode("utf-8", "replace"))
    for link in LINK_FORMULA.finditer(formula):
        refuse_link(link[1].strip())
    bare = re.sub(r"\"[^\"]*\"", "", formula)
    if BOOK_BY_NUMBER.search(bare) or any("[" in sheet for sheet in SHEET.findall(bare)):
        raise refused(OUTSIDE)
    formula = TEXT_OR_SHEET.sub("", formula)
    if "|" in formula:
        raise refused("DDEの数式（ほかのプログラムの呼出し）")
    if match := CALLS.search(formula):
        raise refused(f"外部を参照する数式（{match[0]}…）")
