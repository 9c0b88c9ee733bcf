"""The case before and the case after, in the search that led to a case's page (``templates/casestudies/search/_around.html``)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from casestudies.domain.search.search import Hit
from casestudies.forms.search.address import SearchAddress
from casestudies.views.search.inquiry import PAGE_SIZE, inquire


@dataclass(frozen=True, slots=True)
class NeighbourLink:
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Around:
    """``position`` counts from 1; ``back`` is the page of the list that holds the case."""

    position: int
    count: int
    previous: NeighbourLink | None
    next: NeighbourLink | None
    back: str


def around(request: HttpRequest, source_id: str) -> Around | None:
    """None unless the address comes from a result list (``n=``) and its search still finds the case."""
    if "n" not in request.GET:
        return None
    inquiry = inquire(request)
    neighbours = inquiry.result.around(source_id)
    if neighbours is None:
        return None
    position, before, after = neighbours
    return Around(
        position=position,
        count=inquiry.count,
        previous=neighbour_link(inquiry.address, before, position - 1),
        next=neighbour_link(inquiry.address, after, position + 1),
        back=inquiry.link(inquiry.address.at(page_of(position))),
    )


def neighbour_link(address: SearchAddress, hit: Hit | None, position: int) -> NeighbourLink | None:
    if hit is None:
        return None
    link = reverse("casestudies:detail", args=(hit.source_id,))
    return NeighbourLink(hit.title, f"{link}?{address.at(page_of(position)).encode(n=position)}")


def page_of(position: int) -> int:
    return (position - 1) // PAGE_SIZE + 1
