"""The ranking as SQL: which rows of an index table hold enough of what is sought, and how well.

The table has a tsvector column; everything else about it is the caller's: who may see which row, filters, boosts.
A row's score is the sum over the concepts of rarity × how much of the concept it holds × how prominently, from 0 to 1.
Rarity is counted among the rows that the person may see, so that nothing hidden shows through the ranking.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from psycopg.sql import SQL, Composable, Identifier

from dxportal.core.textsearch.concepts import Concept, Unit
from dxportal.core.textsearch.weights import WEIGHTS, Weights

MOST_UNITS = 60
MOST_ALTERNATIVES = 30  # of one unit
TRUE = SQL("TRUE")
ZERO = SQL("0")

# What the query is made of, what each row that may be seen holds of it, and how rare that is among those rows.
HITS = SQL("""
visible AS MATERIALIZED (SELECT v.* FROM ({visible}) AS v ({key})),
alternative AS (
    SELECT * FROM unnest({a_unit}::int[], {a_gain}::real[], {a_query}::text[], {a_ranked}::text[], {a_own}::bool[])
        AS a (unit, gain, query, ranked, own)
),
unit AS (
    SELECT * FROM unnest({u_unit}::int[], {u_concept}::int[], {u_whole}::bool[], {u_importance}::real[],
        {u_optional}::bool[], {u_hint}::bool[]) AS u (unit, concept, whole, importance, optional, hint)
),
-- OFFSET 0: the words are looked up by the index first, rather than tried on each row that may be seen.
hits AS MATERIALIZED (
    SELECT h.* FROM (
        SELECT a.unit, a.gain, a.ranked, a.own, i.{key} AS key
        FROM alternative a JOIN {table} i ON i.vector @@ a.query::tsquery OFFSET 0
    ) AS h
    WHERE h.key IN (SELECT {key} FROM visible)
),
best_hits AS MATERIALIZED (
    SELECT unit, key, max(gain) AS gain, bool_or(own) AS own FROM hits GROUP BY unit, key
),
size AS (SELECT count(*)::real AS n FROM visible),
-- A unit's rarity is that of BM25, ln(1 + (n - known + 0.5) / (known + 0.5)): the halves keep it finite and above 0.
counted AS (
    SELECT unit, count(*) FILTER (WHERE gain >= {known}) AS known, count(*) AS any, count(*) FILTER (WHERE own) AS own
    FROM best_hits GROUP BY unit
),
weighed AS MATERIALIZED (
    SELECT u.*, coalesce(c.known, 0) AS known, coalesce(c.any, 0) AS any, coalesce(c.own, 0) AS own,
        CASE WHEN u.optional AND c.any IS NULL THEN 0
            ELSE u.importance * ln(1 + (size.n - coalesce(c.known, 0) + 0.5) / (coalesce(c.known, 0) + 0.5))
        END AS weight
    FROM unit u CROSS JOIN size LEFT JOIN counted c USING (unit)
),
-- Unknown is a concept of which more than half by weight is in no row. The mass of several parts is bounded by that of
-- one unit that no row holds, so that a long compound doesn't drown the rest of the query.
-- A concept with hints weighs what the whole weighs: its parts find what is near, and say nothing of their own.
concept AS MATERIALIZED (
    SELECT concept, sum(weight) FILTER (WHERE NOT whole) AS parts, count(*) FILTER (WHERE NOT whole) AS n,
        CASE WHEN bool_or(hint) THEN bool_and(NOT whole OR "any" = 0)
            ELSE coalesce(sum(weight) FILTER (WHERE NOT whole AND "any" = 0 AND NOT optional AND importance >= 1), 0)
                > 0.5 * sum(weight) FILTER (WHERE NOT whole)
        END AS unknown,
        CASE WHEN bool_or(hint) THEN max(weight) FILTER (WHERE whole)
            ELSE least(sum(weight) FILTER (WHERE NOT whole), ln(1 + (min(size.n) + 0.5) / 0.5))
        END AS mass
    FROM weighed CROSS JOIN size GROUP BY concept
),
total AS (SELECT sum(mass) AS mass, bool_or(unknown) AS unknown FROM concept),
{scored},
best AS MATERIALIZED (SELECT max(coverage) AS coverage FROM scored)""")

# Share of the query's mass that each row holds: a compound as such, or what its parts make up.
# Mass may be 0, of a query whose words are all optional and in no row: NULLIF keeps that from dividing by it.
STRENGTH = SQL("""
{name} AS MATERIALIZED (
    SELECT key, sum(strength * mass) / nullif((SELECT mass FROM total), 0) AS coverage FROM (
        SELECT h.key, c.mass, greatest(
            coalesce(max(h.gain) FILTER (WHERE w.whole OR c.n = 1), 0),
            coalesce(
                {apart}::real * sum(h.gain * w.weight) FILTER (WHERE NOT w.whole AND c.n > 1) / nullif(c.parts, 0), 0
            )
        ) AS strength
        FROM {hits} h JOIN weighed w USING (unit) JOIN concept c USING (concept)
        GROUP BY h.key, c.concept, c.mass, c.parts
    ) AS held GROUP BY key
)""")

MATCHED = SQL("""{hits},
matched AS MATERIALIZED (
    SELECT i.{key} AS key, coalesce(s.coverage, 0) AS coverage
    FROM {table} i JOIN visible USING ({key}) {join} scored s ON s.key = i.{key}
    WHERE {enough} AND {demand} AND {where}
)""")

# Whether there is an answer at all the best row decides; weaker rows follow it down to a share of what it holds.
ENOUGH = SQL("""(SELECT coverage FROM best) >= (SELECT CASE WHEN unknown THEN {answer_unknown} ELSE {answer} END FROM total)
    AND s.coverage >= greatest({coverage}, {behind_best} * (SELECT coverage FROM best))""")

# ts_rank has to read a row's whole vector, so it is asked of the best by coverage alone. The key parts equal ones: the
# same query always goes on with the same rows.
ORDERED = SQL("""{matched},
top AS MATERIALIZED (SELECT key, coverage FROM matched ORDER BY coverage DESC, key LIMIT {most}),
fine AS (
    SELECT h.unit, h.key,
        -- ts_rank divides by π²/6, what a word comes to that stands ever more often; that is undone here.
        max(h.gain * ({base}::real + {rest}::real * least(1, 1.645 * ts_rank({classes}::real[], i.vector, h.ranked::tsquery))))
            AS gain
    FROM top JOIN hits h USING (key) JOIN {table} i ON i.{key} = h.key GROUP BY 1, 2
),
{fine_scored},
ranked AS MATERIALIZED (
    SELECT top.key, coalesce(f.coverage, 0) + {boost} AS score, top.coverage
    FROM top JOIN {table} i ON i.{key} = top.key LEFT JOIN fine_scored f ON f.key = top.key
)""")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the table. Pieces of SQL call its rows ``i``.

    ``visible``: a query of keys; ``demand``: a tsquery that must hold, or ""; ``where``: further conditions;
    ``boost``: added to the score. With ``strict`` a row must hold enough of the concepts, otherwise they only rank.
    """

    table: str
    key: str
    visible: Composable
    concepts: Sequence[Concept] = ()
    demand: str = ""
    where: Composable = field(default_factory=lambda: TRUE)
    boost: Composable = field(default_factory=lambda: ZERO)
    strict: bool = True
    weights: Weights = field(default=WEIGHTS)

    @property
    def needs_concepts(self) -> bool:
        return self.strict and bool(self.concepts)


