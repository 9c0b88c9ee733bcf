"""What narrows a search down besides its words, as plain values and as SQL on the index rows ``i``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from psycopg.sql import SQL, Composable

from casestudies.domain.search.query.wishes import SizeWish
from casestudies.enums import PlaceKind
from dxportal.core.organizations.domain.called import NAME
from dxportal.core.textsearch.folding import name_key
from dxportal.core.textsearch.matching import TRUE
from dxportal.core.textsearch.vectors import any_of, key, quote

SIMILAR_SIZE = 2.0  # up to twice or half the population is like one's own
PREFERENCE = 0.12  # added to a score of at most 1 for each preference that a case meets
SELECTED = ("documents:001", "documents:003")  # collections of model cases
SELECTION = 0.2  # likewise, for a case of theirs
MOST_PERSONS = 2_000_000_000  # of the database's integers

# Unknown populations are −1, so that every comparison of a size leaves them out.
SOME_PLACE = SQL(
    "EXISTS (SELECT FROM unnest(i.populations, i.kinds) AS i_place (population, kind) WHERE {sort}{condition})"
)
# How many times larger or smaller the nearest organisation of the case is, as a logarithm: half is as far as double.
DISTANCE = SQL(
    "(SELECT min(abs(ln(i_place.population / {population}::float))) FROM unnest(i.populations, i.kinds) "
    "AS i_place (population, kind) WHERE i_place.population > 0 AND {sort})"
)
BETWEEN = SQL(" AND i_place.population BETWEEN {low} AND {high}")


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Whom the searcher works for: population in persons or None, prefecture's name, PlaceKind."""

    population: int | None = None
    prefecture: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """``chosen``: a facet's key → its chosen values; any of a facet's, and all facets. ``near``: places like this one."""

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    near: Standpoint | None = None

    def __post_init__(self) -> None:
        chosen = {key: frozenset(map(str, values)) for key, values in self.chosen.items() if values}
        object.__setattr__(self, "chosen", chosen)

    def without(self, key: str) -> "SearchFilters":
        return replace(self, chosen={other: values for other, values in self.chosen.items() if other != key})


def both(conditions: Iterable[Composable]) -> Composable:
    joined = list(conditions)
    return SQL(" AND ").join(joined) if joined else TRUE


def facets_hold(chosen: Mapping[str, frozenset[str]]) -> Composable:
    return both(facet_holds(key, values) for key, values in chosen.items())


def facet_holds(key: str, values: Iterable[str]) -> Composable:
    """The database takes no text with a NUL; no case holds such a value either."""
    # Sorted: the same choice is the same statement, in whatever order a set gives its values.
    return SQL("i.facets && {}::text[]").format(sorted(f"{key}:{value}" for value in values if "\0" not in value))


def is_near(standpoint: Standpoint) -> Composable:
    """Of the same sort (a prefecture among prefectures), and of about the same population where it is known."""
    size: Composable = SQL("")
    if standpoint.population is not None:
        low = round(standpoint.population / SIMILAR_SIZE)
        size = BETWEEN.format(low=low, high=round(standpoint.population * SIMILAR_SIZE))
    return SOME_PLACE.format(sort=_same_sort(standpoint.kind), condition=size)


def distance(standpoint: Standpoint) -> Composable:
    """A column to sort by; NULL where either population is not known."""
    if not standpoint.population:
        return SQL("NULL::float")
    return DISTANCE.format(population=standpoint.population, sort=_same_sort(standpoint.kind))


def wishes_hold(wishes: Iterable[SizeWish]) -> Composable:
    return both(map(_wish_holds, wishes))


def preferences(wishes: Iterable[SizeWish]) -> Composable:
    """What is added to the score of a case for the wishes that it meets, and where a ministry chose it as a model."""
    boosts = [SQL("CASE WHEN {} THEN {} ELSE 0 END").format(_wish_holds(wish), PREFERENCE) for wish in wishes]
    model = SQL("CASE WHEN i.facets && {}::text[] THEN {}::float ELSE 0 END").format(list(SELECTED), SELECTION)
    return SQL(" + ").join([*boosts, model])


def _wish_holds(wish: SizeWish) -> Composable:
    if wish.names:
        names = any_of(quote(key(NAME, name_key(name))) for name in wish.names)
        return SQL("i.vector @@ {}::tsquery").format(names)
    if wish.low is None and wish.high is None:
        return SQL("i.kinds && {}::text[]").format(list(wish.kinds))
    kind = PlaceKind.PREFECTURE if PlaceKind.PREFECTURE in wish.kinds else ""
    size = BETWEEN.format(low=wish.low or 0, high=MOST_PERSONS if wish.high is None else wish.high)
    return SOME_PLACE.format(sort=_same_sort(kind), condition=size)


def _same_sort(kind: str) -> Composable:
    return SQL("i_place.kind {} 'prefecture'").format(SQL("=" if kind == PlaceKind.PREFECTURE else "<>"))
