"""Supporters and capacities that come from a file: all of them or none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.people.domain import write
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.models import Capacity, Supporter, SupporterCapacity
from dxportal.core.workflow.errors import Overtaken

OVERTAKEN = "ファイルを確かめた後に、同じ支援者が登録されました。もう一度ファイルを選んでください。"
SupporterKey = tuple[str, str]
CapacityKey = tuple[int, int, str, str]


def stored_supporters(user: User) -> dict[SupporterKey, Supporter]:
    """Of the person's prefecture, by name and affiliation."""
    return {(row.name, row.affiliation): row for row in Supporter.objects.for_user(user)}


def stored_capacities(user: User) -> dict[CapacityKey, str | None]:
    """Supporter, capacity, field and first day in ISO → last day in ISO."""
    rows = SupporterCapacity.objects.filter(supporter__in=Supporter.objects.for_user(user))
    return {
        (row.supporter_id, row.capacity_id, row.field, f"{row.first_day}"): f"{row.last_day}" if row.last_day else None
        for row in rows
    }


@transaction.atomic
def add(rows: Sequence[Mapping[str, Any]], *, user: User) -> tuple[int, int]:
    """How many people and capacities. PermissionDenied; NotPossible where periods overlap; Overtaken where somebody
    entered one of the people since."""
    if user.role not in OFFICE_ROLES:
        raise PermissionDenied
    # One file of a prefecture at a time: of two the second finds the people of the first.
    Organization.objects.select_for_update(no_key=True).get(pk=user.acting.organization_id)
    stored = stored_supporters(user)
    capacities = Capacity.objects.for_user(user).in_bulk()
    added: dict[SupporterKey, int] = {}
    posts = 0
    for row in rows:
        key = (row["person"]["name"], row["person"]["affiliation"])
        if row["supporter"] is None and key in stored:
            raise Overtaken(OVERTAKEN, stored[key])
        pk = row["supporter"] or added.get(key)
        if pk is None:
            pk = added[key] = write.create_supporter(dict(row["person"]), user=user).pk
        if post := row["post"]:
            last = dt.date.fromisoformat(post["last_day"]) if post["last_day"] else None
            write.store_capacity(
                pk,
                capacity=capacities[post["capacity"]],
                field=post["field"],
                first_day=dt.date.fromisoformat(post["first_day"]),
                last_day=last,
                user=user,
            )
            posts += 1
    return len(added), posts
