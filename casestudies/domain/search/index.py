"""Writes what the search reads, in the transaction that changes a case.

``write`` is the last step of every function that changes a case; ``rebuild`` writes all rows anew.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import Cursor
from psycopg.rows import dict_row

from casestudies.domain.search import facets, index_rows
from casestudies.models import Case
from dxportal.core.kana import is_katakana
from dxportal.core.textsearch.vectors import build

CHUNK = 200
Progress = Callable[[int, int], None]

STORE = """
INSERT INTO casestudies_caseindex (case_id, revision, vector, facets, populations, kinds, prefectures, year)
SELECT case_id, revision, vector::tsvector, facets::text[], populations::int[], kinds::text[], prefectures::text[], year
FROM unnest(%b::bigint[], %b::int[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::int[])
    AS r (case_id, revision, vector, facets, populations, kinds, prefectures, year)
ON CONFLICT (case_id) DO UPDATE SET revision = excluded.revision, vector = excluded.vector, facets = excluded.facets,
    populations = excluded.populations, kinds = excluded.kinds, prefectures = excluded.prefectures, year = excluded.year
"""
# Looking at a phrase or ranking a row unpacks its vector: with lz4, where the server has it, in half the time.
PACKING = """
SELECT set_config(name, 'lz4', TRUE) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)
"""
# In order, so that two writers of the same words wait for each other rather than forever.
STORE_WORDS = """
INSERT INTO casestudies_indexedword (word, reading, is_katakana, is_name)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bool[], %s::bool[]) ORDER BY 1
ON CONFLICT (word) DO UPDATE SET is_name = TRUE WHERE excluded.is_name AND NOT casestudies_indexedword.is_name
"""


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: tuple[list, ...]
    words: tuple[list, ...]


@transaction.atomic
def write(pks: Collection[int]) -> None:
    """The index rows of these cases, as they are now."""
    if pks:
        # Cases are locked in one order: two writers of the same ones wait for each other rather than forever.
        _write(sorted(pks))


@transaction.atomic
def rebuild(progress: Progress | None = None) -> int:
    """All index rows anew; number of cases. ``progress`` is told how many of how many are done."""
    pks = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        # ``write`` only ever adds words: those of cases that are gone go here, or they would be offered for ever.
        cursor.execute("DELETE FROM casestudies_indexedword")
    _write(pks, progress)
    return len(pks)


def _write(pks: Sequence[int], progress: Progress | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PACKING)
    seen: set[str] = set()
    done = 0
    waiting: Future[None] | None = None
    # psycopg's own errors would not be known as a database that is away: a page of 500, and a job that isn't begun anew.
    with connection.wrap_database_errors, ThreadPoolExecutor(1, "index-writer") as writer:
        for start in range(0, len(pks), CHUNK):
            chunk = pks[start : start + CHUNK]
            rows = read_rows(chunk)
            # The database stores one chunk on its processor while the next is analysed on ours.
            batch = _analyse(rows, seen)
            if waiting is not None:
                waiting.result()
            waiting = writer.submit(_store, batch, _raw())
            done += len(chunk)
            if progress:
                progress(done, len(pks))
        if waiting is not None:
            waiting.result()


def read_rows(pks: Collection[int]) -> list[index_rows.Row]:
    """Locked until the end of the transaction: what is written belongs to the revision that was read."""
    with _raw().cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(index_rows.ROWS, (list(pks),)).fetchall()
        organizations = sorted({place[-1] for row in rows for place in row["places"] if place[-1]})
        names: dict[int, list[tuple[str, str]]] = defaultdict(list)
        if organizations:
            for line in cursor.execute(index_rows.NAMES, (organizations, organizations)):
                names[line["root"]].append((line["name"], line["kana"]))
    return [index_rows.prepared(row, names) for row in rows]


def _analyse(rows: Sequence[index_rows.Row], seen: set[str]) -> _Batch:
    stored: list[tuple] = []
    spoken: dict[str, str] = {}
    for row in rows:
        built = build(index_rows.document(row))
        arrays: tuple[Collection[Any], ...] = (facets.indexed(row), *index_rows.sizes(row))
        stored.append((row["id"], row["revision"], built.literal, *map(_array, arrays), row["year"]))
        spoken.update(built.spoken)
    # The later line wins: what is both a word of a text and an organisation's name counts as a name.
    words = {word: (reading, False) for word, reading in spoken.items() if word not in seen}
    words |= {phrase: ("", False) for phrase in index_rows.phrases(rows) if phrase not in seen and phrase not in words}
    words |= {name: (name, True) for name in index_rows.name_words(rows) if name not in seen}
    seen.update(words)
    columns = [(word, reading, is_katakana(word), named) for word, (reading, named) in words.items()]
    return _Batch(_columns(stored, 8), _columns(columns, 4))


def _raw() -> Any:
    """psycopg's own connection, which threads may share."""
    connection.ensure_connection()
    return connection.connection


def _array(values: Collection[Any]) -> str:
    """A PostgreSQL array's literal; unnest would flatten a list of lists."""
    quoted = ('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    # Always quoted, so that NULL, commas and braces in a value are text.
    return "{" + ",".join(quoted) + "}"


def _columns(rows: Collection[tuple], width: int) -> tuple[list, ...]:
    return tuple([row[n] for row in rows] for n in range(width))


def _store(batch: _Batch, raw: Any) -> None:
    """``raw``: the connection of the thread that holds the transaction."""
    # Values go beside the statement, in binary: Django's cursor would quote megabytes into its text.
    with Cursor(raw) as cursor:
        cursor.execute(STORE, batch.rows)
        if batch.words[0]:
            cursor.execute(STORE_WORDS, batch.words)
