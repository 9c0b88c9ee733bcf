"""Why a file is not taken, and marks of what must not be inside another file. Pure."""

import io
import re
import zipfile

# What a part of a document may not begin with: a document or program of its own, whatever the part is called.
FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "埋め込まれたオブジェクトまたはマクロ"),
    (b"PK\x03\x04", "埋め込まれたファイル"),
    (b"%PDF-", "埋め込まれたファイル"),
    (b"Rar!", "埋め込まれたファイル"),
    (b"7z\xbc\xaf\x27\x1c", "埋め込まれたファイル"),
    (b"{\\rtf", "埋め込まれたファイル"),
    (b"MZ", "埋め込まれたプログラム"),
    (b"\x7fELF", "埋め込まれたプログラム"),
    (b"#!", "埋め込まれたプログラム"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "埋め込まれたプログラム"),
    (b"ITSF", "埋め込まれたプログラム"),
)
HEAD = 1024  # bytes in which readers look for a beginning
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe|\?php)\b", re.IGNORECASE)


class RefusedFileError(ValueError):
    """``str(error)`` is the sentence for the screen."""


def contains(what: str, advice: str) -> RefusedFileError:
    """The refusal of a file with something in it that the portal doesn't hand on: what it is and what to do."""
    return RefusedFileError(f"{what}が含まれているため添付できません。{advice}")


def refuse_two_faces(content: bytes, *, markup_within: int) -> None:
    """A file that another program would read as something else: an archive at its end, a page or PDF at its beginning.

    ``markup_within``: in how many of the first bytes no mark-up may stand.
    """
    advice = "元のファイルから保存し直してください。"
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise contains("別の形式のファイル（ZIP）", advice)
    if b"%PDF-" in content[1:HEAD]:
        raise contains("別の形式のファイル（PDF）", advice)
    if MARKUP.search(content, 0, markup_within):
        raise contains("別の形式のファイル（HTMLまたはスクリプト）", advice)
