"""The facets of the search: one table from which index, filters, counts, addresses, page and file derive.

A new facet is one row of FACETS and a run of ``rebuild_index``; ``index_rows.ROWS`` reads more where it needs more.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg.sql import SQL, Identifier

from casestudies.domain.search.filters import facet_holds
from casestudies.enums import STEPS, FigureKind, PlaceKind
from casestudies.models import CaseDocument
from dxportal.core.organizations.domain import population
from dxportal.core.taxonomy.enums import Vocabulary
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.textsearch.matching import Search, matched

CODE = re.compile(r"[0-9A-Za-z_-]{1,50}", re.ASCII)
PREFECTURES = "prefecture"  # as a band: prefectures stand beside the municipalities' bands
BANDS = population.BAND_LABELS | {PREFECTURES: "都道府県"}
YES = "1"  # the value of a facet that a case either has or has not

Labels = Callable[[Collection[str]], Mapping[str, str]]
Rank = Callable[[str, int], tuple]


def by_count(value: str, count: int) -> tuple:
    return -count, value


def newest_first(value: str, count: int) -> tuple:
    return -int(value) if value.isdecimal() and len(value) < 10 else 0, value


def in_order(values: Iterable[Any]) -> Rank:
    places = {str(value): place for place, value in enumerate(values)}

    def rank(value: str, count: int) -> tuple:
        return places.get(value, len(places)), value

    return rank


def out_of(words: Mapping[Any, str]) -> Labels:
    labels = {str(value): label for value, label in words.items()}
    return lambda values: {value: labels[value] for value in values if value in labels}


def named(rows: Callable[[], QuerySet], column: str = "name") -> Labels:
    """Words out of the database, of these codes only; it takes no text with a NUL."""

    def labels(values: Collection[str]) -> dict[str, str]:
        codes = [value for value in values if CODE.fullmatch(value)]
        return dict(rows().filter(code__in=codes).values_list("code", column)) if codes else {}

    return labels


@dataclass(frozen=True, slots=True)
class Facet:
    """A way of narrowing a search down.

    ``key``: its name in the index; ``parameter``: in an address, "" where it is not offered. ``held``: what a case (a
    row of ``index_rows.ROWS``, with its organisations as ``main``) holds of it. ``labels``: words of values; a value
    without any is unknown. ``shape``: what a value in an address looks like; ``former``: values of old addresses, and
    what they mean now. ``rank``: the order of the values on the page. ``flag``: a single checkbox.
    """

    key: str
    parameter: str
    heading: str
    held: Callable[[Mapping[str, Any]], Iterable[Any]]
    labels: Labels
    shape: re.Pattern[str] = CODE
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rank: Rank = by_count
    flag: bool = False


def bands_held(row: Mapping[str, Any]) -> set[str]:
    bands = {PREFECTURES for place in row["main"] if place.kind == PlaceKind.PREFECTURE}
    sizes = (population.band_of(place.population) for place in row["main"] if place.kind != PlaceKind.PREFECTURE)
    return bands | {band.code for band in sizes if band}


def cost_held(row: Mapping[str, Any]) -> list[str]:
    return [YES] if row["cost_text"] or any(kind == FigureKind.COST for kind, *_ in row["figures"]) else []


def figures_held(row: Mapping[str, Any]) -> list[str]:
    return [YES] if any(kind == FigureKind.FIGURE for kind, *_ in row["figures"]) else []


def field_terms() -> QuerySet:
    return Term.objects.filter(vocabulary__in=(Vocabulary.FIELD, Vocabulary.LAYER))


@dataclass
class FacetTable:
    """By what a corpus is narrowed down; ``rows`` in the order of the page and of addresses."""

    rows: tuple[Facet, ...]

    def __iter__(self) -> Iterator[Facet]:
        return iter(self.rows)

    def offered(self) -> list[Facet]:
        """Those with values to choose from."""
        return [facet for facet in self.rows if facet.parameter and not facet.flag]

    def flags(self) -> list[Facet]:
        return [facet for facet in self.rows if facet.parameter and facet.flag]

    def by_key(self, key: str) -> Facet | None:
        return next((facet for facet in self.rows if facet.key == key), None)


FACETS = FacetTable(
    (
        Facet(
            "steps",
            "step",
            "ステップ",
            held=lambda row: [row["step"]],
            labels=out_of(STEPS),
            shape=re.compile("|".join(map(str, STEPS))),
            rank=in_order(STEPS),
        ),
        Facet("fields", "field", "取組の区分", held=lambda row: [row["field"]], labels=named(field_terms)),
        Facet(
            "areas",
            "area",
            "分野",
            held=lambda row: [code for code, _ in row["areas"]],
            labels=named(Area.objects.all),
        ),
        Facet(
            "prefectures",
            "prefecture",
            "都道府県",
            held=lambda row: {place.prefecture for place in row["main"]},
            labels=lambda values: {value: value for value in values},
            shape=re.compile(r"[\u3041-\u9fff々]{2,4}[都道府県]"),
        ),
        Facet(
            "bands",
            "band",
            "人口規模",
            held=bands_held,
            labels=out_of(BANDS),
            former={"to1": ("to5k", "5kto1")},  # 1万人未満 was one band
            rank=in_order(BANDS),
        ),
        Facet(
            "kinds",
            "kind",
            "団体の区分",
            held=lambda row: {place.kind for place in row["main"]},
            labels=out_of(dict(PlaceKind.choices)),
            shape=re.compile("|".join(PlaceKind.values)),
            rank=in_order(PlaceKind.values),
        ),
        Facet(
            "documents",
            "document",
            "出典資料",
            held=lambda row: [row["document"]],
            labels=named(CaseDocument.objects.all, "title"),
        ),
        Facet(
            "years",
            "year",
            "年度",
            held=lambda row: [row["year"]],
            labels=lambda values: {value: f"{value}年度" for value in values},
            shape=re.compile(r"[12]\d{3}", re.ASCII),
            rank=newest_first,
        ),
        Facet("has_cost", "cost", "費用の金額あり", held=cost_held, labels=out_of({YES: "費用の金額あり"}), flag=True),
        Facet(
            "has_figures",
            "figures",
            "数値の成果あり",
            held=figures_held,
            labels=out_of({YES: "数値の成果あり"}),
            flag=True,
        ),
        # Kept in the index and offered nowhere yet.
        Facet(
            "terms",
            "",
            "アウトカム・マインドセット",
            held=lambda row: [code for _, code, _ in row["terms"]],
            labels=named(Term.objects.all),
        ),
    )
)


def indexed(row: Mapping[str, Any]) -> list[str]:
    """ "facet:value" of everything that the case can be narrowed down by."""
    held = {(facet.key, value) for facet in FACETS for value in facet.held(row)}
    return sorted(f"{key}:{value}" for key, value in held if value is not None and value != "")


# --- counting -----------------------------------------------------------------------------------------------------

# ``missed`` lists the chosen facets that a case fails; at most one may be, and only its own values count then.
COUNT = SQL("""
WITH {matched}, judged AS (
    SELECT i.facets, ARRAY[]::text[]{missed} AS missed FROM matched m JOIN {table} i ON i.{key} = m.key
)
SELECT value, count(*) FROM judged, unnest(facets) AS value
WHERE cardinality(missed) = 0 OR (cardinality(missed) = 1 AND split_part(value, ':', 1) = missed[1])
GROUP BY value
""")
MISSED = SQL(" || CASE WHEN {holds} THEN '{{}}' ELSE ARRAY[{facet}] END")


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


def count(
    search: Search, chosen: Mapping[str, frozenset[str]], table: FacetTable = FACETS
) -> dict[str, list[FacetValue]]:
    """Of every facet that is offered the values that something has, or that are chosen, in the order of the page.

    A case counts for a value when it passes all chosen facets but the value's own. One statement over what the words
    find, and one a vocabulary for the labels of what is counted.
    """
    missed = [MISSED.format(holds=facet_holds(key, values), facet=key) for key, values in sorted(chosen.items())]
    statement = COUNT.format(
        matched=matched(search),
        missed=SQL("").join(missed),
        table=Identifier(search.table),
        key=Identifier(search.key),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        counts = dict(cursor.fetchall())
    # A chosen value that nothing holds stays on the page with 0, so that it can be taken back.
    values: dict[str, dict[str, int]] = {
        facet.key: dict.fromkeys(chosen.get(facet.key, ()), 0) for facet in table if facet.parameter
    }
    for name, number in counts.items():
        # At the first colon only: a value may hold one. The index may still hold facets that the table no longer has.
        key, _, value = name.partition(":")
        if key in values:
            values[key][value] = number
    return {facet.key: labelled(facet, values[facet.key], chosen) for facet in table if facet.parameter}


def labelled(facet: Facet, counts: Mapping[str, int], chosen: Mapping[str, frozenset[str]]) -> list[FacetValue]:
    labels = facet.labels(list(counts))
    selected = chosen.get(facet.key, ())
    order = sorted(counts, key=lambda value: facet.rank(value, counts[value]))
    return [FacetValue(value, labels.get(value, value), counts[value], value in selected) for value in order]
