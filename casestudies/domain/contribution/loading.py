"""Brings the library of published documents in, and ties its organisations to those that the portal knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casestudies.domain.content import PLAIN
from casestudies.domain.contribution.case_file import CaseRow, DocumentRow, FigureRow, Library, PlaceRow
from casestudies.domain.search import index
from casestudies.enums import Audience, CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseDocument, CaseFigure, CaseLink, CasePlace
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area, Term

# What a library row holds under the name of the column.
COLUMNS = (*PLAIN, "page", "place", "step_basis")


@dataclass(frozen=True, slots=True)
class LoadedCases:
    """Numbers of cases."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def load(library: Library) -> LoadedCases:
    """Makes or brings up to date every case by its source id; a case that is as the file says is not touched."""
    documents = {row.code: _document(row) for row in library.documents}
    areas, terms = _by_code(Area), _by_code(Term)
    known = {case.source_id: case for case in _stored(row.source_id for row in library.cases)}
    created = [row for row in library.cases if row.source_id not in known]
    changed = [row for row in library.cases if row.source_id in known and _differs(known[row.source_id], row)]
    written = [
        _write(known.get(row.source_id), row, documents[row.document], areas, terms) for row in (*created, *changed)
    ]
    index.write([case.pk for case in written])
    return LoadedCases(len(created), len(changed), len(library.cases) - len(written))


@transaction.atomic
def link(organizations: Iterable[Organization]) -> int:
    """Ties places without an organisation to real ones of the same name and prefecture; number of places tied."""
    by_name = {(one.name, one.prefecture.name): one for one in organizations if _linkable(one)}
    waiting = CasePlace.objects.filter(organization=None, name__in={name for name, _ in by_name})
    tied = []
    for place in waiting.select_for_update():
        place.organization = by_name.get((place.name, place.prefecture_name))
        tied += [place] if place.organization else []
    CasePlace.objects.bulk_update(tied, ["organization"])
    index.write({place.case_id for place in tied})
    return len(tied)


def _linkable(one: Organization) -> bool:
    return not one.fictional and one.kind != OrganizationKind.BUREAU and one.prefecture_id is not None


def _by_code(model) -> dict:
    return {one.code: one for one in model.objects.all()}


def _document(row: DocumentRow) -> CaseDocument:
    values = {name: getattr(row, name) for name in DocumentRow.model_fields if name != "code"}
    document, _ = CaseDocument.objects.update_or_create(code=row.code, defaults=values)
    return document


def _stored(source_ids: Iterable[str]) -> Sequence[Case]:
    rows = Case.objects.filter(source_id__in=list(source_ids)).select_related("document", "field")
    return rows.prefetch_related("places", "figures", "links", "areas", "terms")


def _differs(case: Case, row: CaseRow) -> bool:
    if any(getattr(case, name) != getattr(row, name) for name in COLUMNS):
        return True
    areas, terms = {one.code for one in case.areas.all()}, {one.code for one in case.terms.all()}
    return (
        (case.document.code, case.field.code) != (row.document, row.field)
        or (tuple(case.tags), tuple(case.keywords)) != (row.tags, row.keywords)
        or (areas, terms) != (set(row.areas), set(row.terms))
        or [_place_values(one) for one in case.places.all()] != _places(row, case.document.population_date)
        or [_figure_values(one) for one in case.figures.all()] != _figures(row)
        or [(one.label, one.url) for one in case.links.all()] != [(one.label, one.url) for one in row.links]
    )


def _write(case: Case | None, row: CaseRow, document: CaseDocument, areas: dict, terms: dict) -> Case:
    case = case or Case(source_id=row.source_id, state=CaseState.PUBLISHED, audience=Audience.EVERYONE)
    for name in COLUMNS:
        setattr(case, name, getattr(row, name))
    case.document, case.field = document, terms[row.field]
    case.tags, case.keywords = list(row.tags), list(row.keywords)
    case.published_at = case.published_at or timezone.now()
    case.save()
    case.areas.set(areas[code] for code in row.areas)
    case.terms.set(terms[code] for code in row.terms)
    _replace(case.places, [CasePlace(case=case, **values) for values in _places(row, document.population_date)])
    _replace(case.figures, [CaseFigure(case=case, **values) for values in _figures(row)])
    links = enumerate(row.links)
    _replace(case.links, [CaseLink(case=case, position=n, label=one.label, url=one.url) for n, one in links])
    _tie(case)
    return case


def _replace(manager, rows: list) -> None:
    manager.all().delete()
    manager.bulk_create(rows)


def _tie(case: Case) -> None:
    places = list(case.places.filter(organization=None).exclude(prefecture_name=""))
    wanted = Q(pk__in=())
    for place in places:
        wanted |= Q(name=place.name, prefecture__name=place.prefecture_name)
    known = Organization.objects.filter(wanted, fictional=False).exclude(kind=OrganizationKind.BUREAU)
    by_name = {(one.name, one.prefecture.name): one for one in known.select_related("prefecture")}
    for place in places:
        place.organization = by_name.get((place.name, place.prefecture_name))
    CasePlace.objects.bulk_update(places, ["organization"])


def _places(row: CaseRow, population_date) -> list[dict]:
    both = ((PlaceRole.MAIN, row.organizations), (PlaceRole.SIMILAR, row.similar))
    return [_place(role, position, one, population_date) for role, rows in both for position, one in enumerate(rows)]


def _place(role: str, position: int, one: PlaceRow, population_date) -> dict:
    return {
        "role": role,
        "position": position,
        "name": one.name,
        "kana": one.kana,
        "prefecture_name": one.prefecture,
        "kind": one.kind,
        "population": one.population,
        "population_date": population_date if one.population is not None else None,
        "staff": one.staff,
        "basis": one.basis,
        "url": one.url,
        "note": one.note,
    }


def _place_values(place: CasePlace) -> dict:
    return {name: getattr(place, name) for name in PLACE_KEYS}


PLACE_KEYS = tuple(_place("", 0, PlaceRow(name="x", kind="city"), None))


def _figures(row: CaseRow) -> list[dict]:
    """In the order of the table: costs come before figures, as their kinds sort."""
    both = ((FigureKind.COST, row.costs), (FigureKind.FIGURE, row.figures))
    return [_figure(kind, position, one) for kind, rows in both for position, one in enumerate(rows)]


def _figure(kind: str, position: int, one: FigureRow) -> dict:
    return {
        "kind": kind,
        "position": position,
        "value": one.value,
        "unit": one.unit,
        "meaning": one.meaning,
        "printed": one.printed,
    }


def _figure_values(figure: CaseFigure) -> dict:
    return {name: getattr(figure, name) for name in FIGURE_KEYS}


FIGURE_KEYS = ("kind", "position", "value", "unit", "meaning", "printed")
