# ruff: noqa: S608 -- what is put into the SQL are names of tables and columns; values are parameters
"""Finds cases: words, wishes and facets in, what the person may see in order of fit out.

Everything starts from ``Case.objects.published_for(user)``: results, counts, facets and corrections alike.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import EmptyResultSet
from django.db import connection

from casestudies.domain.search import facets
from casestudies.domain.search.facets import FacetValue
from casestudies.domain.search.filters import (
    Filters,
    Place,
    both,
    distance,
    facets_hold,
    is_near,
    preferences,
    selected,
    wishes_hold,
)
from casestudies.domain.search.query import corrections
from casestudies.domain.search.query.understanding import Reading, understand
from casestudies.domain.search.suggesting import Help, suggest
from casestudies.models import Case, CaseIndex
from dxportal.core.organizations.models import Profile
from dxportal.core.textsearch.matching import Search, Sql, numbered, ordered

WINDOW = 300  # results whose order one statement fetches; as many as are ranked in full
NO_FILTERS = Filters()
BEST, NEAREST, NEWEST = "best", "nearest", "newest"

__all__ = ["FacetValue", "Filters", "Found", "Hit", "Place", "Reading", "find", "place_of"]


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
    known: dict[int, "corrections.Known"]


def find(
    user,
    text: str,
    filters: Filters = NO_FILTERS,
    *,
    sort: str = BEST,
    ignored: frozenset[str] = frozenset(),
    seen_from: Place | None = None,
) -> "Found":
    """Never fails, whatever the text. ``ignored``: codes of wishes and corrections that were taken back.

    ``seen_from``: whom results are near to when sorted so; without it the organisation that the person acts for.
    """
    sort = sort if sort in (NEAREST, NEWEST) else BEST
    return Found(user, text, filters, sort, frozenset(ignored), seen_from)


def place_of(user) -> Place | None:
    """The organisation that the person acts for, as of its newest profile."""
    organization = user.acting.organization
    if getattr(organization, "pk", None) is None:
        return None
    kind = organization.municipality_kind if organization.is_municipality else organization.kind
    newest = (
        Profile.objects.filter(organization=organization, population__isnull=False).order_by("-fiscal_year").first()
    )
    return Place(newest.population if newest else None, organization.prefecture.name, kind)


class Found:
    """The result of one search, read from the database when it is asked for."""

    def __init__(
        self, user, text: str, filters: Filters, sort: str, ignored: frozenset[str], seen_from: Place | None = None
    ):
        self.seen_from = seen_from
        self.user, self.text, self.filters, self.sort, self.ignored = user, text, filters, sort, ignored
        self._windows: dict[int, _Window] = {}

    @property
    def count(self) -> int:
        return self._window(0).count

    @property
    def reading(self) -> Reading:
        return self._settled

    def page(self, offset: int, limit: int) -> list[Hit]:
        offset, limit = max(0, offset), max(0, limit)
        rows: list[tuple[int, float]] = []
        while len(rows) < limit and offset + len(rows) < self.count:
            at = offset + len(rows)
            window = self._window(at - at % WINDOW)
            part = slice(at - window.start, at - window.start + limit - len(rows))
            fresh = list(zip(window.keys[part], window.scores[part], strict=True))
            if not fresh:
                break
            rows += fresh
        return self._hits(rows)

    def facets(self) -> dict[str, list[FacetValue]]:
        """The values of each facet with how many results they have, were the facet's own choice not made."""
        return facets.count(self._search(self._settled, faceted=False), self.filters.chosen())

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

    def help(self) -> Help:
        """What else could be tried; made for an empty result."""
        return suggest(self)

    # --- reading the query ----------------------------------------------------------------------------------------

    @functools.cached_property
    def _settled(self) -> Reading:
        """The reading after corrections, which depend on what the library holds."""
        reading = understand(self.text, self.ignored)
        window = self._fetch(reading, 0)
        if reading.soft_quotes and not window.count:
            reading = understand(self.text, self.ignored, soften=True)
            window = self._fetch(reading, 0)
        corrected, made = corrections.correct(reading, window.known, self._visible(), self.ignored)
        if made:
            better = replace(understand(corrected, self.ignored), corrections=tuple(made), text=self.text)
            better_window = self._fetch(better, 0)
            if better_window.count or not window.count:
                reading, window = better, better_window
        self._windows[0] = window
        return reading

    def _window(self, start: int) -> _Window:
        reading = self._settled
        if start not in self._windows:
            self._windows[start] = self._fetch(reading, start)
        return self._windows[start]

    # --- statements -----------------------------------------------------------------------------------------------

    def _visible(self) -> Sql:
        try:
            text, params = Case.objects.published_for(self.user).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # somebody without a membership
            return Sql(f"SELECT id FROM {Case._meta.db_table} WHERE FALSE")
        return Sql(text, tuple(params))

    def _search(self, reading: Reading, *, faceted: bool = True) -> Search:
        """``faceted``: with the chosen facets."""
        conditions = [wishes_hold(one for one in reading.wishes if one.strict)]
        conditions += [is_near(self.filters.near)] if self.filters.near else []
        conditions += [facets_hold(self.filters.chosen())] if faceted else []
        return Search(
            table=CaseIndex._meta.db_table,
            key="case_id",
            visible=self._visible(),
            concepts=reading.concepts,
            demand=reading.demand,
            where=both(conditions),
            boost=preferences(one for one in reading.wishes if not one.strict) + selected(),
            strict=reading.strict,
        )

    def statement(self) -> Sql:
        """What the database is asked for the first results once the query is understood, and nothing besides."""
        return self._statement(self._settled, 0)

    def _statement(self, reading: Reading, start: int) -> Sql:
        return Sql("WITH ") + ordered(self._search(reading)) + self._choice(start)

    def _fetch(self, reading: Reading, start: int) -> _Window:
        if reading.impossible:
            return _Window(start, 0, (), (), {})
        statement = self._statement(reading, start)
        with connection.cursor() as cursor:
            cursor.execute(statement.text, statement.params)
            count, keys, scores, known = cursor.fetchone()
        known = {unit: corrections.Known(*rest) for unit, *rest in known or ()}
        return _Window(start, count, keys or (), scores or (), known)

    def _choice(self, start: int) -> Sql:
        table = CaseIndex._meta.db_table
        return (
            Sql(
                " SELECT (SELECT count(*) FROM matched), array_agg(key ORDER BY place), array_agg(score ORDER BY place),"
                ' (SELECT json_agg(json_build_array(unit, known, own, "any")) FROM weighed) FROM (SELECT m.key,'
                " coalesce(m.score, 0)::float AS score, row_number() OVER (ORDER BY "
            )
            + self._order()
            + Sql(
                f" (m.best IS NULL), m.score DESC, m.coverage DESC, m.key) AS place FROM "
                # All ranked ones are matched: FULL, since PostgreSQL would compare each with each for a LEFT JOIN.
                "(SELECT m.key, m.coverage, r.key AS best, r.score FROM matched m FULL JOIN ranked r ON r.key = m.key "
                f"OFFSET 0) AS m JOIN {table} i ON i.case_id = m.key "
                "ORDER BY place OFFSET %s LIMIT %s) AS chosen",
                (start, WINDOW),
            )
        )

    def _order(self) -> Sql:
        if self.sort == NEWEST:
            return Sql("i.year DESC NULLS LAST, ")
        place = self.filters.near or self.seen_from or place_of(self.user) if self.sort == NEAREST else None
        return distance(place) + Sql(" NULLS LAST, ") if place else Sql("")

    def _hits(self, rows: Iterable[tuple[int, float]]) -> list[Hit]:
        rows = list(rows)
        cases = Case.objects.published_for(self.user).filter(pk__in=[pk for pk, _ in rows])
        titles = {pk: rest for pk, *rest in cases.values_list("pk", "source_id", "title")}
        return [Hit(pk, *titles[pk], round(score, 6)) for pk, score in rows if pk in titles]

    def units(self) -> list:
        """Every unit that is looked up, with the number of its concept."""
        return numbered(self.reading.concepts)

    def known_units(self) -> dict[int, int]:
        """For each of ``units`` how many cases hold it in any way."""
        return {number: known.any for number, known in self._window(0).known.items()}
