"""What else to try where a search finds nothing: fewer words, fewer conditions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casestudies.domain.search.filters import SearchFilters

if TYPE_CHECKING:
    from casestudies.domain.search.search import SearchResult

MOST_TRIALS = 6
NEAR = "near"


@dataclass(frozen=True, slots=True)
class Retry:
    """A search that would find ``count``: its text, its filters and the codes that it ignores.

    ``label``: the words left, or what is left out: a facet's key, NEAR, or a wish in words.
    """

    label: str
    count: int
    text: str
    filters: SearchFilters
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Retries:
    """``unknown``: words that nothing in the library holds; the retries find something, those with most first."""

    unknown: tuple[str, ...] = ()
    fewer_words: tuple[Retry, ...] = ()
    wider: tuple[Retry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unknown or self.fewer_words or self.wider)


def retries(result: "SearchResult") -> Retries:
    """Runs at most a dozen further searches."""
    known = result.known_units()
    unknown = tuple(
        unit.label for number, (_, unit) in enumerate(result.units()) if not unit.whole and not known.get(number)
    )
    return Retries(unknown, _successful(with_fewer_words(result)), _successful(with_fewer_conditions(result)))


def with_fewer_words(result: "SearchResult") -> list[Retry]:
    concepts = result.reading.concepts
    labels = [concept.label for concept in concepts]
    if len(labels) < 2:
        labels = list(dict.fromkeys(unit.label for concept in concepts for unit in concept.parts))
    return [_retry(result, label, label, result.filters) for label in labels[:MOST_TRIALS]] if len(labels) > 1 else []


def with_fewer_conditions(result: "SearchResult") -> list[Retry]:
    text = result.text
    filters = result.filters
    tries = [_retry(result, key, text, filters.without(key)) for key in list(filters.chosen)[:MOST_TRIALS]]
    if filters.near:
        tries.append(_retry(result, NEAR, text, replace(filters, near=None)))
    return tries + [_retry(result, wish.label, text, filters, frozenset({wish.code})) for wish in result.reading.wishes]


def _retry(
    result: "SearchResult", label: str, text: str, filters: SearchFilters, ignored: frozenset[str] = frozenset()
) -> Retry:
    ignored = result.ignored | ignored
    return Retry(label, result.again(text, filters, ignored).count, text, filters, ignored)


def _successful(tries: Iterable[Retry]) -> tuple[Retry, ...]:
    return tuple(sorted((retry for retry in tries if retry.count), key=lambda retry: -retry.count))
