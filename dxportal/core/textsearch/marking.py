"""Where the words of a query stand in a text, by the same analysis that found it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dxportal.core.textsearch.analysis import placed_words
from dxportal.core.textsearch.concepts import Concept

LEAST_GAIN = 0.4
LEAST_IMPORTANCE = 0.2  # of a word of the query; less says nothing
LONGEST_TEXT = 20_000  # characters that are looked at
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Target:
    """A word sequence that answers the concept of this number."""

    lexemes: tuple[str, ...]
    concept: int


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    concept: int


class Targets:
    """Everything that is marked for a query, by the first word; longest first, so that a compound is marked as one."""

    def __init__(self, concepts: Sequence[Concept]):
        targets = {
            Target(alternative.phrase.lexemes, number)
            for number, concept in enumerate(concepts)
            for unit in concept.units
            for alternative in unit.alternatives
            if alternative.phrase.lexemes and alternative.gain >= LEAST_GAIN and unit.importance > LEAST_IMPORTANCE
        }
        self.concepts = len({target.concept for target in targets})
        self.by_first: dict[str, list[Target]] = {}
        for target in sorted(targets, key=lambda target: (-len(target.lexemes), target.lexemes, target.concept)):
            self.by_first.setdefault(target.lexemes[0], []).append(target)

    def spans(self, text: str) -> list[Span]:
        """Stretches of the text that hold something sought; they don't overlap."""
        if not self.by_first:
            return []
        lexemes, starts, ends = placed_words(text[:LONGEST_TEXT])
        if self.by_first.keys().isdisjoint(lexemes):
            return []
        spans: list[Span] = []
        free = 0  # the first word that no span holds
        for at, lexeme in enumerate(lexemes):
            if at < free or lexeme not in self.by_first:
                continue
            for target in self.by_first[lexeme]:
                after = at + len(target.lexemes)
                if lexemes[at:after] == target.lexemes:
                    spans.append(Span(starts[at], ends[after - 1], target.concept))
                    free = after
                    break
        return spans


def cut(text: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """The text cut at the spans; put together the pieces are the text."""
    pieces = []
    at = 0
    for span in spans:
        if span.start > at:
            pieces.append((text[at : span.start], False))
        pieces.append((text[span.start : span.end], True))
        at = span.end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def excerpt(text: str, spans: Sequence[Span], length: int) -> list[tuple[str, bool]]:
    """The stretch of about ``length`` characters with most different concepts, begun at a sentence where possible."""
    start = best_start(text, spans, length)
    end = min(len(text), start + length)
    shown = [
        Span(span.start - start, span.end - start, span.concept)
        for span in spans
        if start <= span.start and span.end <= end
    ]
    pieces = cut(text[start:end], shown)
    if start:
        pieces.insert(0, (ELLIPSIS, False))
    if end < len(text):
        pieces.append((ELLIPSIS, False))
    return pieces


def best_start(text: str, spans: Sequence[Span], length: int) -> int:
    """Of a sentence with something sought, or a little before that where the sentence begins too far away."""
    if len(text) <= length or not spans:
        return 0
    starts = {0}
    for span in spans:
        sentence = max(text.rfind(mark, 0, span.start) for mark in "。！？\n") + 1
        is_far = span.start - sentence > length // 2
        starts.add(max(0, span.start - length // 4) if is_far else sentence)

    def worth(start: int) -> tuple[int, int, int]:
        inside = [span for span in spans if start <= span.start and span.end <= start + length]
        return len({span.concept for span in inside}), len(inside), -start

    return max(starts, key=worth)
