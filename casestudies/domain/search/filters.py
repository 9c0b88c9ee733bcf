"""What narrows a search down besides its words, as plain values and as SQL on the index rows ``i``."""

# ruff: noqa: S608 -- what is put into the SQL are names of tables and columns; values are parameters

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from casestudies.domain.search.index_rows import NAME
from casestudies.domain.search.query.wishes import Wish
from casestudies.enums import PlaceKind
from dxportal.core.textsearch.folding import name_key
from dxportal.core.textsearch.matching import TRUE, ZERO, Sql
from dxportal.core.textsearch.vectors import any_of, key, quote

SIMILAR_SIZE = 2.0  # up to twice or half the population is like one's own
PREFERENCE = 0.12  # added to a score of at most 1 for each preference that a case meets
SELECTED = ("documents:001", "documents:003")  # collections of model cases
SELECTION = 0.2  # likewise, for a case of theirs


@dataclass(frozen=True, slots=True)
class Place:
    """Whom the searcher works for: population in persons or None, prefecture's name, PlaceKind."""

    population: int | None = None
    prefecture: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Chosen facet values: any of a facet's, and all facets. ``near``: only places like this one."""

    steps: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    prefectures: frozenset[str] = frozenset()
    bands: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    has_cost: bool = False
    has_figures: bool = False
    near: Place | None = None

    def chosen(self) -> dict[str, frozenset[str]]:
        """The facets in use and their values."""
        every = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "near"}
        every = {
            name: frozenset({"1"} if value else ()) if isinstance(value, bool) else value
            for name, value in every.items()
        }
        return {name: frozenset(map(str, values)) for name, values in every.items() if values}


FACETS = tuple(one.name for one in fields(Filters) if one.name != "near")


def both(conditions: Iterable[Sql]) -> Sql:
    joined = TRUE
    for one in conditions:
        joined = joined + Sql(" AND ") + one
    return joined


def facets_hold(chosen: Mapping[str, frozenset[str]]) -> Sql:
    return both(facet_holds(name, values) for name, values in chosen.items())


def facet_holds(name: str, values: Iterable[str]) -> Sql:
    return Sql("i.facets && %s::text[]", (sorted(f"{name}:{value}" for value in values if "\0" not in value),))


def is_near(place: Place) -> Sql:
    """Of the same sort (a prefecture among prefectures), and of about the same population where it is known."""
    sort = "=" if place.kind == "prefecture" else "<>"
    held = f"i_place.kind {sort} 'prefecture'"
    if place.population is None:
        return _some_place(Sql(held))
    low, high = round(place.population / SIMILAR_SIZE), round(place.population * SIMILAR_SIZE)
    return _some_place(Sql(f"{held} AND i_place.population BETWEEN %s AND %s", (low, high)))


def distance(place: Place) -> Sql:
    """How many times larger or smaller the nearest organisation of the case is, as a logarithm; NULL: not known."""
    if not place.population:
        return Sql("NULL::float")
    sort = "=" if place.kind == "prefecture" else "<>"
    return Sql(
        "(SELECT min(abs(ln(i_place.population / %s::float))) FROM unnest(i.populations, i.kinds) "
        f"AS i_place (population, kind) WHERE i_place.population > 0 AND i_place.kind {sort} 'prefecture')",
        (place.population,),
    )


def wishes_hold(wishes: Iterable[Wish]) -> Sql:
    return both(_wish_holds(one) for one in wishes)


def preferences(wishes: Iterable[Wish]) -> Sql:
    """What is added to the score of a case that meets the wishes."""
    boost = ZERO
    for one in wishes:
        boost = boost + Sql(" + CASE WHEN ") + _wish_holds(one) + Sql(f" THEN {PREFERENCE} ELSE 0 END")
    return boost


def selected() -> Sql:
    """What is added to the score of a case that a ministry chose as a model; others told of themselves."""
    return Sql(" + CASE WHEN i.facets && %s::text[] THEN %s::float ELSE 0 END", (list(SELECTED), SELECTION))


def _wish_holds(wish: Wish) -> Sql:
    if wish.names:
        names = any_of(quote(key(NAME, name_key(one))) for one in wish.names)
        return Sql("i.vector @@ %s::tsquery", (names,))
    if wish.low is None and wish.high is None:
        return Sql("i.kinds && %s::text[]", (list(wish.kinds),))
    low, high = wish.low or 0, wish.high if wish.high is not None else 2_000_000_000
    sort = "=" if PlaceKind.PREFECTURE in wish.kinds else "<>"
    return _some_place(Sql(f"i_place.kind {sort} 'prefecture' AND i_place.population BETWEEN %s AND %s", (low, high)))


def _some_place(condition: Sql) -> Sql:
    return (
        Sql("EXISTS (SELECT FROM unnest(i.populations, i.kinds) AS i_place (population, kind) WHERE ")
        + condition
        + Sql(")")
    )