def matched(search: Search) -> Composable:
    """Common table expressions that end with ``matched`` (key, coverage): the rows found."""
    weights = search.weights
    enough: Composable = TRUE
    if search.needs_concepts:
        enough = ENOUGH.format(
            answer_unknown=weights.answer_unknown,
            answer=weights.answer,
            coverage=weights.coverage,
            behind_best=weights.behind_best,
        )
    return MATCHED.format(
        hits=hits(search),
        table=Identifier(search.table),
        key=Identifier(search.key),
        # Where the concepts only rank, rows that hold nothing of them stay in.
        join=SQL("JOIN" if search.needs_concepts else "LEFT JOIN"),
        enough=enough,
        demand=SQL("i.vector @@ {}::tsquery").format(search.demand) if search.demand else TRUE,
        where=search.where,
    )


def ordered(search: Search) -> Composable:
    """As ``matched``, going on to ``ranked`` (key, score): the best ones, scored by where and how often."""
    weights = search.weights
    return ORDERED.format(
        matched=matched(search),
        most=weights.ranked,
        base=weights.base,
        rest=1 - weights.base,
        classes=[float(weight) for weight in reversed(weights.classes)],  # ts_rank wants D first
        table=Identifier(search.table),
        key=Identifier(search.key),
        fine_scored=strength("fine", "fine_scored", weights),
        boost=search.boost,
    )


def hits(search: Search) -> Composable:
    """The tables of the query's alternatives and units; a unit's number is its place in ``numbered``."""
    alternatives, units = [], []
    for number, (concept, unit) in enumerate(numbered(search.concepts)):
        optional = search.concepts[concept].optional
        units.append((number, concept, unit.whole, unit.importance, optional, unit.hint))
        for place, alternative in enumerate(unit.alternatives[:MOST_ALTERNATIVES]):
            alternatives.append((number, alternative.gain, alternative.query, alternative.ranked, place == 0))
    return HITS.format(
        visible=search.visible,
        table=Identifier(search.table),
        key=Identifier(search.key),
        known=search.weights.known,
        scored=strength("best_hits", "scored", search.weights),
        **columns(alternatives, "a_unit", "a_gain", "a_query", "a_ranked", "a_own"),
        **columns(units, "u_unit", "u_concept", "u_whole", "u_importance", "u_optional", "u_hint"),
    )


def strength(hits: str, name: str, weights: Weights) -> Composable:
    return STRENGTH.format(name=Identifier(name), hits=Identifier(hits), apart=weights.apart)


def columns(rows: Sequence[tuple], *names: str) -> dict[str, list]:
    """Side by side, one list a column: PostgreSQL's unnest makes rows of them again."""
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def numbered(concepts: Sequence[Concept]) -> list[tuple[int, Unit]]:
    """(number of the concept, unit) of every unit that is looked up."""
    return [(number, unit) for number, concept in enumerate(concepts) for unit in concept.units][:MOST_UNITS]
