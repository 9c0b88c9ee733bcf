"""Writing a case: create, change, delete. Every change ends with the search index in the same transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from casestudies.domain.content import Content, Figure, Link, Place
from casestudies.domain.contribution import source_ids
from casestudies.domain.search import index
from casestudies.enums import Audience, CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseFigure, CaseLink, CasePlace
from casestudies.querysets import CONTRIBUTING_ROLES
from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area, Term

SAME_NAME = (
    "title", "summary", "step", "issue", "approach", "actions", "outcome", "points", "cost_text", "period", "year", "notes",
)  # fmt: skip
TWICE_WITHIN = dt.timedelta(minutes=10)


class StaleError(Exception):
    """Somebody else changed the case meanwhile; ``stored`` is what it says now, as ``revision``."""

    def __init__(self, stored: Content, revision: int):
        super().__init__("この事例は、入力中にほかの人が変更しました。")
        self.stored, self.revision = stored, revision


class CaseError(ValidationError):
    """Not possible now; the message says why, for the person."""


def with_parts(cases):
    """Prefetches what ``content_of`` reads."""
    return cases.select_related("field").prefetch_related("areas", "terms", "places", "figures", "links")


def content_of(case: Case) -> Content:
    """What the case says now. In lists call it on ``with_parts``."""
    values = {name: getattr(case, name) for name in SAME_NAME}
    places, figures = list(case.places.all()), list(case.figures.all())
    return Content(
        **values,
        field=case.field.code if case.field else "",
        areas=tuple(one.code for one in case.areas.all()),
        terms=tuple(one.code for one in case.terms.all()),
        tags=tuple(case.tags),
        keywords=tuple(case.keywords),
        organizations=tuple(_place(one) for one in places if one.role == PlaceRole.MAIN),
        similar=tuple(_place(one) for one in places if one.role == PlaceRole.SIMILAR),
        figures=tuple(_figure(one) for one in figures if one.kind == FigureKind.FIGURE),
        costs=tuple(_figure(one) for one in figures if one.kind == FigureKind.COST),
        links=tuple(Link(one.label, one.url) for one in case.links.all()),
    )


def create(content: Content, *, user) -> Case:
    """A draft of the person's organisation; a consultant's belongs to the consultant alone until it is published.

    The same content by the same person shortly after (a double click) gives the case that is already there.
    """
    if user.role not in CONTRIBUTING_ROLES:
        raise PermissionDenied
    organization = user.acting.organization
    with transaction.atomic():
        number = source_ids.take(organization)
        if twin := _twin(content, user):
            return twin
        case = Case(
            source_id=number,
            state=CaseState.DRAFT,
            audience=Audience.PREFECTURE,
            prefecture_id=organization.prefecture_id,
            organization=None if user.role == Role.CONSULTANT else organization,
            author=user,
        )
        _write(case, content)
    return case


def change(case_id: int, content: Content, *, user, revision: int) -> Case:
    """Stores ``content``, written by somebody who saw ``revision``.

    Raises PermissionDenied, and StaleError where the case says something else by now than at that revision. The same
    content again changes nothing and is no error.
    """
    with transaction.atomic():
        case = locked(case_id, user)
        stored = content_of(case)
        if stored == in_order(content, stored):
            return case
        if case.revision != revision:
            raise StaleError(stored, case.revision)
        _write(case, content)
        return case


def delete(case_id: int, *, user) -> None:
    """A draft that was never published; PermissionDenied, CaseError."""
    with transaction.atomic():
        case = locked(case_id, user)
        if case.state != CaseState.DRAFT:
            raise CaseError("下書きのほかは削除できません。", code="not_draft")
        if case.published_at:
            raise CaseError(
                "公開したことのある事例は削除できません。下書きのまま残してください。", code="was_published"
            )
        case.delete()


def locked(case_id: int, user) -> Case:
    """The row, locked; PermissionDenied unless the person may change it."""
    case = Case.objects.editable_by(user).filter(pk=case_id).select_for_update(of=("self",)).first()
    if case is None:
        raise PermissionDenied
    return case


def in_order(content: Content, like: Content) -> Content:
    """Areas and terms are sets: in the order of ``like`` where they are the same ones."""
    same = {name: getattr(like, name) for name in ("areas", "terms") if _same(content, like, name)}
    return _with(content, **same)


def _same(one: Content, other: Content, name: str) -> bool:
    return sorted(getattr(one, name)) == sorted(getattr(other, name))


def _with(content: Content, **values: Any) -> Content:
    return Content(**{name: getattr(content, name) for name in Content.__slots__} | values)


def _twin(content: Content, user) -> Case | None:
    recent = Case.objects.filter(author=user, title=content.title, created_at__gte=timezone.now() - TWICE_WITHIN)
    for case in with_parts(recent.filter(state=CaseState.DRAFT)):
        stored = content_of(case)
        if stored == in_order(content, stored):
            return case
    return None


def _write(case: Case, content: Content) -> None:
    for name in SAME_NAME:
        setattr(case, name, getattr(content, name))
    case.tags, case.keywords = list(content.tags), list(content.keywords)
    case.field = Term.objects.get(code=content.field) if content.field else None
    case.save()
    case.areas.set(Area.objects.filter(code__in=content.areas))
    case.terms.set(Term.objects.filter(code__in=content.terms))
    known = _organizations(case, (*content.organizations, *content.similar))
    for role, places in ((PlaceRole.MAIN, content.organizations), (PlaceRole.SIMILAR, content.similar)):
        _sync(CasePlace, {"case": case, "role": role}, [_place_values(one, known) for one in places])
    for kind, figures in ((FigureKind.FIGURE, content.figures), (FigureKind.COST, content.costs)):
        _sync(CaseFigure, {"case": case, "kind": kind}, [_figure_values(one) for one in figures])
    _sync(CaseLink, {"case": case}, [{"label": one.label, "url": one.url} for one in content.links])
    index.write([case.pk])
    case.refresh_from_db()


def _sync(model: type[Model], owner: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """Row by row in their order: what stays the same is not touched, so that the history tells only changes."""
    stored = list(model.objects.filter(**owner).order_by("position", "pk"))
    for position, values in enumerate(rows):
        values = values | {"position": position}
        if position >= len(stored):
            model.objects.create(**owner, **values)
        elif any(getattr(stored[position], name) != value for name, value in values.items()):
            model.objects.filter(pk=stored[position].pk).update(**values)
    model.objects.filter(pk__in=[one.pk for one in stored[len(rows) :]]).delete()


def _organizations(case: Case, places: Iterable[Place]) -> dict[tuple[str, str], int]:
    """The organisations meant, by name and prefecture: real ones, and invented ones only of the own prefecture."""
    own = Q(fictional=False) | Q(prefecture=case.prefecture_id)
    rows = Organization.objects.filter(own, name__in={one.name for one in places})
    rows = rows.exclude(kind=OrganizationKind.BUREAU).values_list("name", "prefecture__name", "pk")
    return {(name, prefecture): pk for name, prefecture, pk in rows}


def _place_values(one: Place, known: dict[tuple[str, str], int]) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in Place.__slots__ if name != "prefecture"}
    return values | {"prefecture_name": one.prefecture, "organization_id": known.get((one.name, one.prefecture))}


def _figure_values(one: Figure) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Figure.__slots__}


def _place(row: CasePlace) -> Place:
    values = {name: getattr(row, name) for name in Place.__slots__ if name != "prefecture"}
    return Place(**values, prefecture=row.prefecture_name)


def _figure(row: CaseFigure) -> Figure:
    return Figure(**{name: getattr(row, name) for name in Figure.__slots__})
