"""Which municipalities a consultant has in charge."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.organizations.models import Organization


@transaction.atomic
def assign(membership_id: int, municipality_ids: Iterable[int], *, by: User) -> tuple[int, int]:
    """Exactly these municipalities from today on; gives how many began and how many ended."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership_id)
    if not Membership.objects.editable_by(by).filter(pk=membership_id).exists():
        raise PermissionDenied
    if membership.role != Role.CONSULTANT:
        raise ValidationError("担当団体は伴走コンシェルジュだけに設定できます。", code="role")
    wanted = set(municipality_ids)
    if Organization.objects.editable_by(by).municipalities().filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied
    held = {one.organization_id: one for one in membership.current_assignments()}
    for organization_id in held.keys() - wanted:
        _finish(held[organization_id])
    today = timezone.localdate()
    Assignment.objects.bulk_create(
        Assignment(membership=membership, organization_id=pk, first_day=max(today, membership.first_day))
        for pk in sorted(wanted - held.keys())
    )
    return len(wanted - held.keys()), len(held.keys() - wanted)


def _finish(assignment: Assignment) -> None:
    """Ended from today on; one that began today never was."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if assignment.first_day > yesterday:
        assignment.delete()
        return
    assignment.last_day = yesterday
    assignment.save(update_fields=["last_day"])
