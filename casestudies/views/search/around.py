"""The case before and the case after, in the search that led to a case's page (``templates/casestudies/search/_around.html``)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from casestudies.forms.search.query import Query
from casestudies.views.search.common import PAGE_SIZE, address, ask


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Around:
    """``position`` counts from 1; ``back`` is the page of the list that holds the case."""

    position: int
    count: int
    previous: Step | None
    next: Step | None
    back: str


def around(request: HttpRequest, source_id: str) -> Around | None:
    """None unless the address comes from a result list (``n=``) and its search still finds the case."""
    if "n" not in request.GET:
        return None
    asked = ask(request)
    neighbours = asked.found.around(source_id)
    if neighbours is None or not neighbours[0]:
        return None
    position, before, after = neighbours
    return Around(
        position=position,
        count=asked.count,
        previous=_step(asked.query, before, position - 1),
        next=_step(asked.query, after, position + 1),
        back=address("casestudies:search", asked.query.at(page_of(position))),
    )


def _step(query: Query, hit, position: int) -> Step | None:
    if hit is None:
        return None
    link = reverse("casestudies:detail", args=(hit.source_id,))
    return Step(hit.title, f"{link}?{query.at(page_of(position)).encode(n=position)}")


def page_of(position: int) -> int:
    return (position - 1) // PAGE_SIZE + 1
