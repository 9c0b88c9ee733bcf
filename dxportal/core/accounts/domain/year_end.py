"""The year-end review: many memberships extended to the next 31 March, or ended on this one, all or none."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.domain import members
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.workflow.errors import NotPossible

ONE_DAY = dt.timedelta(days=1)


def year_end(day: dt.date | None = None) -> dt.date:
    """31 March of the fiscal year that ``day`` (today) falls in."""
    return bounds(fiscal_year_of(day or timezone.localdate()))[1]


def next_year_end() -> dt.date:
    return year_end(year_end() + ONE_DAY)


def extend_many(membership_ids: Iterable[int], last_day: dt.date, *, user: User) -> list[Membership]:
    return apply_to_all(members.extend, membership_ids, last_day, user=user)


def end_many(membership_ids: Iterable[int], last_day: dt.date, *, user: User) -> list[Membership]:
    return apply_to_all(members.end, membership_ids, last_day, user=user)


@transaction.atomic
def apply_to_all(
    act: Callable[..., Membership], membership_ids: Iterable[int], last_day: dt.date, *, user: User
) -> list[Membership]:
    """NotPossible with the person's name where one of them cannot be changed; nothing is changed then."""
    changed = []
    for membership_id in sorted(membership_ids):
        try:
            changed.append(act(membership_id, last_day, user=user))
        except NotPossible as refusal:
            member = User.objects.get(memberships=membership_id)
            raise NotPossible(f"{member}：{' '.join(refusal.messages)}", code="refused") from refusal
    return changed
