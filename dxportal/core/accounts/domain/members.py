"""Changes of memberships. Each checks the right of who asks; the trail is kept by database triggers."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

FOREVER = dt.date.max


def require_fitting_role(organization: Organization, role: str) -> None:
    """NotPossible when the organisation's kind has no such role."""
    if role not in ROLES_BY_KIND[OrganizationKind(organization.kind)]:
        raise NotPossible(
            f"「{Role(role).label}」は{organization.get_kind_display()}の役割ではありません。", code="role_kind"
        )


def create(
    member: User,
    organization: Organization,
    role: str,
    *,
    first_day: dt.date,
    last_day: dt.date | None,
    section: str = "",
) -> Membership:
    """In a transaction: the bare making of a membership (invitations, demo): fits the kind, does not overlap; asks no right."""
    require_fitting_role(organization, role)
    require_order(first_day, last_day)
    # Of two at once the second waits here, and then finds the first in its way.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    membership = Membership(
        user=member, organization=organization, role=role, first_day=first_day, last_day=last_day, section=section
    )
    require_no_overlap(membership)
    membership.save()
    return membership


@transaction.atomic
def add(
    member: User, organization: Organization, role: str, *, first_day: dt.date, last_day: dt.date | None, user: User
) -> Membership:
    """A further membership for someone already known in the prefecture."""
    reaches = Organization.objects.editable_by(user).living(timezone.localdate()).filter(pk=organization.pk).exists()
    known = Membership.objects.for_user(user).filter(user=member).exists()
    if not (user.is_prefecture_admin and reaches and known):
        raise PermissionDenied
    return create(member, organization, role, first_day=first_day, last_day=last_day)


@transaction.atomic
def change(membership_id: int, *, role: str, last_day: dt.date | None, section: str, user: User) -> Membership:
    """Another role, last day or section. A demotion or an end is refused for oneself and for the last admin."""
    membership = locked_with_prefecture(membership_id, user)
    require_fitting_role(membership.organization, role)
    require_order(membership.first_day, last_day)
    # Before the row takes the new values, since these checks ask what it was.
    if role != membership.role:
        require_replaceable(membership, user, timezone.localdate())
    elif last_day and is_sooner(last_day, membership.last_day):
        require_replaceable(membership, user, last_day)
    membership.role = role
    membership.last_day = last_day
    membership.section = section
    require_no_overlap(membership)
    membership.save(update_fields=["role", "last_day", "section"])
    return membership


@transaction.atomic
def end(membership_id: int, last_day: dt.date, *, user: User) -> Membership:
    """In force up to and including ``last_day``; yesterday or earlier ends it at once.

    One that had not begun by ``last_day`` is put before it and so never comes into force.
    """
    membership = locked_with_prefecture(membership_id, user)
    if has_ended(membership):
        raise NotPossible("この所属はすでに終了しています。", code="ended")
    require_replaceable(membership, user, last_day)
    membership.first_day = min(membership.first_day, last_day)
    membership.last_day = last_day
    membership.save(update_fields=["first_day", "last_day"])
    return membership


@transaction.atomic
def extend(membership_id: int, last_day: dt.date | None, *, user: User) -> Membership:
    """A later last day, or none."""
    membership = locked_with_prefecture(membership_id, user)
    if is_sooner(last_day, membership.last_day):
        raise NotPossible("今の最終日より後の日付を入力してください。", code="not_later")
    membership.last_day = last_day
    require_no_overlap(membership)
    membership.save(update_fields=["last_day"])
    return membership


def has_ended(membership: Membership) -> bool:
    return bool(membership.last_day and membership.last_day < timezone.localdate())


def state_word(membership: Membership) -> str:
    """利用中, 開始前 or 終了, today."""
    if has_ended(membership):
        return "終了"
    return "開始前" if membership.first_day > timezone.localdate() else "利用中"


def locked_with_prefecture(membership_id: int, user: User) -> Membership:
    """The membership, locked; PermissionDenied for one that the person may not change."""
    rows = Membership.objects.editable_by(user)
    # The right comes before the lock: whoever has none makes nobody wait.
    if not rows.filter(pk=membership_id).exists():
        raise PermissionDenied
    # The prefecture's row first: two admins who end each other at once come one after the other, so the second one
    # sees that nobody else is left.
    Organization.objects.select_for_update(no_key=True).get(pk=user.acting.organization_id)
    return locked(rows, membership_id, "organization", "user")


def is_sooner(last_day: dt.date | None, other: dt.date | None) -> bool:
    """Whether one last day comes before another; None is never."""
    return (last_day or FOREVER) < (other or FOREVER)


def require_order(first_day: dt.date, last_day: dt.date | None) -> None:
    if last_day and last_day < first_day:
        raise NotPossible({"last_day": "最終日は開始日より後の日付にしてください。"}, code="order")


def require_no_overlap(membership: Membership) -> None:
    """The same role in the same organisation only once at a time."""
    # Two periods overlap where each begins before the other ends; one without a last day never does.
    overlapping = Membership.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=membership.first_day),
        user=membership.user_id,
        organization=membership.organization_id,
        role=membership.role,
        first_day__lte=membership.last_day or FOREVER,
    ).exclude(pk=membership.pk)
    if overlapping.exists():
        raise NotPossible("同じ組織・役割の所属が、同じ期間にすでにあります。", code="overlap")


def require_replaceable(membership: Membership, user: User, until: dt.date) -> None:
    """A prefecture keeps an admin through ``until``, and nobody shuts themselves out."""
    if membership.role != Role.PREFECTURE_ADMIN:
        return
    if membership.user_id == user.pk:
        raise NotPossible(
            "自分の県管理者の所属は、自分では変更・終了できません。ほかの県管理者に依頼してください。", code="own_admin"
        )
    # In force today and still so on that day: one that begins later might leave days without an admin.
    others = Membership.objects.current().filter(
        Q(last_day__isnull=True) | Q(last_day__gte=until),
        organization=membership.organization_id,
        role=Role.PREFECTURE_ADMIN,
    )
    if not others.exclude(user=membership.user_id).exists():
        raise NotPossible(
            "県管理者が一人もいなくなるため、終了・変更できません。先に別の人を県管理者にするか、期間を延長してください。",
            code="last_admin",
        )
