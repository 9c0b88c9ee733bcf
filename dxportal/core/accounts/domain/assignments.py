"""Which municipalities a consultant has in charge."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked


@transaction.atomic
def assign(membership_id: int, municipality_ids: Iterable[int], *, user: User) -> tuple[int, int]:
    """Exactly these municipalities from today on; gives how many began and how many ended."""
    # The lock keeps two admins from beginning the same charge twice.
    membership = locked(Membership.objects.editable_by(user), membership_id)
    if membership.role != Role.CONSULTANT:
        raise NotPossible("担当団体は伴走コンシェルジュだけに設定できます。", code="role")
    wanted = set(municipality_ids)
    # One count for all of them: whatever is out of reach, or no municipality, is missing from it.
    if Organization.objects.editable_by(user).municipalities().filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied
    held = {assignment.organization_id: assignment for assignment in membership.current_assignments()}
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    for organization_id in held.keys() - wanted:
        assignment = held[organization_id]
        if assignment.first_day > yesterday:  # begun today: it never was
            assignment.delete()
        else:
            assignment.last_day = yesterday
            assignment.save(update_fields=["last_day"])
    Assignment.objects.bulk_create(
        Assignment(membership=membership, organization_id=pk, first_day=max(today, membership.first_day))
        for pk in sorted(wanted - held.keys())
    )
    return len(wanted - held.keys()), len(held.keys() - wanted)
