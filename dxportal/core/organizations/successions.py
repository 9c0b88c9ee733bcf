"""Who came before and after, as a condition inside a query: it costs no query of its own."""

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.expressions import RawSQL

# UNION, not UNION ALL: a circle in the table ends where it closes.
LINE = """
WITH RECURSIVE line (id) AS (
    {start} UNION SELECT link.{onward} FROM organizations_succession AS link JOIN line ON link.{here} = line.id
) SELECT id FROM line
"""


def with_predecessors(organizations: models.QuerySet) -> RawSQL:
    """For ``pk__in``: the organisations and everybody in whose place they stand. One column of keys goes in."""
    return _line(organizations, here="successor_id", onward="predecessor_id")


def with_successors(organizations: models.QuerySet) -> RawSQL:
    """For ``pk__in``: the organisations and everybody who stands in their place."""
    return _line(organizations, here="predecessor_id", onward="successor_id")


def _line(organizations: models.QuerySet, *, here: str, onward: str) -> RawSQL:
    try:
        start, params = organizations.order_by().query.sql_with_params()
    except EmptyResultSet:  # of nobody there is nothing to ask
        return RawSQL("SELECT NULL::bigint WHERE false", ())
    return RawSQL(LINE.format(start=start, here=here, onward=onward), params)  # noqa: S611 - no value is in the text
