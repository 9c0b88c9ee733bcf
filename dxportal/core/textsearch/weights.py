"""Every number that the ranking depends on, in one place. Change them with ``evaluate_search`` at hand."""

from dataclasses import dataclass

from dxportal.core.textsearch.analysis import WordKind


@dataclass(frozen=True, slots=True)
class Weights:
    """How a document is scored. Unless said otherwise from 0 to 1."""

    # What an alternative of a word counts, against the word itself.
    same: float = 0.86  # a synonym
    related: float = 0.45  # a word that the query's word leads to
    loose: float = 0.5  # all words of a fixed phrase, but apart
    known: float = 0.5  # from here on a hit counts as one of the word itself (for how rare it is)
    # A compound whose parts stand apart, or only some of them, reaches this share of their mass.
    apart: float = 0.7
    # Where a word stands: in a text of class A (title, organisation), B, C, D.
    classes: tuple[float, float, float, float] = (0.6, 0.4, 0.2, 0.08)
    # A hit's share that doesn't depend on where and how often it stands.
    base: float = 0.15
    # Share of the query's mass that the best document must hold, otherwise nothing is an answer;
    answer: float = 0.3
    # … where a noun of the query is not in the library at all;
    answer_unknown: float = 0.45
    # and what each document must hold: of the query's mass, and of what the best one reaches.
    coverage: float = 0.12
    behind_best: float = 0.2
    # How many of the best by coverage are ranked by where and how often their words stand.
    ranked: int = 300
    # Alternatives of one compound that are looked up.
    most_compounds: int = 12

    def importance(self, kind: WordKind) -> float:
        """How much a word of the query weighs, besides how rare it is."""
        return IMPORTANCE.get(kind, 1.0)


IMPORTANCE = {
    WordKind.ACTION: 0.9,
    WordKind.AFFIX: 0.1,
    WordKind.NUMBER: 0.3,
    WordKind.VERB: 0.5,
    WordKind.ADJECTIVE: 0.4,
    WordKind.ADVERB: 0.1,
}
WEIGHTS = Weights()
