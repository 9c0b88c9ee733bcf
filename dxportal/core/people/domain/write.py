"""Writing supporters, their capacities and contacts."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.people.enums import OFFICE_ROLES, STANDARD_CAPACITIES
from dxportal.core.people.models import Capacity, Contact, Supporter, SupporterCapacity
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

DAYS_IN_ORDER = "開始日以後の日付を入力してください。"


def load_capacities() -> None:
    """The capacities that come with the portal, those that are missing; what somebody renamed stays so."""
    Capacity.objects.bulk_create(
        [
            Capacity(code=code, name=name, has_field=has_field, order=order)
            for order, (code, name, has_field) in enumerate(STANDARD_CAPACITIES, 1)
        ],
        ignore_conflicts=True,
    )


def differs(row: Any, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def put(row: Any, values: dict[str, Any], revision: int | None, sentence: str) -> None:
    """Sets what was typed by somebody who saw ``revision`` (None: whatever there is); Overtaken (with the row) where it
    says something else by now."""
    if revision is not None and row.revision != revision:
        raise Overtaken(sentence, row)
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1


# --- supporters


def create_supporter(values: dict[str, Any], *, user: User) -> Supporter:
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    return _stored(Supporter(prefecture=user.acting.organization, **values))


def change_supporter(supporter_id: int, values: dict[str, Any], *, user: User, revision: int) -> Supporter:
    """The same again changes nothing. Overtaken where somebody else stored another state than ``revision``."""
    with transaction.atomic():
        # Locked before it is compared: of two saves at once the second sees what the first has stored.
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        if not differs(supporter, values):
            return supporter
        put(supporter, values, revision, "この支援者は、入力中にほかの人が変更しました。")
        return _stored(supporter)


def _stored(supporter: Supporter) -> Supporter:
    try:
        with transaction.atomic():
            supporter.save()
    except IntegrityError as error:
        raise NotPossible({"user": "このアカウントは、ほかの支援者に結び付いています。"}) from error
    return supporter


def delete_supporter(supporter_id: int, *, user: User) -> None:
    """Only somebody who never held a capacity; whoever did is ended instead, so that the years before stay countable."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        if supporter.capacities.exists():
            raise NotPossible("役割のある支援者は削除できません。役割に終了日を入力してください。", code="has_capacity")
        try:
            supporter.delete()
        except ProtectedError as error:
            raise NotPossible(
                "相談などの記録に出てくる支援者は削除できません。役割に終了日を入力してください。", code="in_records"
            ) from error


# --- capacities


def store_capacity(
    supporter_id: int,
    *,
    capacity: Capacity,
    first_day: dt.date,
    last_day: dt.date | None = None,
    field: str = "",
    pk: int | None = None,
    revision: int | None = None,
    user: User,
) -> SupporterCapacity:
    """A new capacity of a supporter, or another state of the one with ``pk``.

    NotPossible where it overlaps another or lacks its field; Overtaken where somebody else changed it since ``revision``.
    """
    values = {
        "capacity": capacity,
        "field": field.strip() if capacity.has_field else "",
        "first_day": first_day,
        "last_day": last_day,
    }
    if capacity.has_field and not values["field"]:
        raise NotPossible({"field": f"「{capacity}」の分野を入力してください。"})
    if last_day is not None and last_day < first_day:
        raise NotPossible({"last_day": DAYS_IN_ORDER})
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        row = locked(SupporterCapacity.objects.filter(supporter=supporter), pk) if pk else None
        if row is None:
            row = SupporterCapacity(supporter=supporter, **values)
        elif differs(row, values):
            put(row, values, revision, "この役割は、入力中にほかの人が変更しました。")
        return _stored_capacity(row)


def end_capacity(supporter_id: int, capacity_id: int, last_day: dt.date, *, user: User) -> SupporterCapacity:
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        row = locked(SupporterCapacity.objects.filter(supporter=supporter), capacity_id, "capacity")
        if last_day < row.first_day:
            raise NotPossible({"last_day": DAYS_IN_ORDER})
        if row.last_day != last_day:
            put(row, {"last_day": last_day}, None, "")
        return _stored_capacity(row)


def _stored_capacity(row: SupporterCapacity) -> SupporterCapacity:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NotPossible(
            {"first_day": "同じ役割の期間が重なっています。前の期間に終了日を入力するか、日付を直してください。"}
        ) from error
    return row


def remove_capacity(supporter_id: int, capacity_id: int, *, user: User) -> None:
    """One that was entered by mistake; the history keeps it."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        supporter.capacities.filter(pk=capacity_id).delete()


# --- contacts


def towns_for(user: User) -> QuerySet[Organization]:
    """For which municipalities the person may write contacts; of people who only read, none."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    if user.is_answering:
        towns = towns.filter(pk=user.acting.organization_id)
    elif user.role not in OFFICE_ROLES:
        towns = towns.none()
    return towns.order_by("sort_order", "code", "pk")


def create_contact(organization: Organization, values: dict[str, Any], *, user: User) -> Contact:
    """PermissionDenied where the person could not change it afterwards."""
    require_days(values)
    with transaction.atomic():
        contact = Contact.objects.create(organization=organization, **values)
        if not Contact.objects.editable_by(user).filter(pk=contact.pk).exists():
            raise PermissionDenied
        return contact


def change_contact(contact_id: int, values: dict[str, Any], *, user: User, revision: int | None = None) -> Contact:
    """The same again changes nothing. Overtaken where somebody else changed it since ``revision``."""
    with transaction.atomic():
        contact = locked(Contact.objects.editable_by(user), contact_id)
        require_days({"first_day": contact.first_day} | values)
        if differs(contact, values):
            put(contact, values, revision, "この担当者は、入力中にほかの人が変更しました。")
            contact.save()
        return contact


def require_days(values: dict[str, Any]) -> None:
    last_day = values.get("last_day")
    if last_day is not None and last_day < values["first_day"]:
        raise NotPossible({"last_day": DAYS_IN_ORDER})
