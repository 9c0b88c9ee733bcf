"""Counts of the facets: one statement over what the words find."""

# ruff: noqa: S608 -- what is put into the SQL are names of tables and columns; values are parameters
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from casestudies.domain.search.bands import BAND_LABELS
from casestudies.domain.search.filters import FACETS, facet_holds
from casestudies.enums import STEPS, PlaceKind
from casestudies.models import CaseDocument
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.textsearch.matching import Search, Sql, matched

HAS = {"has_cost": "費用の記載あり", "has_figures": "数値の成果あり"}


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


def count(search: Search, chosen: Mapping[str, frozenset[str]]) -> dict[str, list[FacetValue]]:
    """Of every facet the values that something has, or that are chosen, in the order of the screen.

    A case counts for a value when it passes all chosen facets but the value's own.
    """
    statement = _statement(search, chosen)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        counts = dict(cursor.fetchall())
    found: dict[str, dict[str, int]] = {facet: dict.fromkeys(chosen.get(facet, ()), 0) for facet in FACETS}
    for name, number in counts.items():
        facet, _, value = name.partition(":")
        found[facet][value] = number
    labels = _labels()
    return {
        facet: [
            FacetValue(value, labels.get((facet, value), value), number, value in chosen.get(facet, ()))
            for value, number in sorted(values.items(), key=lambda item: _place(facet, *item))
        ]
        for facet, values in found.items()
    }


def _statement(search: Search, chosen: Mapping[str, frozenset[str]]) -> Sql:
    """``missed`` lists the chosen facets that a case fails; at most one may be, and only its own values count then."""
    missed = Sql("ARRAY[]::text[]")
    for facet, values in sorted(chosen.items()):
        missed = (
            missed + Sql(" || CASE WHEN ") + facet_holds(facet, values) + Sql(" THEN '{}' ELSE ARRAY[%s] END", (facet,))
        )
    return (
        Sql("WITH ")
        + matched(search)
        + Sql(", judged AS (SELECT i.facets, ")
        + missed
        + Sql(
            f" AS missed FROM matched m JOIN {search.table} i ON i.{search.key} = m.key) "
            "SELECT value, count(*) FROM judged, unnest(facets) AS value "
            "WHERE cardinality(missed) = 0 OR (cardinality(missed) = 1 AND split_part(value, ':', 1) = missed[1]) "
            "GROUP BY value"
        )
    )


def _place(facet: str, value: str, number: int) -> tuple:
    if facet == "years":
        return (-int(value) if value.isdecimal() else 0,)
    order = _ORDERS.get(facet)
    if order is not None:
        return (order.get(value, len(order)), value)
    return (-number, value)


def _orders() -> dict[str, dict[str, int]]:
    lists: dict[str, Iterable[str]] = {"bands": BAND_LABELS, "kinds": PlaceKind.values, "steps": map(str, STEPS)}
    return {facet: {value: place for place, value in enumerate(values)} for facet, values in lists.items()}


_ORDERS = _orders()


def _labels() -> dict[tuple[str, str], str]:
    labels = {("steps", str(step)): label for step, label in STEPS.items()}
    labels |= {("bands", code): label for code, label in BAND_LABELS.items()}
    labels |= {("kinds", value): label for value, label in PlaceKind.choices}
    labels |= {(facet, "1"): label for facet, label in HAS.items()}
    labels |= {("areas", code): name for code, name in Area.objects.values_list("code", "name")}
    for code, name in Term.objects.values_list("code", "name"):
        labels |= {("fields", code): name, ("terms", code): name}
    labels |= {("documents", code): title for code, title in CaseDocument.objects.values_list("code", "title")}
    labels |= {("years", str(year)): f"{year}年度" for year in range(1990, 2100)}
    return labels
