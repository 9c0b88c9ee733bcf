"""Builds PostgreSQL text-search values by hand: the database never analyses Japanese.

A vector holds three kinds of lexemes, told apart by their first letter or a space, so that none can be mistaken:
words as they stand (with positions, particles too, so that phrases are exact), pairs of neighbouring content words
("電子 決裁": a compound is found without reading the row again), and marked keys ("=酒田市") that no text can hold.
"""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dxportal.core.textsearch.analysis import LONGEST_WORD, WordKind, units

PAIR = " "
LAST_POSITION = 16_000  # PostgreSQL counts to 16,383
GAP = 3  # words of two parts of a document are never neighbours


@dataclass(slots=True)
class Document:
    """What is to be indexed: (weight A–D, text), and keys that are matched as a whole, by weight.

    ``derived``: words that hold true without being written; they are found by ranking, never by an exact term.
    """

    texts: Sequence[tuple[str, str]]
    keys: Collection[tuple[str, str]] = ()
    derived: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class Built:
    """``literal`` is a tsvector; ``spoken`` has for each of the document's nouns, as written, its reading."""

    literal: str
    spoken: dict[str, str]


# Every step of the loops below runs some hundred times a document: what can be looked up is not computed.
_PLACES = {weight: tuple(f"{n}{weight}" for n in range(LAST_POSITION + 1)) for weight in "ABCD"}
_SYMBOL = WordKind.SYMBOL
_NOUN = WordKind.NOUN
_ACTION = WordKind.ACTION


def build(document: Document) -> Built:
    places: dict[str, str] = {}
    spoken: dict[str, str] = {}
    position = 1
    for weight, text in document.texts:
        if text:
            position = _place(text, weight, position, places, spoken) + GAP
    for weight, text in document.derived:
        for lexeme in _derived(text):
            _add(places, lexeme, f"1{weight}")
    for weight, key in document.keys:
        _add(places, key, f"1{weight}")
    # PostgreSQL keeps the first 255 places of each.
    if _needs_escape("".join(places)):
        return Built(" ".join([f"{quote(lexeme)}:{at}" for lexeme, at in places.items()]), spoken)
    return Built(" ".join([f"'{lexeme}':{at}" for lexeme, at in places.items()]), spoken)


def _place(text: str, weight: str, position: int, places: dict[str, str], spoken: dict[str, str]) -> int:
    before = joined = ""  # the content word before, and the katakana words that the next one follows
    before_at = 0
    at = _PLACES[weight]
    known = places.get
    for lexeme, kind, written, reading, katakana in units(text):
        position += 1
        if kind == _SYMBOL:
            continue
        here = at[position] if position < LAST_POSITION else at[LAST_POSITION]
        earlier = known(lexeme)
        places[lexeme] = f"{earlier},{here}" if earlier else here
        if kind < _NOUN:
            continue
        if kind <= _ACTION:
            spoken[written] = reading
        # A katakana compound is misspelt as a whole (マイナンパーカード).
        if katakana:
            joined = joined if before_at == position - 1 else ""
            whole = f"{joined}{written}"[:LONGEST_WORD]
            spoken[whole] = whole
            joined += reading  # with the long mark that the end of a word goes without
        else:
            joined = ""
        if before_at == position - 1:
            pair = f"{before}{PAIR}{lexeme}"
            earlier = known(pair)
            places[pair] = f"{earlier},{here}" if earlier else here
        before, before_at = lexeme, position
    return position


@functools.lru_cache(maxsize=1000)
def _derived(text: str) -> tuple[str, ...]:
    """Under a mark of their own, with the pairs of theirs. The same few texts again and again."""
    lexemes: list[str] = []
    before = ""
    for lexeme, kind, *_ in units(text):
        if not kind.is_content:
            before = ""
            continue
        lexemes.append(derived(lexeme))
        if before:
            lexemes.append(derived(f"{before}{PAIR}{lexeme}"))
        before = lexeme
    return tuple(lexemes)


def _add(places: dict[str, str], lexeme: str, here: str) -> None:
    earlier = places.get(lexeme)
    places[lexeme] = f"{earlier},{here}" if earlier else here


def derived(lexeme: str) -> str:
    return f"~{lexeme}"


def key(mark: str, name: str) -> str:
    """A lexeme that only another key of this mark equals."""
    return f"{mark}{name[:LONGEST_WORD]}"


def quote(lexeme: str) -> str:
    if _needs_escape(lexeme):
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"


def _needs_escape(text: str) -> bool:
    return "'" in text or "\\" in text


def phrase(lexemes: Sequence[str]) -> str:
    """A tsquery: these words, one right after the other."""
    return "(" + " <-> ".join(map(quote, lexemes)) + ")" if len(lexemes) > 1 else quote(lexemes[0])


def all_of(queries: Iterable[str]) -> str:
    return " & ".join(f"({query})" for query in queries)


def any_of(queries: Iterable[str]) -> str:
    return " | ".join(f"({query})" for query in queries)
