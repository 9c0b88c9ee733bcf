"""One spelling for the words of a closed list, however a register writes them. Pure."""

from collections.abc import Iterable, Mapping

from dxportal.core.names import name_key


def word_key(text: str) -> str:
    """Without width, case, spaces, brackets, dots and dashes: 「業務改革(BPR)」 is 「業務改革（ＢＰＲ）」."""
    return "".join(letter for letter in name_key(text) if letter.isalnum())


def by_spelling(*lists: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Spelling → code out of (code, name) of lists of which the earlier come first; codes may be written too."""
    known: dict[str, str] = {}
    for pairs in lists:
        for code, name in pairs:
            known.setdefault(word_key(name), code)
    for pairs in lists:
        for code, _ in pairs:
            known.setdefault(word_key(code), code)
    return known


def codes_in(parts: list[str], known: Mapping[str, str]) -> tuple[list[str], str]:
    """The codes of words that stood between separators, and the first that is none. A word may hold a separator itself:
    as many parts as make a word are one."""
    codes: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            if code := known.get(word_key("".join(parts[start:end]))):
                codes.append(code)
                start = end
                break
        else:
            return codes, parts[start]
    return codes, ""
