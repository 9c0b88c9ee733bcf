"""Writing supporters, their capacities and contacts."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from dxportal.core.people.enums import OFFICE_ROLES, STANDARD_CAPACITIES
from dxportal.core.people.models import Capacity, Contact, Supporter, SupporterCapacity
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked


def load_capacities() -> None:
    """The capacities that come with the portal, those that are missing; what somebody renamed stays so."""
    Capacity.objects.bulk_create(
        [
            Capacity(code=code, name=name, has_field=has_field, order=order)
            for order, (code, name, has_field) in enumerate(STANDARD_CAPACITIES, 1)
        ],
        ignore_conflicts=True,
    )


def create_supporter(values: dict[str, Any], *, user) -> Supporter:
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    return _stored(Supporter(prefecture=user.acting.organization, **values))


def change_supporter(supporter_id: int, values: dict[str, Any], *, user, revision: int) -> Supporter:
    """Overtaken where somebody else stored another state than ``revision``."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        if supporter.revision != revision:
            raise Overtaken("この支援者は、入力中にほかの人が変更しました。", supporter)
        for name, value in values.items():
            setattr(supporter, name, value)
        supporter.revision += 1
        return _stored(supporter)


def _stored(supporter: Supporter) -> Supporter:
    try:
        with transaction.atomic():
            supporter.save()
    except IntegrityError as error:
        raise NotPossible({"user": "このアカウントは、ほかの支援者に結び付いています。"}) from error
    return supporter


def delete_supporter(supporter_id: int, *, user) -> None:
    """Only somebody who never held a capacity; whoever did is ended instead, so that the years before stay countable."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        if supporter.capacities.exists():
            raise NotPossible("役割のある支援者は削除できません。役割に終了日を入力してください。", code="has_capacity")
        supporter.delete()


def store_capacity(
    supporter_id: int,
    *,
    capacity: Capacity,
    first_day: dt.date,
    last_day: dt.date | None = None,
    field: str = "",
    pk: int | None = None,
    user,
) -> SupporterCapacity:
    """A new capacity of a supporter, or another state of the one with ``pk``; NotPossible where it overlaps another."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        row = locked(SupporterCapacity.objects.filter(supporter=supporter), pk) if pk else SupporterCapacity()
        row.supporter, row.capacity = supporter, capacity
        row.field = field if capacity.has_field else ""
        row.first_day, row.last_day = first_day, last_day
        if last_day is not None and last_day < first_day:
            raise NotPossible({"last_day": "開始日以後の日付を入力してください。"})
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise NotPossible(
                {"first_day": "同じ役割の期間が重なっています。前の期間に終了日を入力するか、日付を直してください。"}
            ) from error
        return row


def remove_capacity(supporter_id: int, capacity_id: int, *, user) -> None:
    """One that was entered by mistake; the history keeps it."""
    with transaction.atomic():
        supporter = locked(Supporter.objects.editable_by(user), supporter_id)
        supporter.capacities.filter(pk=capacity_id).delete()


def create_contact(organization: Any, values: dict[str, Any], *, user) -> Contact:
    """PermissionDenied where the person could not change it afterwards."""
    with transaction.atomic():
        contact = Contact.objects.create(organization=organization, **values)
        if not Contact.objects.editable_by(user).filter(pk=contact.pk).exists():
            raise PermissionDenied
        return contact


def change_contact(contact_id: int, values: dict[str, Any], *, user) -> Contact:
    with transaction.atomic():
        contact = locked(Contact.objects.editable_by(user), contact_id)
        for name, value in values.items():
            setattr(contact, name, value)
        contact.save()
        return contact
