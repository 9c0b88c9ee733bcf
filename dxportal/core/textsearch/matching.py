"""The ranking as SQL: which rows of an index table hold enough of what is sought, and how well.

The table has a tsvector column; everything else about it is the caller's: who may see which row, filters, boosts.
A row's score is the sum over the concepts of rarity × how much of the concept it holds × how prominently, from 0 to 1.
Rarity is counted among the rows that the person may see, so that nothing hidden shows through the ranking.
"""

# ruff: noqa: S608 -- what is put into the SQL are names of tables and columns; values are parameters
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dxportal.core.textsearch.concepts import Concept
from dxportal.core.textsearch.weights import WEIGHTS, Weights

MOST_UNITS = 60
MOST_ALTERNATIVES = 30  # of one unit


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Sql") -> "Sql":
        return Sql(self.text + other.text, self.params + other.params)


TRUE = Sql("TRUE")
ZERO = Sql("0")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the table. Pieces of SQL call its rows ``i``.

    ``visible``: a query of keys; ``demand``: a tsquery that must hold, or ""; ``where``: further conditions;
    ``boost``: added to the score. With ``strict`` a row must hold enough of the concepts, otherwise they only rank.
    """

    table: str
    key: str
    visible: Sql
    concepts: Sequence[Concept] = ()
    demand: str = ""
    where: Sql = TRUE
    boost: Sql = ZERO
    strict: bool = True
    weights: Weights = field(default=WEIGHTS)

    @property
    def needs_concepts(self) -> bool:
        return self.strict and bool(self.concepts)


def matched(search: Search) -> Sql:
    """Common table expressions that end with ``matched`` (key, coverage): the rows found."""
    weights = search.weights
    condition, bounds = "TRUE", ()
    if search.needs_concepts:
        condition = (
            "(SELECT coverage FROM best) >= (SELECT CASE WHEN unknown THEN %s ELSE %s END FROM total) "
            "AND s.coverage >= greatest(%s, %s * (SELECT coverage FROM best))"
        )
        bounds = (weights.answer_unknown, weights.answer, weights.coverage, weights.behind_best)
    join = "JOIN" if search.needs_concepts else "LEFT JOIN"
    demand = Sql("i.vector @@ %s::tsquery", (search.demand,)) if search.demand else TRUE
    return (
        Sql("visible AS MATERIALIZED (SELECT v.* FROM (")
        + search.visible
        + Sql(f") AS v ({search.key})), ")
        + _hits(search)
        + Sql(
            f", matched AS MATERIALIZED (SELECT i.{search.key} AS key, coalesce(s.coverage, 0) AS coverage "
            f"FROM {search.table} i JOIN visible USING ({search.key}) {join} scored s ON s.key = i.{search.key} "
            f"WHERE {condition} AND ",
            bounds,
        )
        + demand
        + Sql(" AND ")
        + search.where
        + Sql(")")
    )


def ordered(search: Search) -> Sql:
    """As ``matched``, going on to ``ranked`` (key, score): the best ones, scored by where and how often."""
    weights = search.weights
    return (
        matched(search)
        + Sql(
            ", top AS MATERIALIZED (SELECT key, coverage FROM matched ORDER BY coverage DESC, key LIMIT %s), "
            "fine AS (SELECT h.unit, h.key, max(h.gain * (%s::real + %s::real * least(1, 1.645 * "
            f"ts_rank(%s::real[], i.vector, h.ranked::tsquery)))) AS gain FROM top JOIN hits h USING (key) "
            f"JOIN {search.table} i ON i.{search.key} = h.key GROUP BY 1, 2), ",
            (weights.ranked, weights.base, 1 - weights.base, [float(one) for one in reversed(weights.classes)]),
        )
        + _strength("fine", "fine_scored", weights)
        + Sql(
            ", ranked AS MATERIALIZED (SELECT top.key, coalesce(f.coverage, 0) + ",
        )
        + search.boost
        + Sql(
            f" AS score, top.coverage FROM top JOIN {search.table} i ON i.{search.key} = top.key "
            "LEFT JOIN fine_scored f ON f.key = top.key)"
        )
    )


def _hits(search: Search) -> Sql:
    alternatives, units = _rows(search.concepts)
    weights = search.weights
    return (
        Sql(
            "alternative AS (SELECT * FROM unnest(%s::int[], %s::real[], %s::text[], %s::text[], %s::bool[]) "
            "AS a (unit, gain, query, ranked, own)), "
            "unit AS (SELECT * FROM unnest(%s::int[], %s::int[], %s::bool[], %s::real[], %s::bool[], %s::bool[]) "
            "AS u (unit, concept, whole, importance, optional, hint)), "
            # OFFSET 0: the words are looked up by the index first, rather than tried on each row that may be seen.
            "hits AS MATERIALIZED (SELECT h.* FROM (SELECT a.unit, a.gain, a.ranked, a.own, i.{key} AS key "
            "FROM alternative a JOIN {table} i ON i.vector @@ a.query::tsquery OFFSET 0) AS h "
            "WHERE h.key IN (SELECT {key} FROM visible)), "
            "best_hits AS MATERIALIZED (SELECT unit, key, max(gain) AS gain, bool_or(own) AS own FROM hits GROUP BY unit, key), "
            "size AS (SELECT count(*)::real AS n FROM visible), "
            "counted AS (SELECT unit, count(*) FILTER (WHERE gain >= %s) AS known, count(*) AS any, count(*) FILTER (WHERE own) AS own FROM best_hits "
            "GROUP BY unit), "
            "weighed AS MATERIALIZED (SELECT u.*, coalesce(c.known, 0) AS known, coalesce(c.any, 0) AS any, "
            "coalesce(c.own, 0) AS own, CASE WHEN u.optional AND c.any IS NULL THEN 0 ELSE u.importance * "
            "ln(1 + (size.n - coalesce(c.known, 0) + 0.5) / (coalesce(c.known, 0) + 0.5)) END AS weight "
            "FROM unit u CROSS JOIN size LEFT JOIN counted c USING (unit)), "
            "concept AS MATERIALIZED (SELECT concept, sum(weight) FILTER (WHERE NOT whole) AS parts, "
            'count(*) FILTER (WHERE NOT whole) AS n, CASE WHEN bool_or(hint) THEN bool_and(NOT whole OR "any" = 0) ELSE '
            'coalesce(sum(weight) FILTER (WHERE NOT whole AND "any" = 0 AND NOT optional AND importance >= 1), 0) '
            "> 0.5 * sum(weight) FILTER (WHERE NOT whole) END AS unknown, CASE WHEN bool_or(hint) THEN max(weight) FILTER "
            "(WHERE whole) ELSE least(sum(weight) FILTER (WHERE NOT whole), ln(1 + (min(size.n) + 0.5) / 0.5)) END AS mass "
            "FROM weighed CROSS JOIN size GROUP BY concept), "
            "total AS (SELECT sum(mass) AS mass, bool_or(unknown) AS unknown FROM concept), ".replace(
                "{key}", search.key
            ).replace("{table}", search.table),
            (*alternatives, *units, weights.known),
        )
        + _strength("best_hits", "scored", weights)
        + Sql(", best AS MATERIALIZED (SELECT max(coverage) AS coverage FROM scored)")
    )


def _strength(hits: str, name: str, weights: Weights) -> Sql:
    """Share of the query's mass that each row holds: a compound as such, or what its parts make up."""
    return Sql(
        f"{name} AS MATERIALIZED (SELECT key, sum(strength * mass) / nullif((SELECT mass FROM total), 0) AS coverage "
        "FROM (SELECT h.key, c.mass, greatest("
        "coalesce(max(h.gain) FILTER (WHERE w.whole OR c.n = 1), 0), "
        "coalesce(%s::real * sum(h.gain * w.weight) FILTER (WHERE NOT w.whole AND c.n > 1) / nullif(c.parts, 0), 0)"
        f") AS strength FROM {hits} h JOIN weighed w USING (unit) JOIN concept c USING (concept) "
        "GROUP BY h.key, c.concept, c.mass, c.parts) AS held GROUP BY key)",
        (weights.apart,),
    )


def _rows(concepts: Sequence[Concept]) -> tuple[tuple[list, ...], tuple[list, ...]]:
    """Columns of the tables ``alternative`` and ``unit``; a unit's number is its place in ``numbered``."""
    alternatives, units = [], []
    for number, (concept, unit) in enumerate(numbered(concepts)):
        units.append((number, concept, unit.whole, unit.importance, concepts[concept].optional, unit.hint))
        for place, one in enumerate(unit.alternatives[:MOST_ALTERNATIVES]):
            alternatives.append((number, one.gain, one.query, one.ranked, place == 0))
    return _columns(alternatives, 5), _columns(units, 6)


def _columns(rows: Sequence[tuple], width: int) -> tuple[list, ...]:
    return tuple([row[n] for row in rows] for n in range(width))


def numbered(concepts: Sequence[Concept]) -> list[tuple[int, Any]]:
    """(number of the concept, unit) of every unit that is looked up."""
    return [(n, unit) for n, concept in enumerate(concepts) for unit in concept.units][:MOST_UNITS]
