"""Leaving the names of persons out of a text that others will read. Pure.

Names go where they are known (who attended, who belongs to the town, who supports it), with what is put after them; and
where a family name stands before a word by which persons are called (さん, 氏, 課長 …). A person reads the result before it
goes anywhere: what was left out is told, so that a word taken wrongly can be put back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dxportal.core.names import plain_letters

WHO = "担当者"
# By what persons are called. The longer ones first: 課長補佐 is not a 課長.
TITLES = (
    "課長補佐", "副課長", "副部長", "副市長", "副町長", "副村長", "副知事", "教育長", "主任主査", "係長", "課長", "部長", "局長", "室長",
    "次長", "参事", "主幹", "主査", "主任", "主事", "班長", "所長", "館長", "理事", "市長", "町長", "村長", "知事", "先生", "さん", "さま",
    "ちゃん", "くん", "様", "氏", "君", "殿",
)  # fmt: skip
CALLED = "|".join(TITLES)
KANJI = "\u3400-\u4dbf\u4e00-\u9fff々ヶヵ"
# A name before the word: kanji (with a given name after a space), or katakana as of people from abroad. Kanji in front
# of it would make it the end of a longer word.
BEFORE_TITLE = re.compile(
    rf"(?<![{KANJI}ァ-ヴー])((?:[{KANJI}]{{1,4}}(?:[ 　][{KANJI}]{{1,3}})?)|[ァ-ヴー]{{2,8}})({CALLED})(?![{KANJI}])"
)
# What stands before such a word and is nobody's name: offices, and who somebody is.
OFFICES = (
    "担当 総務 企画 財政 税務 市民 住民 福祉 建設 教育 情報 政策 行政 人事 広報 広聴 防災 環境 農林 産業 観光 議会 会計 保健 介護 健康 子育 "
    "水道 都市 管理 情報政策 情報管理 総務企画 企画財政 企画政策 企画調整 総合政策 業務改革 デジタル 県 市 町 村 課 係 部 局 室 原 原課"
)
ANYBODY = (
    "各 他 皆 同 前 元 現 新 副 両 職員 担当者 利用者 高齢者 町民 村民 県民 お客 客 業者 事業者 関係者 講師 委員 議員 奥 神 一 二 三 何 仕 多 "
    "王 模 様 有 無 異 左 右 今 後 外 内 上 下"
)
NO_NAMES = frozenset([*OFFICES.split(), *ANYBODY.split()])
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class ClearedText:
    """``dropped``: what was left out, each once, in the order of the text."""

    text: str
    dropped: tuple[str, ...]


def without_names(text: str, known: Iterable[str] = ()) -> ClearedText:
    """``known``: full names, family and given name apart by a space where that is known."""
    dropped: dict[str, None] = {}

    def leave_out(match: re.Match[str]) -> str:
        dropped.setdefault(match.group(0), None)
        return WHO

    def leave_out_named(match: re.Match[str]) -> str:
        if re.sub(r"[ 　]", "", match.group(1)) in NO_NAMES:
            return match.group(0)
        return leave_out(match)

    # The known ones are looked for in plain letters (髙橋 is 高橋), which are as many as those of the text.
    for pattern in patterns(known):
        text = replaced(text, pattern, leave_out)
    text = BEFORE_TITLE.sub(leave_out_named, text)
    return ClearedText(text, tuple(dropped))


def replaced(text: str, pattern: re.Pattern[str], leave_out: Callable[[re.Match[str]], str]) -> str:
    plain = letter_by_letter(text)
    if len(plain) != len(text):  # a letter that became two: looked for as it stands
        return pattern.sub(leave_out, text)
    parts = []
    last = 0
    for match in pattern.finditer(plain):
        # The words of the text itself, not their plain spelling, are what was left out.
        own = re.compile(re.escape(text[match.start() : match.end()])).match(text, match.start())
        parts += [text[last : match.start()], leave_out(own) if own else ""]
        last = match.end()
    return "".join([*parts, text[last:]])


def letter_by_letter(text: str) -> str:
    return "".join(plain_letters(letter) or letter for letter in text)


def patterns(known: Iterable[str]) -> list[re.Pattern[str]]:
    """The longest first: a full name goes before the family name that begins it."""
    forms: dict[str, bool] = {}
    for name in known:
        parts = [letter_by_letter(part) for part in re.split(r"[ 　]+", name.strip()) if part]
        if not parts or len("".join(parts)) < SHORTEST:
            continue
        forms[r"[ 　]*".join(map(re.escape, parts))] = False
        # A family name alone may begin the name of a place (山田町): only where no other kanji stands beside it.
        if len(parts) > 1 and len(parts[0]) >= SHORTEST:
            forms.setdefault(re.escape(parts[0]), True)
    titles = letter_by_letter(CALLED)
    return [
        re.compile(rf"(?<![{KANJI}]){form}(?:{titles}|(?![{KANJI}]))" if alone else rf"{form}(?:{titles})?")
        for form, alone in sorted(forms.items(), key=lambda item: -len(item[0]))
    ]
