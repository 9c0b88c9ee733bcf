"""Finds cases, and what is searched with them: words, wishes and facets in, what the person may see in order of fit out.

Everything starts from what the corpus shows the person: results, counts, facets and corrections alike.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier

from casestudies.domain.search import facets, nothing_found
from casestudies.domain.search.corpus import CASES, Corpus
from casestudies.domain.search.facets import FacetValue
from casestudies.domain.search.filters import (
    SearchFilters,
    Standpoint,
    both,
    distance,
    facets_hold,
    is_near,
    preferences,
    wishes_hold,
)
from casestudies.domain.search.query import corrections
from casestudies.domain.search.query.understanding import QueryReading, understand
from casestudies.models import Case
from dxportal.core.organizations.models import Profile
from dxportal.core.textsearch.concepts import Unit
from dxportal.core.textsearch.matching import Search, numbered, ordered

WINDOW = 300  # results whose order one statement fetches; as many as are ranked in full
NO_FILTERS = SearchFilters()
BEST = "best"
NEAREST = "nearest"
NEWEST = "newest"

# One window of the order, how many there are in all, and how many cases hold each unit of the query.
# Ranked ones come first, by score; the rest follow by how much of the query they hold, and the key makes the order total,
# so that no case is on two pages.
# All ranked ones are matched: FULL, since PostgreSQL would compare each with each for a LEFT JOIN.
CHOICE = SQL("""
WITH {ordered}
SELECT (SELECT count(*) FROM matched), array_agg(key ORDER BY place), array_agg(score ORDER BY place),
    (SELECT json_agg(json_build_array(unit, known, own, "any")) FROM weighed)
