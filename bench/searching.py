"""The case search as JSON over a large library, against the bare statement of the same query."""

import operator
import time
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from psycopg.sql import Composable

from bench import people
from bench.figures import Figure
from bench.load import Ask, Times, measure
from bench.pages import CROWD, server
from casestudies.domain.search import search
from casestudies.models import Case
from dxportal.core.accounts.models import User

ROUNDS = 3
LIMIT = 20
AIM = 3


def queries() -> list[str]:
    """One a line; lines that begin with # say what the next ones are."""
    lines = Path(__file__).with_name("queries.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def run() -> list[Figure]:
    """95th percentiles over all queries. One client alone; statement and request of a query follow one another."""
    user = User.objects.get(memberships__role="prefecture_staff", memberships__organization__code="020000")
    asked = [(statement(user, one), Ask(path(one))) for one in queries()]
    cookie, _ = people.cookies(user)
    with server() as port:
        every = [ask for _, ask in asked]
        measure(port, cookie, every, threads=CROWD, requests=len(every), warmup=0)
        pairs = [
            (bare(sql), measure(port, cookie, [ask], threads=1, requests=1, warmup=0))
            for _ in range(ROUNDS)
            for sql, ask in asked
        ]
    return [figure(pairs)]


def figure(pairs: list[tuple[Times, Times]]) -> Figure:
    """``pairs``: statement and request of each query, round after round."""
    floor, page = together(pairs)
    queries = [together(pairs[n :: len(pairs) // ROUNDS]) for n in range(len(pairs) // ROUNDS)]
    worst = max(json.median / sql.median for sql, json in queries)
    note = (
        f"medians {page.median:.1f} ms, statement {floor.median:.1f} ms; {len(queries)} queries, one client; "
        f"the query with the largest ratio {worst:.1f} times its statement"
    )
    name = f"case search over {Case.objects.count():,} cases, as JSON (95th percentiles)"
    return Figure(name, page.p95, floor.p95, AIM, page.p95, note)


def together(pairs: Iterable[tuple[Times, Times]]) -> tuple[Times, Times]:
    floors, pages = zip(*pairs, strict=True)
    return reduce(operator.add, floors), reduce(operator.add, pages)


def path(query: str) -> str:
    return f"{reverse('casestudies:search_json')}?{urlencode({'q': query, 'limit': LIMIT})}"


def statement(user: User, query: str) -> Composable:
    """The very statement that brings the results of the query, corrections made."""
    return search.find(user, query).statement()


def bare(sql: Composable) -> Times:
    """The statement alone, its rows fetched."""
    begun = time.perf_counter()
    rows = fetch(sql)
    return Times(((time.perf_counter() - begun) * 1000,), len(rows))


def fetch(sql: Composable) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
