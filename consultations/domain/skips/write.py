"""Saying that a town wants no session in some months, and taking it back."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from consultations.domain.actions.write import towns_for
from consultations.models import Session, SkippedMonth
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import CALLED_OFF
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked


@transaction.atomic
def skip(
    town_id: int, months: Sequence[dt.date], *, reason: str, note: str, user: User, kind: str = "monthly"
) -> list[SkippedMonth]:
    """First days of months; the same month again replaces reason and note. PermissionDenied; NotPossible where the town
    has a session in one of them."""
    if not towns_for(user).filter(pk=town_id).exists():
        raise PermissionDenied
    # One after the other: of two who enter the same month at once the second changes the first's.
    Organization.objects.select_for_update(no_key=True).get(pk=town_id)
    if days := days_with_session(town_id, kind, months):
        words = "、".join(f"{day.month}月{day.day}日" for day in days)
        raise NotPossible(
            {"months": f"{words}に相談があります。先に中止にするか、その月を外してください。"}, code="has_session"
        )
    values = {"reason": reason, "note": note, "by": user, "by_name": user.name}
    rows = []
    for month in months:
        row, _ = SkippedMonth.objects.update_or_create(organization_id=town_id, kind=kind, month=month, defaults=values)
        rows.append(row)
    return rows


@transaction.atomic
def take_back(skip_id: int, *, user: User) -> SkippedMonth:
    """PermissionDenied, also where somebody else took it back before."""
    row = locked(SkippedMonth.objects.editable_by(user), skip_id, "organization")
    SkippedMonth.objects.filter(pk=row.pk).delete()
    return row


def days_with_session(town_id: int, kind: str, months: Sequence[dt.date]) -> list[dt.date]:
    rows = Session.objects.filter(kind__code=kind, occasion__bodies__organization=town_id)
    starts = rows.exclude(occasion__state__in=CALLED_OFF).order_by("occasion__starts_at")
    days = [timezone.localdate(at) for at in starts.values_list("occasion__starts_at", flat=True)]
    return [day for day in days if day.replace(day=1) in months]
