"""What of the people changes hands: contacts of a town, and what supporters still hold whose capacities have ended."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.domain import handover
from dxportal.core.accounts.domain.handover import HandoverItem, HandoverSection
from dxportal.core.accounts.models import Assignment, User
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.people.models import Contact, Supporter, SupporterCapacity
from dxportal.core.ui.japanese import western

MOST = 100


def register() -> None:
    handover.register("people.contacts", contacts, order=40)
    handover.register("people.left_behind", left_behind, order=41)


def contacts(user: User) -> HandoverSection | None:
    """Contact persons without account in office today: of the own town, and of those in a consultant's charge."""
    if user.role in OFFICE_ROLES:
        return None  # those of thirty towns stand on their own list
    rows = list(Contact.objects.for_user(user).on_day(timezone.localdate()).select_related("organization")[:MOST])
    mark_ended(row.organization for row in rows)
    items = tuple(
        HandoverItem(
            f"{row.organization.marked}：{' '.join(filter(None, (row.section, row.name)))}",
            reverse("people:contacts") + f"?organization={row.organization_id}",
            "、".join(filter(None, (row.role, row.last_day and f"{western(row.last_day)}まで"))),
        )
        for row in rows
    )
    return HandoverSection("連絡先の担当者（アカウントのない人）", items)


def left_behind(user: User) -> HandoverSection | None:
    """Supporters none of whose capacities is in force, and who still have municipalities in charge."""
    if user.role not in OFFICE_ROLES:
        return None
    today = timezone.localdate()
    held = SupporterCapacity.objects.filter(supporter=OuterRef("pk"))
    ended = Supporter.objects.for_user(user).filter(Exists(held), ~Exists(held.on_day(today)), user__isnull=False)
    charges = Assignment.objects.for_user(user).on_day(today).filter(membership__organization=user.acting.organization)
    charges = charges.filter(membership__user__in=ended.values("user")).select_related("organization", "membership")
    mark_ended(charge.organization for charge in charges)
    towns: dict[int, list[str]] = {}
    for charge in charges:
        towns.setdefault(charge.membership.user_id, []).append(charge.organization.marked)
    items = tuple(
        HandoverItem(
            row.name,
            reverse("people:supporter", args=[row.pk]),
            f"担当団体 {len(towns[row.user_id])}：{'、'.join(towns[row.user_id])}",
        )
        for row in (ended.filter(user__in=towns) if towns else ())
    )
    return HandoverSection("役割が終わった支援者に残っている担当団体", items)
