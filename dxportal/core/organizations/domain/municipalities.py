"""Prefectures and municipalities of the national code list, brought into the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction

from dxportal.core.organizations.enums import MunicipalityKind, OrganizationKind
from dxportal.core.organizations.models import Organization


class ListedOrganization(Protocol):
    """One row of the list; ``kind`` is "prefecture" or the municipality's kind."""

    code: str
    kind: str
    name: str
    kana: str


class NameTakenError(Exception):
    """``row``'s name belongs to ``other``, which has another code."""

    def __init__(self, row: ListedOrganization, other: Organization):
        super().__init__(f"{row.name}：{other.code}")
        self.row, self.other = row, other


@dataclass(frozen=True, slots=True)
class Outcome:
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: int
    vanished: tuple[str, ...]  # in the portal, no longer in the list; left as they are


@transaction.atomic
def bring_in(rows: Sequence[ListedOrganization], *, dry_run: bool = False) -> Outcome:
    """Creates and renames by code, moves nothing: a known municipality keeps its bureau.

    A new one hangs directly below its prefecture. NameTakenError when a name is held under another code. With
    ``dry_run`` everything is rolled back.
    """
    prefectures: dict[str, Organization] = {}
    created, updated, unchanged = [], [], 0
    for row in sorted(rows, key=lambda one: (one.kind != "prefecture", one.code)):
        parent = prefectures.get(row.code[:2])
        known = _known(row, parent)
        organization, change = _store(row, parent, known)
        if row.kind == "prefecture":
            prefectures[row.code[:2]] = organization
        text = f"{row.code} {row.name}"
        if known is None:
            created.append(text)
        elif change:
            updated.append(f"{text}（{change}）")
        else:
            unchanged += 1
    vanished = _vanished(prefectures, {row.code for row in rows})
    if dry_run:
        transaction.set_rollback(True)
    return Outcome(tuple(created), tuple(updated), unchanged, vanished)


def _known(row: ListedOrganization, prefecture: Organization | None) -> Organization | None:
    """The organisation with the code; else one of the name that has no code yet."""
    by_code = Organization.objects.filter(code=row.code).first()
    kind = OrganizationKind.PREFECTURE if prefecture is None else OrganizationKind.MUNICIPALITY
    same_name = Organization.objects.filter(name=row.name, kind=kind)
    if prefecture is not None:
        same_name = same_name.filter(prefecture=prefecture)
    other = same_name.exclude(code=row.code).first()
    if other and (other.code or by_code):
        raise NameTakenError(row, other)
    return by_code or other


def _store(
    row: ListedOrganization, prefecture: Organization | None, known: Organization | None
) -> tuple[Organization, str]:
    """The saved organisation and, for a known one, what changed in words ("" for nothing)."""
    kind = "" if prefecture is None else MunicipalityKind(row.kind)
    wanted = {"code": row.code, "name": row.name, "kana": row.kana, "municipality_kind": kind}
    if known is None:
        return _create(wanted, prefecture), ""
    changes = {field: value for field, value in wanted.items() if (getattr(known, field) or "") != value}
    words = "、".join(f"{getattr(known, field) or '空欄'}→{value}" for field, value in changes.items())
    for field, value in changes.items():
        setattr(known, field, value)
    if changes:
        known.save(update_fields=list(changes))
    return known, words


def _create(values: dict, prefecture: Organization | None) -> Organization:
    if prefecture is not None:
        return Organization.objects.create(
            kind=OrganizationKind.MUNICIPALITY, parent=prefecture, prefecture=prefecture, **values
        )
    made = Organization.objects.create(kind=OrganizationKind.PREFECTURE, **values)
    made.prefecture = made
    made.save(update_fields=["prefecture"])
    return made


def _vanished(prefectures: dict[str, Organization], codes: set[str]) -> tuple[str, ...]:
    left = Organization.objects.filter(
        prefecture__in=prefectures.values(), kind=OrganizationKind.MUNICIPALITY, code__isnull=False, fictional=False
    ).exclude(code__in=codes)
    return tuple(f"{one.code} {one.name}" for one in left.order_by("code"))
