"""Writes what the search reads, in the transaction that changes a case."""

from collections.abc import Collection

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from casestudies.models import Case, CaseIndex


def write(pks: Collection[int]) -> None:
    """The index rows of these cases, as they are now."""
    for case in Case.objects.filter(pk__in=pks):
        vector = SearchVector(Value(f"{case.title} {case.summary}"), config="simple")
        CaseIndex.objects.update_or_create(case=case, defaults={"vector": vector, "revision": case.revision})
