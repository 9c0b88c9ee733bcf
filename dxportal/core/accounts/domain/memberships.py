"""Changes of memberships. Each checks the right of who asks; the trail is kept by database triggers."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.organizations.models import Organization

FOREVER = dt.date.max
ONE_DAY = dt.timedelta(days=1)


def demand_role_fits(organization: Organization, role: str) -> None:
    """ValidationError when the organisation's kind has no such role."""
    if role not in ROLES_BY_KIND[organization.kind]:
        raise ValidationError(
            f"「{Role(role).label}」は{organization.get_kind_display()}の役割ではありません。", code="role_kind"
        )


def create(
    user: User,
    organization: Organization,
    role: str,
    *,
    first_day: dt.date,
    last_day: dt.date | None,
    section: str = "",
) -> Membership:
    """The bare making of a membership (invitations, demo): fits the kind, does not overlap; asks no right."""
    demand_role_fits(organization, role)
    _demand_order(first_day, last_day)
    _demand_free(Membership(user=user, organization=organization, role=role, first_day=first_day, last_day=last_day))
    return Membership.objects.create(
        user=user, organization=organization, role=role, first_day=first_day, last_day=last_day, section=section
    )


@transaction.atomic
def add(
    person: User, organization: Organization, role: str, *, first_day: dt.date, last_day: dt.date | None, by: User
) -> Membership:
    """A further membership for someone already known in the prefecture."""
    if not by.is_prefecture_admin or not _reaches(by, organization) or not _known(by, person):
        raise PermissionDenied
    return create(person, organization, role, first_day=first_day, last_day=last_day)


@transaction.atomic
def change(membership_id: int, *, role: str, last_day: dt.date | None, section: str, by: User) -> Membership:
    """Another role, last day or section. A demotion or an end is refused for oneself and for the last admin."""
    membership = _locked(membership_id, by)
    demand_role_fits(membership.organization, role)
    _demand_order(membership.first_day, last_day)
    if role != membership.role or _sooner(last_day, membership.last_day):
        _demand_not_needed(membership, by, last_day if role == membership.role else timezone.localdate())
    membership.role, membership.last_day, membership.section = role, last_day, section
    _demand_free(membership)
    membership.save(update_fields=["role", "last_day", "section"])
    return membership


@transaction.atomic
def end(membership_id: int, last_day: dt.date, *, by: User) -> Membership:
    """In force up to and including ``last_day``; yesterday or earlier ends it at once.

    One that had not begun by ``last_day`` is put before it and so never comes into force.
    """
    membership = _locked(membership_id, by)
    if has_ended(membership):
        raise ValidationError("この所属はすでに終了しています。", code="ended")
    _demand_not_needed(membership, by, last_day)
    membership.first_day, membership.last_day = min(membership.first_day, last_day), last_day
    membership.save(update_fields=["first_day", "last_day"])
    return membership


@transaction.atomic
def extend(membership_id: int, last_day: dt.date | None, *, by: User) -> Membership:
    """A later last day, or none."""
    membership = _locked(membership_id, by)
    if _sooner(last_day, membership.last_day):
        raise ValidationError("今の最終日より後の日付を入力してください。", code="not_later")
    membership.last_day = last_day
    _demand_free(membership)
    membership.save(update_fields=["last_day"])
    return membership


@transaction.atomic
def extend_many(membership_ids: Iterable[int], last_day: dt.date, *, by: User) -> list[Membership]:
    """All or none (year-end review)."""
    return [_named(extend, pk, last_day, by) for pk in sorted(membership_ids)]


@transaction.atomic
def end_many(membership_ids: Iterable[int], last_day: dt.date, *, by: User) -> list[Membership]:
    """All or none (year-end review)."""
    return [_named(end, pk, last_day, by) for pk in sorted(membership_ids)]


def _named(act: Callable[..., Membership], membership_id: int, last_day: dt.date, by: User) -> Membership:
    """One of several: a refusal says whose membership it speaks of."""
    try:
        return act(membership_id, last_day, by=by)
    except ValidationError as error:
        person = User.objects.get(memberships=membership_id)
        raise ValidationError(f"{person}：{' '.join(error.messages)}") from error


def year_end(day: dt.date | None = None) -> dt.date:
    """31 March of the fiscal year that ``day`` (today) falls in."""
    return bounds(fiscal_year_of(day or timezone.localdate()))[1]


def has_ended(membership: Membership) -> bool:
    return bool(membership.last_day and membership.last_day < timezone.localdate())


def state_word(membership: Membership) -> str:
    """利用中, 開始前 or 終了, today."""
    if has_ended(membership):
        return "終了"
    return "開始前" if membership.first_day > timezone.localdate() else "利用中"


def _locked(membership_id: int, by: User) -> Membership:
    """The row, with its prefecture locked first: two admins who end each other at once come one after the other."""
    if not Membership.objects.editable_by(by).filter(pk=membership_id).exists():
        raise PermissionDenied
    Organization.objects.select_for_update(no_key=True).get(pk=by.acting.organization_id)
    found = Membership.objects.select_for_update(of=("self",)).select_related("organization", "user")
    return found.get(pk=membership_id)


def _reaches(by: User, organization: Organization) -> bool:
    return Organization.objects.editable_by(by).filter(pk=organization.pk).exists()


def _known(by: User, person: User) -> bool:
    return Membership.objects.for_user(by).filter(user=person).exists()


def _sooner(new: dt.date | None, old: dt.date | None) -> bool:
    return (new or FOREVER) < (old or FOREVER)


def _demand_order(first_day: dt.date, last_day: dt.date | None) -> None:
    if last_day and last_day < first_day:
        raise ValidationError({"last_day": "最終日は開始日より後の日付にしてください。"}, code="order")


def _demand_free(membership: Membership) -> None:
    """The same role in the same organisation only once at a time."""
    same = Membership.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=membership.first_day),
        user=membership.user_id,
        organization=membership.organization_id,
        role=membership.role,
        first_day__lte=membership.last_day or FOREVER,
    ).exclude(pk=membership.pk)
    if same.exists():
        raise ValidationError("同じ組織・役割の所属が、同じ期間にすでにあります。", code="overlap")


def _demand_not_needed(membership: Membership, by: User, until: dt.date) -> None:
    """A prefecture keeps an admin through ``until``, and nobody shuts themselves out."""
    if membership.role != Role.PREFECTURE_ADMIN:
        return
    if membership.user_id == by.pk:
        raise ValidationError(
            "自分の県管理者の所属は、自分では変更・終了できません。ほかの県管理者に依頼してください。", code="own_admin"
        )
    others = Membership.objects.current().filter(
        Q(last_day__isnull=True) | Q(last_day__gte=until),
        organization=membership.organization_id,
        role=Role.PREFECTURE_ADMIN,
    )
    if not others.exclude(user=membership.user_id).exists():
        raise ValidationError(
            "県管理者が一人もいなくなるため、終了・変更できません。先に別の人を県管理者にするか、期間を延長してください。",
            code="last_admin",
        )
