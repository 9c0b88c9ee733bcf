"""Shows where a query's words stand in a text: pieces for the page to mark, and a stretch worth showing."""

from collections.abc import Iterable
from typing import Any

from casestudies.domain.search.query.understanding import Reading
from dxportal.core.textsearch import marking

Pieces = list[tuple[str, bool]]

FIELDS = ("summary", "actions", "approach", "outcome", "issue", "points")


def highlight(reading: Reading, text: str) -> Pieces:
    """The text in pieces, each with whether it is something that was sought."""
    return marking.pieces(text, marking.spans(text, _sought(reading)))


def snippet(reading: Reading, case: Any, length: int = 120) -> Pieces:
    """About ``length`` characters of the case that hold most of what was sought; else the summary's beginning."""
    sought = _sought(reading)
    best, best_spans, best_worth = case.summary, [], 0.0
    for order, name in enumerate(FIELDS):
        text = getattr(case, name)
        if not text:
            continue
        spans = marking.spans(text, sought)
        worth = len({span.sought for span in spans}) - order * 0.1
        if spans and worth > best_worth:
            best, best_spans, best_worth = text, spans, worth
    return marking.excerpt(best, best_spans, length)


def _sought(reading: Reading) -> Iterable[marking.Sought]:
    return marking.sought_of(reading.concepts)
