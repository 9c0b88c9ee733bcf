"""What a PDF carries besides its pages: scripts, programs to start, files inside. Pure.

Names are looked for in all bytes, not only where the file's own tables say that objects are: tables can lie. Objects may
be packed into compressed streams, and any letter of a name may be written as ``#xx``; both are undone first.
"""

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dxportal.core.files.refusal import HEAD, RefusedFileError, contains, refuse_two_faces

OPENINGS = 100
UNPACKED = 30 * 1024 * 1024  # bytes of all packed objects together
STREAMS = 200_000
ESCAPES = 50_000
BITE = 512
GAP = rb"(?:[\x00\s]|%[^\r\n]{0,200}[\r\n]){0,200}"  # bounded: a line of ten megabytes costs no more
VALUE = rb"(?=" + GAP + rb"(?:<<|\[|\d+" + GAP + rb"\d+" + GAP + rb"R))"
END = rb"(?![^\x00\s()<>\[\]{}/%])"
START = rb"(?:(?<=[\x00\s<>\[\]()])|(?<=/S))"  # as a value; in an address (https://…/Web/JavaScript) it is neither
ACTIONS = rb"JavaScript|Launch|Rendition|SubmitForm|ImportData|GoToE|GoToR|Movie|Sound|RichMediaExecute"
VALUES = rb"EmbeddedFile|FileAttachment|RichMedia"
KEYS = rb"JavaScript|EmbeddedFiles|EF|XFA|Collection|RichMediaContent"
FORBIDDEN = re.compile(
    rb"/S" + GAP + rb"/(" + ACTIONS + rb")" + END
    + rb"|" + START + rb"/(JavaScript|Launch|" + VALUES + rb")" + END
    + rb"|/(" + VALUES + rb")" + END + rb"(?=" + GAP + rb"[/>])"
    + rb"|/(" + KEYS + rb")" + VALUE
)  # fmt: skip
MARKS = tuple(b"/" + name for name in b"|".join((ACTIONS, VALUES, KEYS)).split(b"|"))  # without them no search
ENCRYPTED = re.compile(rb"/Encrypt" + VALUE)
REFERENCE = rb"0*(\d+)" + GAP + rb"\d+" + GAP + rb"R"
OPENING = re.compile(rb"/(?:OpenAction|AA)(?=" + GAP + rb"(<<|" + REFERENCE + rb"))")
KIND = re.compile(rb"/S" + GAP + rb"(?:/([^\x00\s()<>\[\]{}/%]+)|\d)")
# What begins at a moment that /AA names, and what follows on an action.
AT_MOMENTS = re.compile(rb"/(?:O|C|E|X|D|U|Fo|Bl|P[OCVI]|W[CSP]|D[SP]|[KFV])" + GAP + REFERENCE)
FOLLOWING = re.compile(rb"/Next" + GAP + rb"\[?((?:" + GAP + REFERENCE + rb")+)")
REFERENCES = re.compile(REFERENCE)
ONLY_REFERENCES = re.compile(rb"\[?(?:" + GAP + REFERENCE + rb")+")
BODY = 2000  # bytes of an action
HARMLESS = {b"GoTo", b"Named"}
FIRST = re.compile(rb"/First" + GAP + rb"(\d+)(?!" + GAP + rb"\d+" + GAP + rb"R)(?!\d)")
PREDICTED = re.compile(rb"/(?:DecodeParms|DP)" + GAP + rb"[<\[\d]")
PAIRS = re.compile(rb"[\x00\s\d]+")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n?")
PACKED = re.compile(rb"^" + GAP + rb"\d+" + GAP + rb"\d+")  # an object stream begins with numbers and places of objects
WORDS = {
    b"JavaScript": "スクリプト（JavaScript）",
    b"Launch": "プログラムの起動",
    b"SubmitForm": "データを送信するフォーム",
    b"ImportData": "外部データの取込み",
    b"GoToE": "別のファイルへの参照",
    b"GoToR": "別のファイルへの参照",
    b"XFA": "スクリプトを使えるフォーム（XFA）",
    b"EmbeddedFile": "埋め込まれたファイル",
    b"EmbeddedFiles": "埋め込まれたファイル",
    b"EF": "埋め込まれたファイル",
    b"FileAttachment": "埋め込まれたファイル",
    b"Collection": "埋め込まれたファイル",
}
BY_ITSELF = "開いたときに自動で行う操作"
ADVICE = "元の文書からPDFとして保存し直すか、印刷の画面で「PDFに出力」してください。"
UNCHECKED = f"PDFの中に、内容を確認できない部分があるため添付できません。{ADVICE}"


