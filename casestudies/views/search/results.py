"""A page of results, as the list shows them, with what matched marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import inf, log
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from casestudies.domain.reading.detail import source_label, step_label
from casestudies.domain.search.marks import Marker, Pieces
from casestudies.domain.search.search import NEAREST, Hit
from casestudies.enums import PlaceRole
from casestudies.forms.search.address import SearchAddress
from casestudies.models import Case, CasePlace
from casestudies.views.search.inquiry import PAGE_SIZE, Inquiry

APART = "\n"  # between texts that are searched for marks together: one analysis instead of ten
MOST_PLACES = 3
MOST_TAGS = 6
MOST_KEYWORDS = 3
SNIPPET = 150  # characters


@dataclass(frozen=True, slots=True)
class HitRow:
    case: Case
    url: str
    title: SafeString
    places: list[tuple[SafeString, int | None]]
    more_places: int
    step: str
    tags: list[SafeString]
    snippet: SafeString
    source: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    rows: list[Any]
    page: Page
    previous: str
    next: str
    first: int
    last: int


def results(inquiry: Inquiry) -> ResultPage:
    """The page asked for; a number beyond the end gives the last one."""
    return paged(inquiry, case_rows)


def case_rows(inquiry: Inquiry, hits: Sequence[Hit], address: SearchAddress, offset: int) -> list[HitRow]:
    """``offset``: how many results come before. Each leads to its case, and from there on to the next one."""
    cases = in_order(inquiry.user, [hit.pk for hit in hits], "places")
    marker = Marker(inquiry.result.reading)
    return [
        row_of(inquiry, marker, case, f"?{address.encode(n=offset + number)}") for number, case in enumerate(cases, 1)
    ]


def paged(inquiry: Inquiry, draw: Callable[[Inquiry, Sequence[Hit], SearchAddress, int], list[Any]]) -> ResultPage:
    """``draw``: the rows of these hits; with the address of the page, and how many results come before."""
    page = Paginator(range(inquiry.count), PAGE_SIZE).get_page(inquiry.address.page)
    offset = PAGE_SIZE * (page.number - 1)
    hits = inquiry.result.page(offset, PAGE_SIZE) if inquiry.count else []
    address = inquiry.address.at(page.number)
    rows = draw(inquiry, hits, address, offset)
    return ResultPage(
        rows=rows,
        page=page,
        previous=inquiry.link(address.at(page.number - 1)) if page.has_previous() else "",
        next=inquiry.link(address.at(page.number + 1)) if page.has_next() else "",
        first=offset + 1,
        last=offset + len(rows),
    )


def in_order(user, pks: Sequence[int], *parts: str) -> list[Case]:
    """The cases in this order, with these parts of theirs; one that was withdrawn since is left out."""
    rows = Case.objects.published_for(user).filter(pk__in=pks).select_related("field", "document")
    cases = {case.pk: case for case in rows.prefetch_related(*parts)}
    return [cases[pk] for pk in pks if pk in cases]


def main_places(case: Case) -> list[CasePlace]:
    return [place for place in case.places.all() if place.role == PlaceRole.MAIN]


def places_of(inquiry: Inquiry, case: Case) -> list[CasePlace]:
    """In the order of the document, or where the order is by it, nearest in population first."""
    places = main_places(case)
    if inquiry.standpoint is None or inquiry.address.sort != NEAREST:
        return places
    own = log(inquiry.standpoint.population)
    return sorted(places, key=lambda place: abs(log(place.population) - own) if place.population else inf)


def row_of(inquiry: Inquiry, marker: Marker, case: Case, query: str) -> HitRow:
    """Where nothing on show matched, the keywords by which the case was found join the tags."""
    places = places_of(inquiry, case)
    names = [place.full_name for place in places[:MOST_PLACES]]
    shown = marked_lines(marker, [case.title, *names, *case.tags[:MOST_TAGS]])
    snippet = marker.snippet(case, SNIPPET)
    if not any(map(has_mark, (*shown, snippet))):
        shown += [line for line in marked_lines(marker, case.keywords) if has_mark(line)][:MOST_KEYWORDS]
    title, *others = map(marked, shown)
    return HitRow(
        case=case,
        url=reverse("casestudies:detail", args=(case.source_id,)) + query,
        title=title,
        places=[(name, place.population) for name, place in zip(others, places, strict=False)][: len(names)],
        more_places=len(places) - len(names),
        step=step_label(case),
        tags=others[len(names) :],
        snippet=marked(snippet),
        source=source_label(case),
    )


def marked_lines(marker: Marker, texts: Sequence[str]) -> list[Pieces]:
    """Each text in pieces, with whether they matched."""
    lines: list[Pieces] = [[]]
    for piece, matched in marker.highlight(APART.join(" ".join(text.split()) for text in texts)):
        first, *rest = piece.split(APART)
        lines[-1].append((first, matched))
        lines += [[(text, matched)] for text in rest]
    return lines


def has_mark(pieces: Pieces) -> bool:
    return any(matched and text for text, matched in pieces)


def marked(pieces: Pieces) -> SafeString:
    """Escaped text with ``<mark>`` around what matched."""
    shown = (f"<mark>{escape(text)}</mark>" if matched and text else escape(text) for text, matched in pieces)
    return mark_safe("".join(shown))
