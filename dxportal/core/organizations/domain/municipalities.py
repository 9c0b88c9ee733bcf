"""Prefectures and municipalities of the national code list, brought into the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction

from dxportal.core.organizations.enums import MunicipalityKind, OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible


class ListedOrganization(Protocol):
    """One row of the list; ``kind`` is "prefecture" or the municipality's kind."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kana(self) -> str: ...
    @property
    def place(self) -> str:
        """Where it stands in its file, for messages: 「シート「…」 A12」."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: int
    vanished: tuple[str, ...]  # in the portal, no longer in the list; left as they are


@transaction.atomic
def bring_in(rows: Sequence[ListedOrganization], *, dry_run: bool = False) -> ImportOutcome:
    """Creates and renames by code, moves nothing: a known municipality keeps its bureau.

    A new one hangs directly below its prefecture. NotPossible when a name is held under another code. With
    ``dry_run`` everything is rolled back.
    """
    prefectures: dict[str, Organization] = {}
    created: list[str] = []
    updated: list[str] = []
    unchanged = 0
    # Prefectures first: their municipalities hang below them.
    for row in sorted(rows, key=lambda row: (row.kind != "prefecture", row.code)):
        parent = prefectures.get(row.code[:2])
        known = find_known(row, parent)
        organization, change = store(row, parent, known)
        if row.kind == "prefecture":
            prefectures[row.code[:2]] = organization
        text = f"{row.code} {row.name}"
        if known is None:
            created.append(text)
        elif change:
            updated.append(f"{text}（{change}）")
        else:
            unchanged += 1
    left = Organization.objects.filter(
        prefecture__in=prefectures.values(), kind=OrganizationKind.MUNICIPALITY, code__isnull=False, fictional=False
    ).exclude(code__in={row.code for row in rows})
    vanished = tuple(f"{organization.code} {organization.name}" for organization in left.order_by("code"))
    # All is written even then, so that the table's own rules speak in a rehearsal as they would in earnest.
    if dry_run:
        transaction.set_rollback(True)
    return ImportOutcome(tuple(created), tuple(updated), unchanged, vanished)


def find_known(row: ListedOrganization, prefecture: Organization | None) -> Organization | None:
    """The organisation with the code; else one of the name that has no code yet."""
    by_code = Organization.objects.filter(code=row.code).first()
    kind = OrganizationKind.PREFECTURE if prefecture is None else OrganizationKind.MUNICIPALITY
    same_name = Organization.objects.filter(name=row.name, kind=kind)
    if prefecture is not None:
        same_name = same_name.filter(prefecture=prefecture)
    other = same_name.exclude(code=row.code).first()
    # A namesake without a code takes this one, unless another row has it: no code is there twice.
    if other and (other.code or by_code):
        raise NotPossible(f"{row.place}：{row.name}は別の団体コード（{other.code}）で登録済みです。", code="name_taken")
    return by_code or other


def store(
    row: ListedOrganization, prefecture: Organization | None, known: Organization | None
) -> tuple[Organization, str]:
    """The saved organisation and, for a known one, what changed in words ("" for nothing)."""
    kind = "" if prefecture is None else MunicipalityKind(row.kind)
    wanted = {"code": row.code, "name": row.name, "kana": row.kana, "municipality_kind": kind}
    if known is None:
        if prefecture is not None:
            town = Organization(kind=OrganizationKind.MUNICIPALITY, parent=prefecture, prefecture=prefecture, **wanted)
            town.save()
            return town, ""
        # A prefecture points to itself, which it can only once it has a key.
        organization = Organization.objects.create(kind=OrganizationKind.PREFECTURE, **wanted)
        organization.prefecture = organization
        organization.save(update_fields=["prefecture"])
        return organization, ""
    changes = {field: value for field, value in wanted.items() if (getattr(known, field) or "") != value}
    words = "、".join(f"{getattr(known, field) or '空欄'}→{value}" for field, value in changes.items())
    for field, value in changes.items():
        setattr(known, field, value)
    if changes:
        known.save(update_fields=list(changes))
    return known, words
