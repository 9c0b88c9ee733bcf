"""Brings the library of published documents in, and ties its organisations to those that the portal knows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from casestudies.domain.content import PLAIN
from casestudies.domain.contribution.case_file import CaseRow, DocumentRow, Library
from casestudies.domain.contribution.ties import Ties
from casestudies.domain.search import index
from casestudies.enums import Audience, CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseDocument, CaseFigure, CaseLink, CasePlace
from dxportal.core.organizations.domain.matching import PlaceMatcher
from dxportal.core.organizations.domain.places import as_place
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area, Term

# What a library row holds under the name of the column.
COLUMNS = (*PLAIN, "page", "place", "step_basis")
PLACE_KEYS = (
    "role", "position", "name", "kana", "prefecture_name", "kind", "population", "population_date", "staff", "basis",
    "url", "note",
)  # fmt: skip
FIGURE_KEYS = ("kind", "position", "value", "unit", "meaning", "printed")


@dataclass(frozen=True, slots=True)
class LoadedCases:
    """Numbers of cases."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def load(library: Library) -> LoadedCases:
    """Makes or brings up to date every case by its source id; a case that is as the file says is not touched."""
    documents = {}
    for row in library.documents:
        values = {name: getattr(row, name) for name in DocumentRow.model_fields if name != "code"}
        documents[row.code], _ = CaseDocument.objects.update_or_create(code=row.code, defaults=values)
    areas = _by_code(Area)
    terms = _by_code(Term)
    stored = Case.objects.filter(source_id__in=[row.source_id for row in library.cases])
    stored = stored.select_related("document", "field")
    stored = stored.prefetch_related("places", "figures", "links", "areas", "terms")
    known = {case.source_id: case for case in stored}
    created = [row for row in library.cases if row.source_id not in known]
    changed = [row for row in library.cases if row.source_id in known and _differs(known[row.source_id], row)]
    written_rows = [*created, *changed]
    ties = Ties.among(place.prefecture for row in written_rows for place in (*row.organizations, *row.similar))
    written = [
        _write(known.get(row.source_id), row, documents[row.document], areas, terms, ties) for row in written_rows
    ]
    index.write([case.pk for case in written])
    return LoadedCases(len(created), len(changed), len(library.cases) - len(written))


@transaction.atomic
def link(organizations: Iterable[Organization]) -> int:
    """Ties places without an organisation to the real ones among these that they name; number of places tied."""
    new = [as_place(organization) for organization in organizations if can_be_named(organization)]
    waiting = CasePlace.objects.filter(organization=None, prefecture_name__in={place.prefecture for place in new})
    # Most organisations that come in are named by no case: only for the others is the whole prefecture read.
    among_new = PlaceMatcher(new)
    if not any(among_new.named(*named) for named in waiting.values_list("name", "prefecture_name")):
        return 0
    ties = Ties.among(place.prefecture for place in new)
    keys = {place.pk for place in new}
    tied = []
    # Locked, so that a place that somebody writes at this moment isn't written over.
    for place in waiting.select_for_update():
        place.organization_id = ties.organization(place.name, place.prefecture_name)
        tied += [place] if place.organization_id in keys else []
    CasePlace.objects.bulk_update(tied, ["organization"])
    index.write({place.case_id for place in tied})
    return len(tied)


def can_be_named(organization: Organization) -> bool:
    has_prefecture = organization.prefecture is not None  # a new prefecture points to itself only when it has a key
    return has_prefecture and not organization.fictional and organization.kind != OrganizationKind.BUREAU


def _by_code(model: type[Area] | type[Term]) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}


def _differs(case: Case, row: CaseRow) -> bool:
    if any(getattr(case, name) != getattr(row, name) for name in COLUMNS) or case.document is None:
        return True
    areas = {area.code for area in case.areas.all()}
    terms = {term.code for term in case.terms.all()}
    return (
        (case.document.code, case.field and case.field.code) != (row.document, row.field)
        or (tuple(case.tags), tuple(case.keywords)) != (row.tags, row.keywords)
        or (areas, terms) != (set(row.areas), set(row.terms))
        or [_kept(place, PLACE_KEYS) for place in case.places.all()] != _places(row, case.document.population_date)
        or [_kept(figure, FIGURE_KEYS) for figure in case.figures.all()] != _figures(row)
        or [(link.label, link.url) for link in case.links.all()] != [(link.label, link.url) for link in row.links]
    )


def _kept(part: CasePlace | CaseFigure, keys: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(part, name) for name in keys}


def _write(case: Case | None, row: CaseRow, document: CaseDocument, areas: dict, terms: dict, ties: Ties) -> Case:
    case = case or Case(source_id=row.source_id, state=CaseState.PUBLISHED, audience=Audience.EVERYONE)
    for name in COLUMNS:
        setattr(case, name, getattr(row, name))
    case.document = document
    case.field = terms[row.field]
    case.tags = list(row.tags)
    case.keywords = list(row.keywords)
    case.published_at = case.published_at or timezone.now()
    case.save()
    case.areas.set(areas[code] for code in row.areas)
    case.terms.set(terms[code] for code in row.terms)
    # The file gives parts no key by which to find them again, and only a case that differs comes here.
    for parts in (case.places, case.figures, case.links):
        parts.all().delete()
    places = [CasePlace(case=case, **values) for values in _places(row, document.population_date)]
    for place in places:
        place.organization_id = ties.organization(place.name, place.prefecture_name)
    CasePlace.objects.bulk_create(places)
    CaseFigure.objects.bulk_create([CaseFigure(case=case, **values) for values in _figures(row)])
    CaseLink.objects.bulk_create(
        [CaseLink(case=case, position=n, label=link.label, url=link.url) for n, link in enumerate(row.links)]
    )
    return case


def _places(row: CaseRow, population_date: dt.date | None) -> list[dict[str, Any]]:
    both = ((PlaceRole.MAIN, row.organizations), (PlaceRole.SIMILAR, row.similar))
    return [
        {
            "role": role,
            "position": position,
            "name": place.name,
            "kana": place.kana,
            "prefecture_name": place.prefecture,
            "kind": place.kind,
            "population": place.population,
            "population_date": population_date if place.population is not None else None,
            "staff": place.staff,
            "basis": place.basis,
            "url": place.url,
            "note": place.note,
        }
        for role, places in both
        for position, place in enumerate(places)
    ]


def _figures(row: CaseRow) -> list[dict[str, Any]]:
    """In the order of the table: costs come before figures, as their kinds sort."""
    both = ((FigureKind.COST, row.costs), (FigureKind.FIGURE, row.figures))
    return [
        {"kind": kind, "position": position} | {name: getattr(figure, name) for name in FIGURE_KEYS[2:]}
        for kind, figures in both
        for position, figure in enumerate(figures)
    ]
