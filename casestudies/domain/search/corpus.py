"""What a search goes over: the case library by itself, or together with what another floor joins to it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from psycopg.sql import SQL, Composable

from casestudies.domain.search.facets import FACETS, FacetTable
from casestudies.models import Case, CaseIndex, IndexedWord


@dataclass(frozen=True, slots=True)
class Corpus:
    """``table``: index rows with the columns of CaseIndex, told apart by ``key``.

    ``words``: the model of what is written in them (columns of IndexedWord). ``visible``: a query of the keys that a
    person may see. ``titles``: of these keys what the person sees, key → (number, title).
    """

    table: str
    key: str
    words: type[Model]
    facets: FacetTable
    visible: Callable[[Any], Composable]
    titles: Callable[[Any, Collection[int]], dict[int, tuple[str, str]]]

    def known_names(self, spellings: Collection[str]) -> set[str]:
        """Which of these spellings (as by ``name_key``) are names of organisations in it."""
        rows = self.words._default_manager.filter(word__in=spellings, is_name=True)
        return set(rows.values_list("word", flat=True))

    def seen_by(self, user: Any) -> "SeenCorpus":
        return SeenCorpus(self, self.visible(user))


@dataclass(frozen=True, slots=True)
class SeenCorpus:
    """``visible``: a query of the keys that somebody may see."""

    corpus: Corpus
    visible: Composable

    def words(self) -> QuerySet:
        """Of all rows: whoever shows one looks for it among the visible ones first."""
        return self.corpus.words._default_manager.all()


def keys_of(rows: QuerySet, column: str = "pk") -> Composable:
    """The query of their keys as SQL."""
    try:
        # Without the model's order: only whether a row is among them is asked, so sorting would be for nothing.
        query, params = rows.order_by().values(column).query.sql_with_params()
    except EmptyResultSet:  # somebody without a membership
        return SQL("SELECT NULL::bigint WHERE FALSE")
    return SQL(connection.ops.compose_sql(query, params))  # type: ignore[attr-defined]  # PostgreSQL's own


def case_keys(user: Any) -> Composable:
    return keys_of(Case.objects.published_for(user))


def case_titles(user: Any, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Case.objects.published_for(user).filter(pk__in=keys).values_list("pk", "source_id", "title")
    return {pk: (source_id, title) for pk, source_id, title in rows}


CASES = Corpus(CaseIndex._meta.db_table, "case_id", IndexedWord, FACETS, case_keys, case_titles)