def inspect(content: bytes) -> None:
    """RefusedFileError for a PDF that is cut short, locked, two things at once, or more than pages."""
    tail = content.rfind(b"%%EOF")
    if tail < len(content) - 2048 or tail < 0:
        raise RefusedFileError(
            "PDFが壊れているか、途中で切れているか、後ろに余分なデータがあります。保存し直してください。"
        )
    if content[tail + 5 :].strip(b"\x00\t\n\x0c\r \x1a"):
        raise contains("PDFの後ろに余分なデータ", ADVICE)
    refuse_two_faces(content, markup_within=HEAD)
    texts = [plain_names(content)]
    if ENCRYPTED.search(texts[0]):
        raise RefusedFileError("パスワードの付いたPDFは添付できません。パスワードを解除してください。")
    packed = list(packed_objects(texts[0], content))
    texts.extend(objects.text for objects in packed)
    for text in texts:
        if any(mark in text for mark in MARKS) and (match := FORBIDDEN.search(text)):
            name = next(group for group in match.groups() if group)
            raise contains(WORDS.get(name, "動画・音声などの埋め込み"), ADVICE)
    refuse_openings(texts, packed)


def plain_names(data: bytes) -> bytes:
    """With ``#xx`` of names undone: ``/J#61vaScript``."""
    text, number = ESCAPE.subn(lambda match: bytes([int(match[1], 16)]), data, count=ESCAPES)
    if number == ESCAPES:
        raise RefusedFileError(UNCHECKED)
    return text


def refuse_openings(texts: list[bytes], packed: list["PackedObjects"]) -> None:
    """To open a PDF at a page is usual; anything else that begins by itself is not."""
    bodies: set[bytes] = set()
    wanted: set[int] = set()
    for text in texts:
        for match in OPENING.finditer(text):
            if match[2]:
                wanted.add(int(match[2]))
            else:
                bodies.add(dictionary(text, match.end()))
            if len(bodies) + len(wanted) > OPENINGS:
                raise contains(BY_ITSELF, ADVICE)
    seen: set[int] = set()
    while bodies or wanted:
        for number in wanted - seen:
            bodies |= definitions(number, texts[0], packed)
        seen |= wanted
        if len(seen) > OPENINGS or {match[1] for body in bodies for match in KIND.finditer(body)} - HARMLESS:
            raise contains(BY_ITSELF, ADVICE)
        wanted = {number for body in bodies for number in leads_to(body)} - seen
        bodies = set()


def leads_to(body: bytes) -> Iterator[int]:
    """The numbers of the actions that an action, or a dictionary of moments, names. A list of actions names nothing else:
    the list of a destination has a name in it."""
    parts = [match[1] for match in FOLLOWING.finditer(body)]
    if only := ONLY_REFERENCES.fullmatch(body):
        parts.append(only[0])
    yield from (int(match[1]) for match in AT_MOMENTS.finditer(body))
    yield from (int(match[1]) for part in parts for match in REFERENCES.finditer(part))


def definitions(number: int, text: bytes, packed: list["PackedObjects"]) -> set[bytes]:
    """What stands under an object's number, in the open and in object streams. RefusedFileError where nothing does."""
    places = re.compile(rb"(?<!\d)0*%d[\x00\s]+\d+[\x00\s]+obj" % number)
    bodies = {dictionary(text, match.end()) for match in places.finditer(text)}
    bodies |= {body for objects in packed for body in objects.bodies(number)}
    if not bodies:
        raise RefusedFileError(UNCHECKED)
    return bodies


def dictionary(text: bytes, start: int) -> bytes:
    """The dictionary or list that begins here, without what stands after it: that is another's."""
    body = text[start : start + BODY].lstrip(b"\x00\t\n\x0c\r ")
    if not body.startswith(b"<<"):
        return re.split(rb"[\]<]|endobj", body)[0].strip()
    depth = 0
    for match in re.finditer(rb"<<|>>", body):
        depth += 1 if match[0] == b"<<" else -1
        if depth == 0:
            return body[: match.end()]
    return body


