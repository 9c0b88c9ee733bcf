"""Cases like a case: by the telling words of its title and tags, and by how both are filed."""

from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from psycopg import sql

from casestudies.models import Case, CaseIndex
from dxportal.core.textsearch.analysis import words
from dxportal.core.textsearch.vectors import PAIR

TELLING = 24  # lexemes of the case that are looked for elsewhere
LEAST = 0.12  # share of the most that any case could reach
FILED = {"fields": 0.12, "areas": 0.1, "steps": 0.03}  # what a shared value of a facet adds

# A word that only this case holds leads to no other (HAVING). A lexeme may hold quotes and backslashes: as part of a
# tsquery they are doubled.
# A word's rarity is counted among the cases that the person may see. Names of organisations say nothing of the subject:
# they are keys, or stand in the case's places.
STATEMENT = """
WITH visible (id) AS MATERIALIZED ({visible}),
own AS (
    SELECT l.lexeme FROM {table} i, unnest(i.vector) AS l
    WHERE i.case_id = %s AND 'A' = ANY(l.weights) AND length(l.lexeme) > 1 AND l.lexeme !~ '^[=≒~]'
        AND NOT l.lexeme = ANY(%s::text[])
),
hits AS MATERIALIZED (
    SELECT own.lexeme, i.case_id FROM own
    JOIN {table} i ON i.vector @@ ('''' || replace(replace(own.lexeme, '\\', '\\\\'), '''', '''''') || ''':AB')::tsquery
    WHERE i.case_id IN (SELECT id FROM visible)
),
telling AS (
    SELECT lexeme, ln((SELECT count(*) FROM visible) / count(*)::float + 1) AS rarity FROM hits
    GROUP BY lexeme HAVING count(*) > 1 ORDER BY rarity DESC, lexeme LIMIT %s
),
shared AS (
    SELECT case_id, sum(rarity) / (SELECT sum(rarity) FROM telling) AS words FROM hits JOIN telling USING (lexeme)
    GROUP BY case_id
)
SELECT i.case_id, coalesce(s.words, 0) + (
    SELECT coalesce(sum(CASE split_part(f, ':', 1) {filed} ELSE 0 END), 0) FROM unnest(i.facets) AS f
    WHERE f = ANY((SELECT facets FROM {table} WHERE case_id = %s)::text[])
) AS score
FROM {table} i LEFT JOIN shared s USING (case_id)
WHERE i.case_id IN (SELECT id FROM visible) AND i.case_id <> %s AND coalesce(s.words, 0) > 0
ORDER BY score DESC, i.case_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """``reason``: what both share, in words."""

    case: Case
    reason: str


def similar(user, case: Case, limit: int = 5) -> list[Similar]:
    """The nearest of the cases that the person may search, the nearest first."""
    # Words and neighbouring pairs of the names of the case's organisations, as the index holds them.
    names: set[str] = set()
    for place in case.places.all():
        lexemes = [word.lexeme for word in words(place.full_name)]
        names |= {*lexemes, *(f"{first}{PAIR}{other}" for first, other in pairwise(lexemes))}
    visible, params = Case.objects.published_for(user).order_by().values("pk").query.sql_with_params()
    filed = (sql.SQL("WHEN {} THEN {}").format(facet, worth) for facet, worth in FILED.items())
    statement = sql.SQL(STATEMENT).format(
        visible=sql.SQL(visible), filed=sql.SQL(" ").join(filed), table=sql.Identifier(CaseIndex._meta.db_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, (*params, case.pk, sorted(names), TELLING, case.pk, case.pk, limit))
        scores = {pk: score for pk, score in cursor.fetchall() if score >= LEAST}
    # In the person's reach once more: a case withdrawn since the statement above shows no more.
    rows = Case.objects.published_for(user).filter(pk__in=scores).select_related("field").prefetch_related("areas")
    nearest = rows.in_bulk()
    return [Similar(nearest[pk], _reason(case, nearest[pk])) for pk in scores if pk in nearest]


def _reason(case: Case, other: Case) -> str:
    tags = [tag for tag in case.tags if tag in other.tags]
    if tags:
        return f"「{'」「'.join(tags[:3])}」が共通"
    areas = [area.name for area in case.areas.all() if area in other.areas.all()]
    if areas:
        return f"分野「{'」「'.join(areas[:2])}」が共通"
    if case.field is not None and case.field_id == other.field_id:
        return f"取組の区分「{case.field.name}」が共通"
    return "内容のことばが近い"
