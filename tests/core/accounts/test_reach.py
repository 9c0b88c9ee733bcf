"""How far each membership reaches, over every kind of row that hangs on an organisation, and from when to when."""

import datetime as dt

import pytest
from django.utils import timezone

from assessments.models import Response
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Membership
from dxportal.core.organizations.models import Organization
from tests.support import factories as make

pytestmark = pytest.mark.django_db

MIHON = {"みほん県", "北部振興局", "南部振興局", "あさひ町", "ゆうひ町"}
NORTH, SOUTH = {"北部振興局", "あさひ町"}, {"南部振興局", "ゆうひ町"}
REACH = {
    "nobody": set(),
    "stranger_staff": {"となり県", "となり振興局", "よその町"},
    "admin": MIHON,
    "staff": MIHON,
    "pref_viewer": MIHON,
    "bureau_staff": NORTH,
    "far_bureau_staff": SOUTH,
    "consultant": {"あさひ町"},
    "officer": {"あさひ町"},
    "approver": {"あさひ町"},
    "viewer": {"あさひ町"},
    "neighbour_officer": {"ゆうひ町"},
    "neighbour_approver": {"ゆうひ町"},
}
TOWNS = {"あさひ町", "ゆうひ町", "よその町"}
DAYS = {  # first day, last day (from today) and whether the membership is in force today
    "since long": (-400, None, True),
    "from today": (0, None, True),
    "from tomorrow": (1, None, False),
    "to today": (-1, 0, True),
    "to yesterday": (-9, -1, False),
    "today alone": (0, 0, True),
    "later, and ended": (3, 9, False),
}


def names(rows, path="name"):
    return set(rows.values_list(path, flat=True))


@pytest.mark.parametrize("person", REACH)
def test_a_person_reaches_these_organizations_and_no_others(cast, person):
    assert names(Organization.objects.for_user(getattr(cast, person))) == REACH[person]


@pytest.mark.parametrize("person", REACH)
def test_a_person_reads_the_responses_of_the_towns_in_reach(cast, person):
    for pref, towns in ((cast.pref, (cast.town, cast.neighbour)), (cast.other_pref, (cast.other_town,))):
        survey = make.make_survey(pref)
        for town in towns:
            make.make_response(survey, town)

    read = Response.objects.for_user(getattr(cast, person))

    assert names(read, "organization__name") == REACH[person] & TOWNS


@pytest.mark.parametrize("person", REACH)
def test_only_admins_edit_and_only_what_they_reach(cast, person):
    user = getattr(cast, person)

    edited = names(Organization.objects.editable_by(user))

    assert edited == (REACH[person] if person in ("admin", "stranger_staff") else set())


@pytest.mark.parametrize("person", REACH)
def test_staff_read_the_members_of_all_they_reach_others_those_of_their_own_place(cast, person):
    user = getattr(cast, person)

    read = names(Membership.objects.for_user(user), "organization__name")

    with_members = names(Membership.objects.all(), "organization__name")
    own = {user.acting.organization.name} if user.acting else set()
    assert read == (REACH[person] & with_members if person in ("admin", "staff", "stranger_staff") else own)


@pytest.mark.parametrize(("first", "last", "in_force"), DAYS.values(), ids=DAYS)
def test_a_membership_counts_from_its_first_day_to_its_last(cast, first, last, in_force):
    today = timezone.localdate()
    user = make.make_user(
        cast.town, Role.OFFICER, first_day=today + dt.timedelta(first),
        last_day=None if last is None else today + dt.timedelta(last),
    )  # fmt: skip

    assert names(Organization.objects.for_user(user)) == ({"あさひ町"} if in_force else set())


@pytest.mark.parametrize(("first", "last", "in_force"), DAYS.values(), ids=DAYS)
def test_a_consultants_charge_counts_from_its_first_day_to_its_last(cast, first, last, in_force):
    today = timezone.localdate()
    Assignment.objects.update(
        first_day=today + dt.timedelta(first), last_day=None if last is None else today + dt.timedelta(last)
    )

    assert names(Organization.objects.for_user(cast.consultant)) == ({"あさひ町"} if in_force else set())


def test_a_person_who_is_shut_out_reaches_nothing(cast):
    cast.staff.is_active = False
    cast.staff.save()

    assert not Organization.objects.for_user(cast.staff).exists()


def test_a_consultant_of_two_towns_reaches_both_and_neither_bureau(cast):
    make.assign(cast.consultant, cast.neighbour)

    assert names(Organization.objects.for_user(cast.consultant)) == {"あさひ町", "ゆうひ町"}


def test_a_town_right_under_the_prefecture_is_reached_by_its_staff_and_by_no_bureau(cast):
    town = make.make_municipality(cast.pref, "直属の町")

    assert town in Organization.objects.for_user(cast.staff)
    assert town not in Organization.objects.for_user(cast.bureau_staff)
