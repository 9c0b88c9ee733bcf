"""The guard against a list that asks the database once a row."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def assert_same_queries(visit: Callable[[], object], add: Callable[[int], object]) -> int:
    """``visit`` costs as many queries with three rows as with one; ``add(n)`` makes the n-th. How many they are."""
    add(1)
    visit()  # what is kept for good is read by now
    with CaptureQueriesContext(connection) as one_row:
        visit()
    add(2)
    add(3)
    with CaptureQueriesContext(connection) as three_rows:
        visit()
    assert len(three_rows) == len(one_row), "\n".join(query["sql"] for query in three_rows.captured_queries)
    return len(three_rows)
