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
CONTENT_TYPES = (
    ("macroenabled", MACRO), ("vbaproject", MACRO), ("vbadata", MACRO), ("macrosheet", MACRO), ("dialogsheet", MACRO),
    ("attachedtoolbars", MACRO), ("keymapcustomizations", MACRO), ("activex", PROGRAM), ("oleobject", PROGRAM),
    ("externallink", OUTSIDE),
)  # fmt: skip
RELATIONS = {
    "vbaproject": MACRO, "wordvbadata": MACRO, "xlmacrosheet": MACRO, "xlintlmacrosheet": MACRO, "dialogsheet": MACRO,
    "attachedtoolbars": MACRO, "keymapcustomizations": MACRO, "extensibility": MACRO,
    "oleobject": PROGRAM, "package": PROGRAM, "control": PROGRAM, "activexcontrolbinary": PROGRAM,
    "webextension": PROGRAM, "webextensiontaskpanes": PROGRAM, "afchunk": "埋め込まれた別の文書",
    "externallink": OUTSIDE, "connections": "外部データへの接続", "attachedtemplate": "外部のテンプレートへの参照",
}  # fmt: skip
OUTSIDE_OF = {"attachedtemplate": "外部のテンプレートへの参照", "oleobject": "外部のオブジェクトへのリンク"}
LEADS_OUT = re.compile(r"[a-z][a-z0-9+.-]*:|\\\\|//", re.IGNORECASE)
PICTURE_SCRIPT = re.compile(rb"<\s*(?:\w+:)?(?:script|foreignObject|iframe)\b|\son\w+\s*=|javascript:", re.IGNORECASE)
HARMLESS_LINK = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)
FIELD = re.compile(
    r"\s*(?:(DDE(?:AUTO)?)|(LINK|INCLUDETEXT|INCLUDEPICTURE|DATABASE|RD|IMPORT)|(QUOTE(?:\s+\d+){3,}))\b", re.I
)
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
    encoding = ENCODING.match(data[:HEAD])
    # No Office program writes another encoding, but marks could hide in one.
    if data.startswith(WIDE) or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise RefusedFileError(BROKEN)
    if not data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    if (PICTURE_SCRIPT if name.endswith(".svg") else MARKUP).search(data):
        raise refused("スクリプトまたはHTML")
    refuse_calls(data)


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
    """Fields of Word; the letters of one may be spread over many runs."""
    codes = [""]
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name in ("instrText", "delInstrText")
        if name == "fldSimple":
            codes.append(attributes.get("instr", ""))
        if name in ("fldSimple", "fldChar"):
            codes.append("")

    def text(letters: str) -> None:
        if inside:
            codes[-1] += letters

    walk(data, start, text)
    for code in codes:
        if match := FIELD.match(code.replace("\N{NO-BREAK SPACE}", " ")):
            raise refused("外部を参照するフィールド" if match[2] else "DDEフィールド（ほかのプログラムの呼出し）")


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
