"""Writing a case: create, change, delete. Every change ends with the search index in the same transaction."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from casestudies.domain.content import PLAIN, Content, FigurePart, LinkPart, OrganizationPart
from casestudies.domain.contribution import source_ids
from casestudies.domain.contribution.ties import Ties, prefecture_of
from casestudies.domain.search import index
from casestudies.enums import CONTRIBUTING_ROLES, Audience, CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseFigure, CaseLink, CasePlace
from dxportal.core.accounts.enums import Role
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

TWICE_WITHIN = dt.timedelta(minutes=10)


def with_parts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Prefetches what ``content_of`` reads."""
    return cases.select_related("field").prefetch_related("areas", "terms", "places", "figures", "links")


def content_of(case: Case) -> Content:
    """What the case says now. In lists call it on ``with_parts``."""
    values = {name: getattr(case, name) for name in PLAIN}
    places = list(case.places.all())
    figures = list(case.figures.all())
    return Content(
        **values,
        field=case.field.code if case.field else "",
        areas=tuple(area.code for area in case.areas.all()),
        terms=tuple(term.code for term in case.terms.all()),
        tags=tuple(case.tags),
        keywords=tuple(case.keywords),
        organizations=tuple(_organization_part(place) for place in places if place.role == PlaceRole.MAIN),
        similar=tuple(_organization_part(place) for place in places if place.role == PlaceRole.SIMILAR),
        figures=tuple(_figure_part(figure) for figure in figures if figure.kind == FigureKind.FIGURE),
        costs=tuple(_figure_part(figure) for figure in figures if figure.kind == FigureKind.COST),
        links=tuple(LinkPart(link.label, link.url) for link in case.links.all()),
    )


def _organization_part(place: CasePlace) -> OrganizationPart:
    values = {name: getattr(place, name) for name in OrganizationPart.__slots__ if name != "prefecture"}
    return OrganizationPart(**values, prefecture=place.prefecture_name)


def _figure_part(figure: CaseFigure) -> FigurePart:
    return FigurePart(**{name: getattr(figure, name) for name in FigurePart.__slots__})


def create(content: Content, *, user) -> Case:
    """A draft of the person's organisation; a consultant's belongs to the consultant alone until it is published.

    The same content by the same person shortly after (a double click) gives the case that is already there.
    """
    if user.role not in CONTRIBUTING_ROLES:
        raise PermissionDenied
    organization = user.acting.organization
    with transaction.atomic():
        # Taking a number locks the organisation: the second of two clicks waits here, and then sees the first's case.
        number = source_ids.take(organization)
        drafts = Case.objects.filter(author=user, title=content.title, state=CaseState.DRAFT)
        for case in with_parts(drafts.filter(created_at__gte=timezone.now() - TWICE_WITHIN)):
            if is_same(content, content_of(case)):
                return case
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

    Raises PermissionDenied, and Overtaken (with the case) where it says something else by now than at that revision.
    The same content again changes nothing and is no error.
    """
    with transaction.atomic():
        # Locked before it is compared: of two saves at once the second sees what the first has stored.
        case = locked(Case.objects.editable_by(user), case_id)
        if is_same(content, content_of(case)):
            return case
        if case.revision != revision:
            raise Overtaken("この事例は、入力中にほかの人が変更しました。", case)
        _write(case, content)
        return case


def delete(case_id: int, *, user) -> None:
    """A draft that was never published; PermissionDenied, NotPossible."""
    with transaction.atomic():
        # Locked, so that the draft isn't handed over for review at this very moment.
        case = locked(Case.objects.editable_by(user), case_id)
        if case.state != CaseState.DRAFT:
            raise NotPossible("下書きのほかは削除できません。", code="not_draft")
        if case.published_at:
            raise NotPossible(
                "公開したことのある事例は削除できません。下書きのまま残してください。", code="was_published"
            )
        case.delete()


def is_same(content: Content, stored: Content) -> bool:
    return stored == in_order(content, stored)


def in_order(content: Content, like: Content) -> Content:
    """Areas and terms are sets: in the order of ``like`` where they are the same ones."""
    same = {
        name: getattr(like, name)
        for name in ("areas", "terms")
        if sorted(getattr(content, name)) == sorted(getattr(like, name))
    }
    return dataclasses.replace(content, **same)


def _write(case: Case, content: Content) -> None:
    for name in PLAIN:
        setattr(case, name, getattr(content, name))
    case.tags = list(content.tags)
    case.keywords = list(content.keywords)
    case.field = Term.objects.get(code=content.field) if content.field else None
    case.save()
    case.areas.set(Area.objects.filter(code__in=content.areas))
    case.terms.set(Term.objects.filter(code__in=content.terms))
    parts = (*content.organizations, *content.similar)
    ties = Ties.among((prefecture_of(part.name, part.prefecture) for part in parts), own=case.prefecture_id)
    for role, places in ((PlaceRole.MAIN, content.organizations), (PlaceRole.SIMILAR, content.similar)):
        rows = [dataclasses.asdict(place) for place in places]
        for row in rows:
            row["prefecture_name"] = row.pop("prefecture")
            row["organization_id"] = ties.organization(row["name"], row["prefecture_name"])
        _sync(CasePlace, {"case": case, "role": role}, rows)
    for kind, figures in ((FigureKind.FIGURE, content.figures), (FigureKind.COST, content.costs)):
        _sync(CaseFigure, {"case": case, "kind": kind}, [dataclasses.asdict(part) for part in figures])
    _sync(CaseLink, {"case": case}, [dataclasses.asdict(part) for part in content.links])
    index.write([case.pk])
    # Triggers raise the revision with every part written: the next save is compared with the one stored.
    case.refresh_from_db()


def _sync(model: type[Model], owner: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """Row by row in their order: what stays the same is not touched, so that the history tells only changes."""
    stored = list(model._default_manager.filter(**owner).order_by("position", "pk"))
    for position, values in enumerate(rows):
        values = values | {"position": position}
        if position >= len(stored):
            model._default_manager.create(**owner, **values)
        elif any(getattr(stored[position], name) != value for name, value in values.items()):
            model._default_manager.filter(pk=stored[position].pk).update(**values)
    model._default_manager.filter(pk__in=[row.pk for row in stored[len(rows) :]]).delete()
