"""Where the words of a query stand in a text, by the same analysis that found it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxportal.core.textsearch.analysis import Kind, Word, words
from dxportal.core.textsearch.concepts import Concept

LEAST_GAIN = 0.4
LONGEST_TEXT = 20_000  # characters that are looked at
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Sought:
    """A word sequence that answers the concept of this number."""

    lexemes: tuple[str, ...]
    concept: int


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    sought: int


def sought_of(concepts: Sequence[Concept]) -> list[Sought]:
    """Longest first, so that a compound is marked as one."""
    found = {
        Sought(one.phrase.lexemes, number)
        for number, concept in enumerate(concepts)
        for unit in concept.units
        for one in unit.alternatives
        if one.phrase.lexemes and one.gain >= LEAST_GAIN and unit.importance > 0.2
    }
    return sorted(found, key=lambda one: (-len(one.lexemes), one.lexemes, one.concept))


def spans(text: str, sought: Iterable[Sought]) -> list[Span]:
    """Stretches of the text that hold something sought; they don't overlap."""
    by_first: dict[str, list[Sought]] = {}
    for one in sought:
        by_first.setdefault(one.lexemes[0], []).append(one)
    found = [one for one in words(text[:LONGEST_TEXT]) if one.kind != Kind.SYMBOL]
    made, at = [], 0
    while at < len(found):
        match = next((one for one in by_first.get(found[at].lexeme, ()) if _stands(one, found, at)), None)
        if match is None:
            at += 1
            continue
        last = found[at + len(match.lexemes) - 1]
        made.append(Span(found[at].start, last.end, match.concept))
        at += len(match.lexemes)
    return made


def _stands(one: Sought, found: Sequence[Word], at: int) -> bool:
    return tuple(word.lexeme for word in found[at : at + len(one.lexemes)]) == one.lexemes


def pieces(text: str, found: Sequence[Span]) -> list[tuple[str, bool]]:
    """The text cut at the spans; put together the pieces are the text."""
    made, at = [], 0
    for span in found:
        if span.start > at:
            made.append((text[at : span.start], False))
        made.append((text[span.start : span.end], True))
        at = span.end
    if at < len(text):
        made.append((text[at:], False))
    return made


def excerpt(text: str, found: Sequence[Span], length: int) -> list[tuple[str, bool]]:
    """The stretch of about ``length`` characters with most different concepts, begun at a sentence where possible."""
    start = _best_start(text, found, length)
    end = min(len(text), start + length)
    kept = [
        Span(one.start - start, one.end - start, one.sought) for one in found if start <= one.start and one.end <= end
    ]
    made = pieces(text[start:end], kept)
    if start:
        made.insert(0, (ELLIPSIS, False))
    if end < len(text):
        made.append((ELLIPSIS, False))
    return made


def _best_start(text: str, found: Sequence[Span], length: int) -> int:
    if len(text) <= length or not found:
        return 0
    starts = {0} | {_sentence_start(text, one.start, length) for one in found}
    return max(sorted(starts), key=lambda start: (_worth(found, start, start + length), -start))


def _sentence_start(text: str, at: int, length: int) -> int:
    """The sentence's beginning, or a little before ``at`` where that is too far away."""
    begin = max(text.rfind(mark, 0, at) for mark in "。！？\n") + 1
    return begin if at - begin <= length // 2 else max(0, at - length // 4)


def _worth(found: Sequence[Span], start: int, end: int) -> tuple[int, int]:
    inside = [one for one in found if start <= one.start and one.end <= end]
    return len({one.sought for one in inside}), len(inside)
