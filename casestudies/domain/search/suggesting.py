"""What else to try where a search finds nothing: fewer words, wider facets, other spellings."""

from dataclasses import dataclass, replace
from typing import Any

from casestudies.domain.search.filters import Filters

MOST_TRIALS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """A search that would find ``count``: its text, its filters and the codes that it ignores."""

    label: str
    count: int
    text: str
    filters: Filters
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Help:
    """``unknown``: words that nothing in the library holds; the steps find something, most first."""

    unknown: tuple[str, ...] = ()
    fewer_words: tuple[Step, ...] = ()
    wider: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unknown or self.fewer_words or self.wider)


def suggest(found: Any) -> Help:
    """``found``: a ``search.Found``. Runs at most a dozen further searches."""
    return Help(tuple(_unknown(found)), _found_only(_fewer(found)), _found_only(_wider(found)))


def _again(found: Any, label: str, text: str, filters: Filters, ignored: frozenset[str] = frozenset()) -> Step:
    ignored = found.ignored | ignored
    other = type(found)(found.user, text, filters, found.sort, ignored)
    return Step(label, other.count, text, filters, ignored)


def _found_only(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(sorted((step for step in steps if step.count), key=lambda step: -step.count))


def _unknown(found: Any) -> list[str]:
    known = found.known_units()
    return [unit.label for number, (_, unit) in enumerate(found.units()) if not unit.whole and not known.get(number)]


def _fewer(found: Any) -> list[Step]:
    labels = [concept.label for concept in found.reading.concepts]
    parts = list(dict.fromkeys(unit.label for concept in found.reading.concepts for unit in concept.parts))
    tried = labels if len(labels) > 1 else parts if len(parts) > 1 else []
    return [_again(found, label, label, found.filters) for label in tried[:MOST_TRIALS]]


def _wider(found: Any) -> list[Step]:
    steps = []
    for facet in list(found.filters.chosen())[:MOST_TRIALS]:
        empty = False if facet.startswith("has_") else frozenset()
        steps.append(_again(found, facet, found.text, replace(found.filters, **{facet: empty})))
    if found.filters.near:
        steps.append(_again(found, "near", found.text, replace(found.filters, near=None)))
    for wish in found.reading.wishes:
        steps.append(_again(found, wish.label, found.text, found.filters, frozenset({wish.code})))
    return steps
