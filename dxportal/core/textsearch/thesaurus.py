"""Words that stand for one another, read from a reviewed file and looked up by word sequence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dxportal.core.textsearch.analysis import Kind, Word, words

SAME, RELATED = "same", "related"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; ``content`` says of each whether it carries meaning by itself."""

    lexemes: tuple[str, ...]
    content: tuple[bool, ...]

    @property
    def meaning(self) -> tuple[str, ...]:
        return tuple(one for one, is_content in zip(self.lexemes, self.content, strict=True) if is_content)


@dataclass(slots=True)
class Thesaurus:
    """``entries``: word sequence → the phrases that it may be replaced by, each with how alike it is."""

    entries: dict[tuple[str, ...], dict[Phrase, str]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def longest_at(self, found: Sequence[Word], at: int) -> int:
        """How many words from ``at`` on are the longest known sequence; 0 where there is none."""
        reach = min(self.longest.get(found[at].lexeme, 0), len(found) - at)
        for length in range(reach, 0, -1):
            if tuple(one.lexeme for one in found[at : at + length]) in self.entries:
                return length
        return 0

    def others(self, lexemes: tuple[str, ...]) -> Mapping[Phrase, str]:
        return self.entries.get(lexemes, {})

    def add(self, group: Sequence[str], kind: str) -> None:
        phrases = [phrase_of(words(text)) for text in group]
        for one in phrases:
            self._link(one, phrases, kind)

    def lead(self, sources: Sequence[str], targets: Sequence[str], kind: str) -> None:
        ends = [phrase_of(words(text)) for text in targets]
        for text in sources:
            self._link(phrase_of(words(text)), ends, kind)

    def _link(self, one: Phrase, others: Sequence[Phrase], kind: str) -> None:
        if not one.lexemes:
            return
        known = self.entries.setdefault(one.lexemes, {})
        for other in others:
            if other.lexemes and other != one and known.get(other) != SAME:
                known[other] = kind
        first = one.lexemes[0]
        self.longest[first] = max(self.longest.get(first, 0), len(one.lexemes))


def phrase_of(found: Iterable[Word]) -> Phrase:
    """The words from the first to the last that carries meaning, symbols left out."""
    kept = [one for one in found if one.kind != Kind.SYMBOL]
    while kept and not kept[0].kind.is_content:
        kept.pop(0)
    while kept and kept[-1].kind in (Kind.PARTICLE, Kind.SYMBOL):
        kept.pop()
    return Phrase(tuple(one.lexeme for one in kept), tuple(one.kind.is_content for one in kept))


def read(groups: Iterable[Mapping[str, Any]]) -> Thesaurus:
    """From rows ``{words: […], kind}`` and one-way rows ``{from: […], to: […], kind}``."""
    made = Thesaurus()
    for row in groups:
        way = row.get("one_way") or row
        kind = row.get("kind", SAME)
        if "from" in way:
            made.lead(way["from"], way["to"], kind)
        else:
            made.add(row["words"], kind)
    return made
