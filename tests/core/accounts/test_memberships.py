import datetime as dt

import pghistory
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from dxportal.core.accounts.domain import members, year_end
from dxportal.core.accounts.domain.trail import membership_history
from dxportal.core.accounts.enums import ROLES_BY_KIND, Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.models import Organization
from tests.support import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def today():
    return timezone.localdate()


def fresh(user):
    """The person as the next request sees them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("kind", list(ROLES_BY_KIND))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_fits_exactly_the_kinds_of_the_table(kind, role):
    organization = Organization(kind=kind, name="組織")

    if role in ROLES_BY_KIND[kind]:
        members.require_fitting_role(organization, role)
    else:
        with pytest.raises(ValidationError):
            members.require_fitting_role(organization, role)


def test_an_ended_membership_gives_nothing(cast):
    membership = cast.officer.memberships.get()

    members.end(membership.pk, today() - DAY, user=cast.admin)

    officer = fresh(cast.officer)
    assert officer.acting is None
    assert officer.role is None
    assert not Organization.objects.for_user(officer).exists()
    assert not Membership.objects.for_user(officer).exists()


def test_the_last_day_itself_still_counts(cast):
    membership = cast.officer.memberships.get()

    members.end(membership.pk, today(), user=cast.admin)

    assert fresh(cast.officer).acting == membership


def test_one_that_had_not_begun_never_comes_into_force(cast):
    membership = make.make_membership(cast.officer, cast.town, Role.APPROVER, first_day=today() + 9 * DAY)

    members.end(membership.pk, today() - DAY, user=cast.admin)

    membership.refresh_from_db()
    assert (membership.first_day, membership.last_day) == (today() - DAY, today() - DAY)


def test_an_ended_one_is_extended_back_to_life(cast):
    membership = cast.officer.memberships.get()
    members.end(membership.pk, today() - DAY, user=cast.admin)

    members.extend(membership.pk, today() + DAY, user=cast.admin)

    assert fresh(cast.officer).acting == membership


def test_extending_to_an_earlier_day_is_refused(cast):
    membership = make.make_membership(cast.officer, cast.town, Role.APPROVER, last_day=today() + 9 * DAY)

    with pytest.raises(ValidationError, match="後の日付"):
        members.extend(membership.pk, today() + DAY, user=cast.admin)


def test_the_same_role_twice_at_a_time_is_refused(cast):
    with pytest.raises(ValidationError, match="同じ期間"):
        members.add(cast.officer, cast.town, Role.OFFICER, first_day=today(), last_day=None, user=cast.admin)


def test_nobody_ends_or_demotes_their_own_admin_membership(cast):
    make.make_user(cast.pref, Role.PREFECTURE_ADMIN)
    own = cast.admin.memberships.get()

    with pytest.raises(ValidationError, match="自分の県管理者"):
        members.end(own.pk, today(), user=cast.admin)
    with pytest.raises(ValidationError, match="自分の県管理者"):
        members.change(own.pk, role=Role.VIEWER, last_day=None, section="", user=cast.admin)

    own.refresh_from_db()
    assert (own.role, own.last_day) == (Role.PREFECTURE_ADMIN, None)


def test_the_last_admin_stays_even_when_two_end_each_other_at_once(cast):
    second = make.make_user(cast.pref, Role.PREFECTURE_ADMIN)
    assert cast.admin.acting
    assert second.acting
    members.end(second.memberships.get().pk, today() - DAY, user=cast.admin)

    with pytest.raises(ValidationError, match="一人もいなくなる"):
        members.end(cast.admin.memberships.get().pk, today() - DAY, user=second)


def test_an_admin_can_be_demoted_while_another_remains(cast):
    second = make.make_user(cast.pref, Role.PREFECTURE_ADMIN)

    members.change(
        second.memberships.get().pk, role=Role.PREFECTURE_STAFF, last_day=None, section="DX課", user=cast.admin
    )

    assert second.memberships.get().role == Role.PREFECTURE_STAFF


def test_an_admin_is_not_left_to_one_whose_own_time_ends_sooner(cast):
    second = make.make_user(cast.pref, Role.PREFECTURE_ADMIN)
    Membership.objects.filter(user=cast.admin).update(last_day=today() + 5 * DAY)

    with pytest.raises(ValidationError, match="一人もいなくなる"):
        members.end(second.memberships.get().pk, today() + 9 * DAY, user=cast.admin)


@pytest.mark.parametrize("who", ["staff", "bureau_staff", "officer", "approver", "consultant", "stranger_staff"])
def test_only_the_prefectures_own_admin_changes_memberships(cast, who):
    membership = cast.viewer.memberships.get()
    by = getattr(cast, who)

    for act in (
        lambda: members.end(membership.pk, today(), user=by),
        lambda: members.extend(membership.pk, None, user=by),
        lambda: members.change(membership.pk, role=Role.OFFICER, last_day=None, section="", user=by),
        lambda: members.add(cast.viewer, cast.town, Role.OFFICER, first_day=today(), last_day=None, user=by),
    ):
        with pytest.raises(PermissionDenied):
            act()

    membership.refresh_from_db()
    assert (membership.role, membership.last_day) == (Role.VIEWER, None)


def test_a_stranger_of_another_prefecture_cannot_be_added(cast):
    with pytest.raises(PermissionDenied):
        members.add(
            cast.stranger_staff, cast.pref, Role.PREFECTURE_STAFF, first_day=today(), last_day=None, user=cast.admin
        )


def test_the_year_end_acts_on_all_or_on_none(cast):
    chosen = [item.memberships.get().pk for item in (cast.officer, cast.admin, cast.viewer)]

    with pytest.raises(ValidationError):
        year_end.end_many(chosen, today() + DAY, user=cast.admin)

    assert not Membership.objects.filter(pk__in=chosen, last_day__isnull=False).exists()


def test_the_year_end_is_31_march_of_the_running_fiscal_year():
    assert year_end.year_end(dt.date(2026, 3, 31)) == dt.date(2026, 3, 31)
    assert year_end.year_end(dt.date(2026, 4, 1)) == dt.date(2027, 3, 31)


def test_the_database_keeps_the_trail_in_words(cast):
    membership = cast.officer.memberships.get()
    members.change(membership.pk, role=Role.APPROVER, last_day=None, section="総務課", user=cast.admin)

    changed, created = membership_history(Membership.objects.filter(pk=membership.pk))

    assert (changed.act, changed.subject, created.act) == ("変更", "町 担当", "登録")
    assert [(change.label, change.old, change.new) for change in changed.changes] == [
        ("役割", "市町村担当者", "市町村承認者"),
        ("所属課", "", "総務課"),
    ]
    assert ("役割", "", "市町村担当者") in [(change.label, change.old, change.new) for change in created.changes]


def test_the_trail_says_who_changed_it_and_as_what_they_acted(cast):
    membership, acting = cast.officer.memberships.get(), cast.admin.memberships.get()
    with pghistory.context(user=cast.admin.pk, membership=acting.pk):
        members.change(membership.pk, role=Role.APPROVER, last_day=None, section="", user=cast.admin)

    changed, _ = membership_history(Membership.objects.filter(pk=membership.pk))

    assert changed.who == f"{cast.admin.name}（{acting.organization}・県管理者）"
