"""A page of results, as the list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse

from casestudies.domain import marks
from casestudies.domain.reading import source_label, step_label
from casestudies.enums import PlaceRole
from casestudies.models import Case, CasePlace
from casestudies.views.searching_common import PAGE_SIZE, Asked

Pieces = Sequence[tuple[str, bool]]
MOST_PLACES, MOST_TAGS = 3, 6


@dataclass(frozen=True, slots=True)
class Row:
    """A result. Pieces are (text, whether it matched)."""

    case: Case
    url: str
    title: Pieces
    places: list[tuple[Pieces, int | None]]
    more_places: int
    step: str
    areas: list[str]
    tags: list[Pieces]
    snippet: Pieces
    source: str


@dataclass(frozen=True, slots=True)
class Results:
    rows: list[Row]
    page: Page
    previous: str
    next: str
    first: int
    last: int


def results(asked: Asked) -> Results:
    """The page asked for; a number beyond the end gives the last one."""
    page = Paginator(range(asked.count), PAGE_SIZE).get_page(asked.query.page)
    offset = PAGE_SIZE * (page.number - 1)
    hits = asked.found.page(offset, PAGE_SIZE) if asked.count else []
    cases = fetch(asked.user, [hit.pk for hit in hits])
    query = asked.query.at(page.number)
    rows = [_row(asked, case, f"?{query.encode(n=offset + number)}") for number, case in enumerate(cases, 1)]
    return Results(
        rows=rows,
        page=page,
        previous=asked.link(query.at(page.number - 1)) if page.has_previous() else "",
        next=asked.link(query.at(page.number + 1)) if page.has_next() else "",
        first=offset + 1,
        last=offset + len(rows),
    )


def fetch(user, pks: Sequence[int]) -> list[Case]:
    """The cases in this order, with what a list shows of them."""
    rows = Case.objects.published_for(user).filter(pk__in=pks).select_related("field", "document")
    found = {case.pk: case for case in rows.prefetch_related("places", "areas")}
    return [found[pk] for pk in pks if pk in found]


def main_places(case: Case) -> list[CasePlace]:
    return [place for place in case.places.all() if place.role == PlaceRole.MAIN]


def _row(asked: Asked, case: Case, query: str) -> Row:
    reading = asked.found.reading
    places = main_places(case)
    return Row(
        case=case,
        url=reverse("casestudies:detail", args=(case.source_id,)) + query,
        title=marks.highlight(reading, case.title),
        places=[(marks.highlight(reading, one.full_name), one.population) for one in places[:MOST_PLACES]],
        more_places=len(places[MOST_PLACES:]),
        step=step_label(case),
        areas=[area.name for area in case.areas.all()],
        tags=[marks.highlight(reading, tag) for tag in case.tags[:MOST_TAGS]],
        snippet=marks.snippet(reading, case, 150),
        source=source_label(case),
    )
