"""Builds PostgreSQL text-search values by hand: the database never analyses Japanese.

A vector holds three kinds of lexemes, told apart by their first letter or a space, so that none can be mistaken:
words as they stand (with positions, particles too, so that phrases are exact), pairs of neighbouring content words
("電子 決裁": a compound is found without reading the row again), and marked keys ("=酒田市") that no text can hold.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dxportal.core.textsearch.analysis import LONGEST_WORD, Kind, units
from dxportal.core.textsearch.folding import is_katakana

PAIR = " "
LAST_POSITION = 16_000  # PostgreSQL counts to 16,383
MOST_PLACES = 255  # of one lexeme; PostgreSQL's own bound
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
    """``literal`` is a tsvector; ``spoken`` has (word as written, reading) of the document's nouns."""

    literal: str
    spoken: set[tuple[str, str]]


def build(document: Document) -> Built:
    places: dict[str, list[str]] = {}
    spoken: set[tuple[str, str]] = set()
    position = 1
    for weight, text in document.texts:
        if text:
            position = _place(text, weight, position, places, spoken) + GAP
    for weight, text in document.derived:
        _derive(text, weight, places)
    for weight, key in document.keys:
        places.setdefault(key, []).append(f"1{weight}")
    return Built(_literal(places), spoken)


def _place(text: str, weight: str, position: int, places: dict, spoken: set) -> int:
    before, before_at, joined = "", 0, ""
    for lexeme, kind, sound in units(text):
        position += 1
        if kind == Kind.SYMBOL:
            continue
        here = f"{min(position, LAST_POSITION)}{weight}"
        places.setdefault(lexeme, []).append(here)
        if kind < Kind.NOUN:
            continue
        if kind == Kind.NOUN:
            spoken.add(sound)
        # A katakana compound is misspelt as a whole (マイナンパーカード).
        if is_katakana(sound[0]):
            joined = (joined if before_at == position - 1 else "") + sound[0]
            spoken.add((joined[:LONGEST_WORD], joined[:LONGEST_WORD]))
        else:
            joined = ""
        if before_at == position - 1:
            places.setdefault(f"{before}{PAIR}{lexeme}", []).append(here)
        before, before_at = lexeme, position
    return position


def _derive(text: str, weight: str, places: dict) -> None:
    """Under a mark of their own, with the pairs of theirs."""
    before = ""
    for lexeme, kind, _ in units(text):
        if not kind.is_content:
            before = ""
            continue
        places.setdefault(derived(lexeme), []).append(f"1{weight}")
        if before:
            places.setdefault(derived(f"{before}{PAIR}{lexeme}"), []).append(f"1{weight}")
        before = lexeme


def _literal(places: dict[str, list[str]]) -> str:
    return " ".join([f"{quote(lexeme)}:{','.join(found[:MOST_PLACES])}" for lexeme, found in places.items()])


def derived(lexeme: str) -> str:
    return f"~{lexeme}"


def key(mark: str, name: str) -> str:
    """A lexeme that only another key of this mark equals."""
    return f"{mark}{name[:LONGEST_WORD]}"


def quote(lexeme: str) -> str:
    if "'" in lexeme or "\\" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"


def phrase(lexemes: Sequence[str]) -> str:
    """A tsquery: these words, one right after the other."""
    return "(" + " <-> ".join(map(quote, lexemes)) + ")" if len(lexemes) > 1 else quote(lexemes[0])


def all_of(queries: Iterable[str]) -> str:
    return " & ".join(f"({one})" for one in queries)


def any_of(queries: Iterable[str]) -> str:
    return " | ".join(f"({one})" for one in queries)