@dataclass(frozen=True, slots=True)
class PackedObjects:
    """An object stream's text: pairs of number and place, then the objects. ``firsts``: where those may begin."""

    text: bytes
    firsts: frozenset[int]

    def bodies(self, number: int) -> Iterator[bytes]:
        head = PAIRS.match(self.text)
        words = head[0].replace(b"\x00", b" ").split() if head else []
        for word, place in zip(words[::2], words[1::2], strict=False):
            if int(word) == number:
                for first in {*self.firsts, len(head[0]) if head else 0}:
                    yield dictionary(self.text, first + int(place))


def packed_objects(text: bytes, content: bytes) -> Iterator[PackedObjects]:
    """What object streams unpack to, in all. RefusedFileError for one that can't be looked into, or for too much."""
    left = UNPACKED
    words = list(STREAM.finditer(content))
    if len(words) > STREAMS:
        raise RefusedFileError("PDFの中身が多すぎます。ページを分けて保存し直してください。")
    since = 0
    for word, following in zip(words, [*words[1:], None], strict=False):
        end = following.start() if following else len(content)
        if content[word.start() - 3 : word.start()] == b"end":
            continue
        # All since the last stream began: a dictionary may hold the words that end objects, and be of any length.
        before = plain_names(content[since : word.start()])
        since = word.end()
        firsts = frozenset(int(match[1]) for match in FIRST.finditer(before))
        nearest = before.rsplit(b"obj", 1)[-1]
        marked = b"/ObjStm" in before or bool(firsts) or (b"/First" in nearest and b"/N" in nearest)
        readable = PACKED.match(unpack(content, word.end(), end, left=BITE)) is not None
        if marked and (not readable or PREDICTED.search(before)):
            raise RefusedFileError(UNCHECKED)
        if readable:
            unpacked = unpack(content, word.end(), end, left=left)
            left -= len(unpacked)
            yield PackedObjects(plain_names(unpacked), firsts)
        if left <= 0:
            raise RefusedFileError("PDFの中身が大きすぎます。ページを分けて保存し直してください。")


def unpack(content: bytes, start: int, end: int, *, left: int) -> bytes:
    """The stream's first ``left`` bytes, whatever its dictionary says of filters and length; as it is if unpacked.

    ``end``: the next word "stream"; a deflated one ends by itself.
    """
    if is_deflated(content[start : start + 2]):
        return inflate(memoryview(content)[start + 2 :], left=left)
    body = content[start : min(end, start + 4 * left)].removesuffix(b"end").strip()
    if re.fullmatch(rb"[\s0-9A-Fa-f]+>?", body) and b">" in body[-1:]:
        digits = b"".join(body.rstrip(b">").split())
        body = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    elif not PACKED.match(body):
        try:
            body = base64.a85decode(body.removeprefix(b"<~").split(b"~>")[0])
        except ValueError:
            return b""
    return inflate(memoryview(body)[2:], left=left) if is_deflated(body[:2]) else body[:left]


def is_deflated(head: bytes) -> bool:
    return len(head) == 2 and head[0] & 0x0F == 8 and (head[0] * 256 + head[1]) % 31 == 0


def inflate(raw: memoryview, *, left: int) -> bytes:
    """Without the checksum, up to a fault: readers show what came before one, so that it counts."""
    machine = zlib.decompressobj(-15)
    out = bytearray()
    for at in range(0, len(raw), BITE):
        before = machine.copy()
        try:
            out += machine.decompress(raw[at : at + BITE], left - len(out) + 1)
        except zlib.error:
            return bytes(out + up_to_the_fault(before, raw[at : at + BITE], left - len(out) + 1))
        if machine.eof or len(out) >= left:
            break
    return bytes(out)


def up_to_the_fault(machine: Any, bite: memoryview, left: int) -> bytes:
    out = bytearray()
    try:
        for at in range(len(bite)):
            if len(out) < left:
                out += machine.decompress(bite[at : at + 1], left - len(out))
    except zlib.error:
        pass
    return bytes(out)
