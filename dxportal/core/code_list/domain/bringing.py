"""Prefectures and municipalities of the national code list, brought into the tree.

Twice: ``plan_for`` shows what the list would change and writes nothing; ``bring_in`` carries it out, all or nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count

from dxportal.core.code_list.domain.changes import (
    ListChange,
    ListedOrganization,
    Plan,
    StoredTown,
    compare,
)
from dxportal.core.code_list.domain.decisions import Settled, settle, wrong_decisions
from dxportal.core.names import name_key
from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.enums import LifeEvent, MunicipalityKind, OrganizationKind
from dxportal.core.organizations.models import FormerName, Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken

CHANGED_MEANWHILE = "確認の画面を表示したあとに、組織の情報が変わりました。もう一度内容を確かめてください。"


def plan_for(rows: Sequence[ListedOrganization]) -> Plan:
    """What the list would change. NotPossible where a code or a name is held in another prefecture."""
    return compare(rows, read_towns(rows))


@transaction.atomic
def bring_in(
    rows: Sequence[ListedOrganization],
    decisions: Mapping[str, str],
    *,
    day: dt.date,
    digest: str = "",
    dry_run: bool = False,
) -> Settled:
    """Carries the plan out, with these answers to its questions: code of the vanished → its successor's, or a decision.

    A known municipality keeps its bureau, its row and everything that hangs on it; a new one hangs directly below its
    prefecture. ``day`` is the first day on which the changes hold. ``digest`` is that of the plan that was confirmed:
    Overtaken where it isn't what would happen any more. With ``dry_run`` everything is rolled back.
    """
    # One at a time for a prefecture: two people who confirm the same list don't carry it out twice.
    known = [prefecture.pk for prefecture in stored_prefectures(rows).values()]
    list(Organization.objects.select_for_update(no_key=True).filter(pk__in=known).order_by("pk"))
    plan = plan_for(rows)
    if digest and plan.digest != digest:
        raise Overtaken(CHANGED_MEANWHILE, plan)
    towns = {row.code for row in rows if row.kind != "prefecture"}
    if sentences := wrong_decisions(plan, decisions, towns):
        raise NotPossible(sentences)
    settled = settle(plan, decisions)
    carry_out(settled, day)
    # All is written even then, so that the table's own rules speak in a rehearsal as they would in earnest.
    if dry_run:
        transaction.set_rollback(True)
    return settled


def stored_prefectures(rows: Sequence[ListedOrganization]) -> dict[str, Organization]:
    """First two digits → the prefecture as it is stored: by its code, else by its name where it has no code yet."""
    listed = [row for row in rows if row.kind == "prefecture"]
    stored = list(Organization.objects.prefectures())
    by_code = {prefecture.code: prefecture for prefecture in stored}
    by_name = {name_key(prefecture.name): prefecture for prefecture in stored}
    known: dict[str, Organization] = {}
    for row in listed:
        namesake = by_name.get(name_key(row.name))
        if row.code in by_code:
            known[row.code[:2]] = by_code[row.code]
        elif namesake is not None and namesake.code:
            message = f"{row.place}：{row.name}は別の団体コード（{namesake.code}）で登録済みです。"
            raise NotPossible(message, code="name_taken")
        elif namesake is not None:
            known[row.code[:2]] = namesake
    return known


def read_towns(rows: Sequence[ListedOrganization]) -> list[StoredTown]:
    """The stored prefectures of the list and their municipalities, ended ones too."""
    parts = {prefecture.pk: part for part, prefecture in stored_prefectures(rows).items()}
    former: defaultdict[int, list[str]] = defaultdict(list)
    for name in FormerName.objects.exclude(code=None).only("organization", "code"):
        former[name.organization_id].append(name.code or "")
    places = Organization.objects.filter(prefecture__in=parts).exclude(kind=OrganizationKind.BUREAU)
    towns = [
        StoredTown(
            place.pk,
            place.code or "",
            place.municipality_kind if place.is_municipality else "prefecture",
            place.name,
            place.kana,
            parts[place.prefecture_id or 0],
            ended=place.last_day is not None,
            open_end=place.last_day is not None and not place.follower_count,
            fictional=place.fictional,
            former_codes=tuple(former[place.pk]),
        )
        for place in places.annotate(follower_count=Count("successions")).order_by("code", "pk")
    ]
    elsewhere = Organization.objects.filter(code__in=[row.code for row in rows])
    other = elsewhere.exclude(pk__in=[town.pk for town in towns]).select_related("prefecture").first()
    if other is not None:
        message = f"団体コード{other.code}は、{other.prefecture}の{other}で使われています。組織の画面で直してください。"
        raise NotPossible(message, code="code_taken")
    return towns


def carry_out(settled: Settled, day: dt.date) -> None:
    # Prefectures first: their municipalities hang below them.
    for change in sorted(settled.changes, key=lambda change: change.row.kind != "prefecture"):
        write(change, day)
    for ending in settled.endings:
        followers = list(Organization.objects.filter(code=ending.successor)) if ending.successor else []
        life_changes.end(Organization.objects.get(pk=ending.stored.pk), followers, day=day)


def write(change: ListChange, day: dt.date) -> None:
    row = change.row
    is_prefecture = row.kind == "prefecture"
    kind = "" if is_prefecture else MunicipalityKind(row.kind)
    values = {"code": row.code, "name": row.name, "kana": row.kana, "municipality_kind": kind}
    if change.stored is not None:
        organization = Organization.objects.get(pk=change.stored.pk)
        if change.kind == "corrected":
            Organization.objects.filter(pk=organization.pk).update(**values)
        else:
            life_changes.change(organization, values, day=day, kind=LifeEvent(change.kind))
    elif is_prefecture:
        # A prefecture points to itself, which it can only once it has a key.
        organization = Organization.objects.create(kind=OrganizationKind.PREFECTURE, **values)
        organization.prefecture = organization
        organization.save(update_fields=["prefecture"])
    else:
        prefecture = Organization.objects.prefectures().get(code__startswith=row.code[:2])
        Organization.objects.create(
            kind=OrganizationKind.MUNICIPALITY,
            parent=prefecture,
            prefecture=prefecture,
            # When a town that the portal merely lacked began is not known; one made of others began on that day.
            first_day=day if change.kind == "founded" else None,
            **values,
        )
