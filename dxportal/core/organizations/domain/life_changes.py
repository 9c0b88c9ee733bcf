"""What happens to an organisation, written: another name or code, another bureau, an end; and each taken back.

Nothing is lost by any of it. A row that goes on keeps what it was called (``FormerName``), one that ends stays and
points to whoever followed (``Succession``). ``record_…`` are the acts of a person; of the others the caller holds a
transaction and has locked the rows.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError, Q
from django.utils import timezone

from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import FormerName, Organization, Succession
from dxportal.core.ui.japanese import both
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

KEPT_FIELDS = ("code", "name", "kana", "municipality_kind", "district", "parent_id")
ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def record_change(pk: int, values: Mapping[str, Any], *, day: dt.date, kind: LifeEvent, user: Any) -> Organization:
    """PermissionDenied for whoever may not edit it; NotPossible where nothing would change."""
    organization = locked(Organization.objects.editable_by(user), pk)
    if all(getattr(organization, field) == value for field, value in values.items()):
        raise NotPossible("今の情報と同じです。変わった項目を入力してください。", code="unchanged")
    change(organization, values, day=day, kind=kind)
    return organization


@transaction.atomic
def record_end(
    pk: int, successors: Sequence[Organization], *, day: dt.date, kind: LifeEvent, user: Any
) -> Organization:
    """PermissionDenied for whoever may not edit it or one of the successors."""
    organization = locked(Organization.objects.editable_by(user), pk)
    if organization.children.filter(Q(last_day__isnull=True) | Q(last_day__gte=day)).exists():
        raise NotPossible(
            "管内に存続する市町村があります。先に、それぞれの所管の振興局を変更してください。", code="children"
        )
    end(
        organization,
        [locked(Organization.objects.editable_by(user), town.pk) for town in successors],
        day=day,
        kind=kind,
    )
    return organization


@transaction.atomic
def record_taking_back(pk: int, last: str, *, user: Any) -> str:
    """``last`` is what ``last_event`` said when the page was drawn: Overtaken where something happened since."""
    organization = locked(Organization.objects.editable_by(user), pk)
    if last_event(organization) != last:
        raise Overtaken("画面を表示したあとに、この団体の異動が変わりました。内容を確かめてください。", organization)
    return take_back(organization)


@transaction.atomic
def delete_unused(pk: int, *, user: Any) -> Organization:
    """Takes away what was registered by mistake, before anything hung on it; NotPossible for everything else."""
    organization = locked(Organization.objects.editable_by(user), pk)
    used = any(rows.exists() for rows in (organization.profiles, organization.joined_groups, organization.former_names))
    try:
        if used:
            raise ProtectedError("", set())
        organization.delete()
    except ProtectedError as error:
        raise NotPossible(
            f"{organization}には、利用者、回答、基本情報、広域グループ、沿革などの記録があるため、削除できません。"
            "存続していない団体は「合併・廃止を記録する」で記録してください。",
            code="used",
        ) from error
    return organization


def last_event(organization: Organization) -> str:
    """What ``take_back`` would undo, as a word to compare; "" for nothing."""
    if organization.last_day is not None:
        return f"end {organization.last_day}"
    last = organization.former_names.last()
    return f"name {last.pk}" if last is not None else ""


def change(organization: Organization, values: Mapping[str, Any], *, day: dt.date, kind: LifeEvent) -> None:
    """From ``day`` on the same organisation has these values (of KEPT_FIELDS); what it was called before is kept."""
    # The row holds what is true today; an end may lie ahead, as it only sets the last day.
    if day > timezone.localdate():
        raise NotPossible({"day": f"施行日（{both(day)}）になってから記録してください。"}, code="ahead")
    check_order(organization, day)
    check_free(organization, values)
    before = {field: getattr(organization, field) for field in KEPT_FIELDS}
    FormerName.objects.create(organization=organization, **before, last_day=day - ONE_DAY, kind=kind)
    for field, value in values.items():
        setattr(organization, field, value)
    organization.save(update_fields=list(values))


def end(
    organization: Organization, successors: Sequence[Organization], *, day: dt.date, kind: LifeEvent = LifeEvent.MERGER
) -> None:
    """The day before ``day`` was its last one; from ``day`` on the successors stand in its place, if there are any.

    One that has ended already keeps its last day, and the successors follow from the day after it.
    """
    if organization.last_day is None:
        check_order(organization, day)
        organization.last_day = day - ONE_DAY
        organization.save(update_fields=["last_day"])
    follows = organization.last_day + ONE_DAY
    earlier = read_lives([organization.pk]).chain(organization.pk)
    for successor in successors:
        if successor.pk == organization.pk or successor.pk in earlier:
            raise NotPossible(f"{successor}は、{organization}の前身か承継団体として登録済みです。", code="circle")
        if not successor.lives_on(follows):
            raise NotPossible(
                f"{successor}は{both(follows)}には存続していません。承継団体か施行日を確かめてください。",
                code="not_living",
            )
        Succession.objects.create(predecessor=organization, successor=successor, day=follows, kind=kind)


def check_order(organization: Organization, day: dt.date) -> None:
    """Lives are told forward: NotPossible before the beginning, before an earlier change and after the end."""
    if organization.last_day is not None:
        raise NotPossible(f"{organization}は{both(organization.last_day)}で廃止されています。", code="ended")
    last = organization.former_names.aggregate(last=Max("last_day"))["last"]
    if organization.first_day is not None and day <= organization.first_day:
        raise NotPossible(
            f"施行日は、{organization}の設置日（{both(organization.first_day)}）より後にしてください。",
            code="too_early",
        )
    if last is not None and day - ONE_DAY < last:
        raise NotPossible(
            f"施行日は、{organization}の前の異動（{both(last + ONE_DAY)}）以後にしてください。", code="too_early"
        )


def check_free(organization: Organization, values: Mapping[str, Any]) -> None:
    """NotPossible where another organisation has the code, or the same name without a code to tell them apart."""
    others = Organization.objects.exclude(pk=organization.pk)
    wanted = {field: values.get(field, getattr(organization, field)) for field in ("code", "name", "district")}
    if wanted["code"] and (holder := others.filter(code=wanted["code"]).first()):
        raise NotPossible({"code": f"この団体コードは、{holder}で使われています。"}, code="twice")
    codeless = others.filter(code__isnull=True, last_day__isnull=True, kind=organization.kind)
    same_name = codeless.filter(prefecture=organization.prefecture_id, name=wanted["name"], district=wanted["district"])
    if not wanted["code"] and same_name.exists():
        raise NotPossible({"name": "同じ名称の組織が、この都道府県にあります。"}, code="twice")


def take_back(organization: Organization) -> str:
    """Undoes the last thing that happened to it and says what that was; NotPossible where nothing did.

    An end first; else the last name, bureau or code. A successor stays as it is: others may have used it since.
    """
    if organization.last_day is not None:
        Succession.objects.filter(predecessor=organization).delete()
        organization.last_day = None
        organization.save(update_fields=["last_day"])
        return f"{organization}の廃止を取り消しました。"
    last = organization.former_names.last()
    if last is None:
        raise NotPossible(f"{organization}に取り消せる異動はありません。", code="nothing")
    values = {field: getattr(last, field) for field in KEPT_FIELDS}
    check_free(organization, values)
    for field, value in values.items():
        setattr(organization, field, value)
    organization.save(update_fields=[field.removesuffix("_id") for field in KEPT_FIELDS])
    last.delete()
    return f"{last.get_kind_display()}を取り消し、{organization}に戻しました。"
