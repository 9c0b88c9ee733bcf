"""Shows where a query's words stand in a text: pieces for the page to mark, and a stretch worth showing."""

from collections.abc import Sequence
from typing import Any

from casestudies.domain.search.query.understanding import QueryReading
from dxportal.core.textsearch import marking

Pieces = list[tuple[str, bool]]

FIELDS = ("summary", "actions", "approach", "outcome", "issue", "points")
LATER = 0.1  # of a concept: how much less a field's hits are worth than those of the field before


class Marker:
    """Marks what one query seeks, in any number of texts."""

    def __init__(self, reading: QueryReading):
        self.targets = marking.Targets(reading.concepts)

    def highlight(self, text: str) -> Pieces:
        """The text in pieces, each with whether it is something that was sought."""
        return marking.cut(text, self.targets.spans(text))

    def snippet(self, row: Any, length: int = 120, fields: Sequence[str] = FIELDS) -> Pieces:
        """About ``length`` characters of these texts that hold most of what was sought; else the first one's beginning."""
        best = getattr(row, fields[0])
        best_spans: list[marking.Span] = []
        best_worth = 0.0
        for order, name in enumerate(fields):
            # Not even a text that held everything would be better, here or further down.
            if best_worth >= self.targets.concepts - order * LATER:
                break
            text = getattr(row, name)
            if not text:
                continue
            spans = self.targets.spans(text)
            worth = len({span.concept for span in spans}) - order * LATER
            if spans and worth > best_worth:
                best = text
                best_spans = spans
                best_worth = worth
        return marking.excerpt(best, best_spans, length)
