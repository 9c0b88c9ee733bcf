"""Words that stand for one another, read from a reviewed file and looked up by word sequence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dxportal.core.textsearch.analysis import Word, WordKind, words

SAME, RELATED = "same", "related"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; ``content`` says of each whether it carries meaning by itself."""

    lexemes: tuple[str, ...]
    content: tuple[bool, ...]

    @property
    def meaning(self) -> tuple[str, ...]:
        return tuple(lexeme for lexeme, is_content in zip(self.lexemes, self.content, strict=True) if is_content)


@dataclass(slots=True)
class Thesaurus:
    """``entries``: word sequence → the phrases that it may be replaced by, each with how alike it is."""

    entries: dict[tuple[str, ...], dict[Phrase, str]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def longest_at(self, sequence: Sequence[Word], at: int) -> int:
        """How many words from ``at`` on are the longest known sequence; 0 where there is none."""
        reach = min(self.longest.get(sequence[at].lexeme, 0), len(sequence) - at)
        for length in range(reach, 0, -1):
            if tuple(word.lexeme for word in sequence[at : at + length]) in self.entries:
                return length
        return 0

    def others(self, lexemes: tuple[str, ...]) -> Mapping[Phrase, str]:
        return self.entries.get(lexemes, {})

    def link(self, phrase: Phrase, others: Iterable[Phrase], kind: str) -> None:
        """A word that means the same is never made merely related again."""
        if not phrase.lexemes:
            return
        known = self.entries.setdefault(phrase.lexemes, {})
        for other in others:
            if other.lexemes and other != phrase and known.get(other) != SAME:
                known[other] = kind
        first = phrase.lexemes[0]
        self.longest[first] = max(self.longest.get(first, 0), len(phrase.lexemes))


def phrase_of(sequence: Iterable[Word]) -> Phrase:
    """The words up to the last that says something by itself, symbols and a particle in front left out."""
    kept = [word for word in sequence if word.kind != WordKind.SYMBOL]
    while kept and kept[0].kind == WordKind.PARTICLE:
        kept.pop(0)
    while kept and kept[-1].kind == WordKind.PARTICLE:
        kept.pop()
    return Phrase(tuple(word.lexeme for word in kept), tuple(word.kind.is_content for word in kept))


def read(groups: Iterable[Mapping[str, Any]]) -> Thesaurus:
    """From rows ``{words: […], kind}`` and one-way rows ``{from: […], to: […], kind}``."""
    same = Thesaurus()
    leads = Thesaurus()
    for row in groups:
        if "from" in row:
            ends = _phrases(row["to"])
            for phrase in _phrases(row["from"]):
                leads.link(phrase, ends, RELATED)
        else:
            phrases = _phrases(row["words"])
            for phrase in phrases:
                same.link(phrase, phrases, SAME)
    # What a word leads to, its synonyms lead to as well, and to the synonyms of that; nearest first.
    joined = Thesaurus(dict(same.entries), dict(same.longest))
    for lexemes in {**same.entries, **leads.entries}:
        alike = same.others(lexemes)
        ends = [end for start in (lexemes, *(other.lexemes for other in alike)) for end in leads.others(start)]
        beyond = [other for end in ends for other in same.others(end.lexemes)]
        joined.entries[lexemes] = dict(alike)
        joined.link(Phrase(lexemes, ()), [end for end in (*ends, *beyond) if end.lexemes != lexemes], RELATED)
    return joined


def _phrases(texts: Iterable[str]) -> list[Phrase]:
    return [phrase_of(words(text)) for text in texts]
