"""What a PDF carries besides its pages: scripts, programs to start, files inside. Pure.

Names are looked for in all bytes, not only where the file's own tables say that objects are: tables can lie. Objects may
be packed into compressed streams, and any letter of a name may be written as ``#xx``; both are undone first.
"""

import base64
import re
import zlib
from collections.abc import Iterator
from typing import Any

from dxportal.core.files.refusal import HEAD, RefusedFileError, contains, refuse_two_faces

OPENINGS = 5
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
OPENING = re.compile(
    rb"/OpenAction" + GAP + rb"(?:(\[|null)|(\d+)" + GAP + rb"\d+" + GAP + rb"R|(<<.{0,500}))", re.DOTALL
)
HARMLESS = {b"GoTo", b"Named"}
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
ADVICE = "元の文書からPDFとして保存し直すか、印刷の画面で「PDFに出力」してください。"


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
    texts.extend(plain_names(packed) for packed in packed_objects(texts[0], content))
    for text in texts:
        if any(mark in text for mark in MARKS) and (match := FORBIDDEN.search(text)):
            name = next(group for group in match.groups() if group)
            raise contains(WORDS.get(name, "動画・音声などの埋め込み"), ADVICE)
    openings = {match[0]: match for text in texts for match in OPENING.finditer(text)}
    if len(openings) > OPENINGS:
        raise contains("開いたときに自動で行う操作", ADVICE)
    for match in openings.values():
        refuse_opening(match, texts)


def plain_names(data: bytes) -> bytes:
    """With ``#xx`` of names undone: ``/J#61vaScript``."""
    text, number = ESCAPE.subn(lambda match: bytes([int(match[1], 16)]), data, count=ESCAPES)
    if number == ESCAPES:
        raise RefusedFileError(f"PDFの中に、内容を確認できない部分があるため添付できません。{ADVICE}")
    return text


def refuse_opening(match: re.Match[bytes], texts: list[bytes]) -> None:
    """To open a PDF at a page is usual; anything else that begins by itself is not."""
    if match[1]:
        return
    bodies = [match[3]] if match[3] else []
    if match[2]:
        definition = re.compile(rb"(?<!\d)" + match[2] + rb"[\x00\s]+\d+[\x00\s]+obj(.{0,500})", re.DOTALL)
        bodies = [body[1] for text in texts for body in definition.finditer(text)]
    for body in bodies:
        kinds = set(re.findall(rb"/S" + GAP + rb"/(\w+)", body.split(b"endobj")[0]))
        if kinds - HARMLESS:
            raise contains("開いたときに自動で行う操作", ADVICE)


def packed_objects(text: bytes, content: bytes) -> Iterator[bytes]:
    """What object streams unpack to, in all. RefusedFileError for one that can't be looked into, or for too much."""
    left = UNPACKED
    words = list(STREAM.finditer(content))
    if len(words) > STREAMS:
        raise RefusedFileError("PDFの中身が多すぎます。ページを分けて保存し直してください。")
    for word, following in zip(words, [*words[1:], None], strict=False):
        end = following.start() if following else len(content)
        if content[word.start() - 3 : word.start()] == b"end":
            continue
        before = plain_names(content[max(0, word.start() - 2048) : word.start()]).rsplit(b"obj", 1)[-1]
        if PACKED.match(unpack(content, word.end(), end, left=BITE)):
            unpacked = unpack(content, word.end(), end, left=left)
            left -= len(unpacked)
            yield unpacked
        elif b"/ObjStm" in before or (b"/First" in before and b"/N" in before):
            raise RefusedFileError(f"PDFの中に、内容を確認できない部分があるため添付できません。{ADVICE}")
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