FROM (
    SELECT m.key, coalesce(m.score, 0)::float AS score,
        row_number() OVER (ORDER BY {first}(m.best IS NULL), m.score DESC, m.coverage DESC, m.key) AS place
    FROM (
        SELECT m.key, m.coverage, r.key AS best, r.score FROM matched m FULL JOIN ranked r ON r.key = m.key OFFSET 0
    ) AS m
    JOIN {table} i ON i.{key} = m.key
    ORDER BY place OFFSET {start} LIMIT {limit}
) AS chosen
""")


@dataclass(frozen=True, slots=True)
class Hit:
    pk: int
    source_id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class _Window:
    """Keys and scores from ``start`` on; ``known`` has for each unit of the query how many cases hold it."""

    start: int
    count: int
    keys: Sequence[int]
    scores: Sequence[float]
    known: dict[int, corrections.Known]


def find(
    user: Any,
    text: str,
    filters: SearchFilters = NO_FILTERS,
    *,
    sort: str = BEST,
    ignored: frozenset[str] = frozenset(),
    seen_from: Standpoint | None = None,
    corpus: Corpus = CASES,
) -> "SearchResult":
    """Never fails, whatever the text. ``ignored``: codes of wishes and corrections that were taken back.

    ``seen_from``: whom results are near to when sorted so; without it the organisation that the person acts for.
    """
    sort = sort if sort in (NEAREST, NEWEST) else BEST
    return SearchResult(user, text, filters, sort, frozenset(ignored), seen_from, corpus)


def standpoint_of(user: Any) -> Standpoint | None:
    """The organisation that the person acts for, as of its newest profile."""
    organization = user.acting.organization
    if getattr(organization, "pk", None) is None:
        return None
    kind = organization.municipality_kind if organization.is_municipality else organization.kind
    newest = (
        Profile.objects.filter(organization=organization, population__isnull=False).order_by("-fiscal_year").first()
    )
    return Standpoint(newest.population if newest else None, organization.prefecture.name, kind)


class SearchResult:
    """The result of one search, read from the database when it is asked for."""

    def __init__(
        self,
        user: Any,
        text: str,
        filters: SearchFilters,
        sort: str,
        ignored: frozenset[str],
        seen_from: Standpoint | None = None,
        corpus: Corpus = CASES,
    ):
        self.user = user
        self.text = text
        self.filters = filters
        self.sort = sort
        self.ignored = ignored
        self.seen_from = seen_from
        self.corpus = corpus
        self._windows: dict[int, _Window] = {}

    def again(self, text: str, filters: SearchFilters, ignored: frozenset[str]) -> "SearchResult":
        """The same person's search for something else, in the same order."""
        return SearchResult(self.user, text, filters, self.sort, ignored, corpus=self.corpus)

    @property
    def count(self) -> int:
        return self._window(0).count

    def page(self, offset: int, limit: int) -> list[Hit]:
        offset, limit = max(0, offset), max(0, limit)
        rows: list[tuple[int, float]] = []
        while len(rows) < limit and offset + len(rows) < self.count:
            at = offset + len(rows)
            # Windows begin at multiples of their length, so that no two overlap and each is fetched once.
            window = self._window(at - at % WINDOW)
            part = slice(at - window.start, at - window.start + limit - len(rows))
            fresh = list(zip(window.keys[part], window.scores[part], strict=True))
            if not fresh:
                break
            rows += fresh
        # Asked for anew: a case that was withdrawn since shows no more.
        scores = dict(rows)
        names = self.corpus.titles(self.user, scores)
        return [Hit(pk, *names[pk], round(score, 6)) for pk, score in scores.items() if pk in names]

    def facets(self) -> dict[str, list[FacetValue]]:
        """The values of each facet with how many results they have, were the facet's own choice not made."""
        return facets.count(self._search(self.reading, faceted=False), self.filters.chosen, self.corpus.facets)

    def around(self, source_id: str) -> tuple[int, Hit | None, Hit | None] | None:
        """Place in the results (from 1), the one before and the one after; None where it isn't among them."""
        pk = Case.objects.published_for(self.user).filter(source_id=source_id).values_list("pk", flat=True).first()
        for start in range(0, self.count if pk else 0, WINDOW):
            keys = self._window(start).keys
            if pk in keys:
                at = start + list(keys).index(pk)
                before = self.page(at - 1, 1) if at else []
                after = self.page(at + 1, 1)
                return at + 1, before[0] if before else None, after[0] if after else None
        return None

    def retries(self) -> nothing_found.Retries:
        """What else could be tried; made for an empty result."""
        return nothing_found.retries(self)

    def units(self) -> list[tuple[int, Unit]]:
        """Every unit that is looked up, with the number of its concept."""
        return numbered(self.reading.concepts)

    def known_units(self) -> dict[int, int]:
        """For each of ``units`` how many cases hold it in any way."""
        return {number: known.any for number, known in self._window(0).known.items()}

    # --- reading the query ----------------------------------------------------------------------------------------

    @functools.cached_property
    def reading(self) -> QueryReading:
        """The reading after corrections, which depend on what the library holds."""
        known = self.corpus.known_names
        reading = understand(self.text, self.ignored, known=known)
        window = self._fetch(reading, 0)
        if reading.soft_quotes and not window.count:
            reading = understand(self.text, self.ignored, soften=True, known=known)
            window = self._fetch(reading, 0)
        corrected, corrections_made = corrections.correct(
            reading, window.known, self.corpus.seen_by(self.user), self.ignored
        )
        if corrections_made:
            understood = understand(corrected, self.ignored, known=known)
            better = replace(understood, corrections=tuple(corrections_made), text=self.text)
            better_window = self._fetch(better, 0)
            # What was found as typed is not given up for a correction that finds nothing.
            if better_window.count or not window.count:
                reading, window = better, better_window
        self._windows[0] = window
        return reading

    def _window(self, start: int) -> _Window:
        reading = self.reading  # which fetches the first window
        if start not in self._windows:
            self._windows[start] = self._fetch(reading, start)
        return self._windows[start]

    # --- statements -----------------------------------------------------------------------------------------------

    def _search(self, reading: QueryReading, *, faceted: bool = True) -> Search:
        """``faceted``: with the chosen facets."""
        conditions = [wishes_hold(wish for wish in reading.wishes if wish.strict)]
        if self.filters.near:
            conditions.append(is_near(self.filters.near))
        if faceted:
            conditions.append(facets_hold(self.filters.chosen))
        return Search(
            table=self.corpus.table,
            key=self.corpus.key,
            visible=self.corpus.visible(self.user),
            concepts=reading.concepts,
            demand=reading.demand,
            where=both(conditions),
            boost=preferences(wish for wish in reading.wishes if not wish.strict),
            strict=reading.strict,
        )

    def statement(self) -> Composable:
        """What the database is asked for the first results once the query is understood, and nothing besides."""
        return self._statement(self.reading, 0)

    def _statement(self, reading: QueryReading, start: int) -> Composable:
        first: Composable = SQL("")
        if self.sort == NEWEST:
            first = SQL("i.year DESC NULLS LAST, ")
        elif self.sort == NEAREST and (standpoint := self.filters.near or self.seen_from or standpoint_of(self.user)):
            first = SQL("{} NULLS LAST, ").format(distance(standpoint))
        return CHOICE.format(
            ordered=ordered(self._search(reading)),
            first=first,
            table=Identifier(self.corpus.table),
            key=Identifier(self.corpus.key),
            start=start,
            limit=WINDOW,
        )

    def _fetch(self, reading: QueryReading, start: int) -> _Window:
        if reading.impossible:
            return _Window(start, 0, (), (), {})
        with connection.cursor() as cursor:
            cursor.execute(self._statement(reading, start))
            count, keys, scores, held = cursor.fetchone()
        known = {unit: corrections.Known(*counts) for unit, *counts in held or ()}
        return _Window(start, count, keys or (), scores or (), known)
