"""Characters that nobody sees, or that turn the order of others: no text may hold them. Pure: no Django.

Kept: line ends and tabs, variation selectors (葛󠄀 is another form of 葛), joiners inside an emoji, and the private area,
in which offices keep their own kanji.
"""

import re
import unicodedata

NAMES = {
    0x00AD: "ソフトハイフン",
    0x061C: "文字の向きを変える制御文字",
    0x180E: "ゼロ幅の空白",
    0x200B: "ゼロ幅の空白",
    0x200C: "ゼロ幅の文字",
    0x200D: "ゼロ幅の文字",
    0x200E: "文字の向きを変える制御文字",
    0x200F: "文字の向きを変える制御文字",
    0x2028: "特殊な改行",
    0x2029: "特殊な改行",
    0xFEFF: "ゼロ幅の空白",
} | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "文字の向きを変える制御文字")
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ud800-\udfff\ufffe\uffff]"
    # A joiner joins pictures; anywhere else it only makes two words out of what looks like one.
    "|(?<![\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff\ufe0f])\u200d"
    # A variation selector belongs to a letter before it.
    "|(?:(?<=\\s)|^)[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# What one line can't hold: by a box of one line no browser sends it.
LINE_ENDS = re.compile("[\n\r\x85]")
AROUND = 10


def line_end(text: str) -> str:
    """The sentence for a line end within what is one line; "" where there is none."""
    return "改行が入っています。1行で入力してください。" if LINE_ENDS.search(text.strip()) else ""


def unseen(text: str) -> str:
    """The sentence that names the first such character of the text and its place; "" where there is none."""
    match = UNSEEN.search(text)
    if match is None:
        return ""
    code = ord(match[0])
    name = NAMES.get(code) or ("制御文字" if unicodedata.category(match[0]) == "Cc" else "表示されない文字")
    before = " ".join(UNSEEN.sub("", text[: match.start()]).split())[-AROUND:]
    place = f"「{before}」のすぐ後" if before else "先頭"
    return (
        f"{place}に、使えない文字（{name}、U+{code:04X}）が入っています。画面には見えません。"
        "その前後の文字ごと消して、入力し直してください。"
    )
