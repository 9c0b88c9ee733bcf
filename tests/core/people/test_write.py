import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from dxportal.core.accounts.enums import Role
from dxportal.core.people.domain import write
from dxportal.core.people.domain.contacts import contacts_of
from dxportal.core.people.models import Capacity, Contact, Supporter
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support import factories as make

pytestmark = pytest.mark.django_db
APRIL, MARCH = dt.date(2024, 4, 1), dt.date(2025, 3, 31)


@pytest.fixture
def office(cast):
    write.load_capacities()
    return make.make_user(cast.pref, Role.SUPPORT_STAFF, name="業務 太郎")


def special() -> Capacity:
    return Capacity.objects.get(code="special_producer")


def test_the_office_keeps_the_register_and_everybody_of_the_prefecture_reads_it(cast, office):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=office)

    assert [
        Supporter.objects.for_user(user).count() for user in (cast.officer, cast.bureau_staff, cast.consultant)
    ] == [1] * 3
    assert not Supporter.objects.for_user(cast.stranger_staff).exists()
    for user in (cast.officer, cast.consultant, cast.bureau_staff, cast.pref_viewer):
        with pytest.raises(PermissionDenied):
            write.create_supporter({"name": "x"}, user=user)
        with pytest.raises(PermissionDenied):
            write.change_supporter(supporter.pk, {"name": "x"}, user=user, revision=1)
    with pytest.raises(PermissionDenied):
        write.change_supporter(supporter.pk, {"name": "x"}, user=cast.stranger_staff, revision=1)


def test_a_stale_change_of_a_supporter_is_refused(cast, office):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=office)
    write.change_supporter(supporter.pk, {"affiliation": "みほん社"}, user=cast.staff, revision=1)

    with pytest.raises(Overtaken) as refusal:
        write.change_supporter(supporter.pk, {"affiliation": "べつの社"}, user=office, revision=1)

    assert refusal.value.current.affiliation == "みほん社"


def test_an_account_belongs_to_one_supporter_of_the_prefecture(cast, office):
    write.create_supporter({"name": "伴走 花子", "user": cast.consultant}, user=office)

    with pytest.raises(NotPossible):
        write.create_supporter({"name": "別人", "user": cast.consultant}, user=office)


@pytest.mark.parametrize(
    ("field", "first_day", "last_day", "fits"),
    [
        ("人づくり", dt.date(2024, 9, 30), None, False),
        ("人づくり", dt.date(2024, 10, 1), None, True),
        ("人づくり", dt.date(2024, 1, 1), dt.date(2024, 3, 31), True),
        ("テクノロジー", dt.date(2024, 9, 1), None, True),
    ],
)
def test_periods_of_a_capacity_in_a_field_never_overlap(cast, office, field, first_day, last_day, fits):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=office)
    common = {"capacity": special(), "user": office}
    write.store_capacity(supporter.pk, field="人づくり", first_day=APRIL, last_day=dt.date(2024, 9, 30), **common)

    def again():
        return write.store_capacity(supporter.pk, field=field, first_day=first_day, last_day=last_day, **common)

    if fits:
        assert again().field == field
    else:
        with pytest.raises(NotPossible):
            again()
        assert supporter.capacities.count() == 1


def test_a_capacity_without_field_takes_none_and_another_person_may_hold_the_same(cast, office):
    concierge = Capacity.objects.get(code="concierge")
    for name in ("甲", "乙"):
        supporter = write.create_supporter({"name": name}, user=office)
        row = write.store_capacity(supporter.pk, capacity=concierge, field="人づくり", first_day=APRIL, user=office)
        assert row.field == ""


def test_whoever_held_a_capacity_is_ended_and_not_deleted(cast, office):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=office)
    row = write.store_capacity(supporter.pk, capacity=special(), field="人づくり", first_day=APRIL, user=office)

    with pytest.raises(NotPossible):
        write.delete_supporter(supporter.pk, user=office)

    ended = write.store_capacity(
        supporter.pk, capacity=special(), field="人づくり", first_day=APRIL, last_day=MARCH, pk=row.pk, user=office
    )
    assert (ended.pk, ended.last_day) == (row.pk, MARCH)


def test_contacts_are_members_and_entries_in_office_on_the_day(cast, office, django_assert_num_queries):
    for user, last_day in ((cast.officer, None), (office, dt.date(2024, 9, 30))):
        write.create_contact(
            cast.town, {"name": f"窓口 {user.pk}", "first_day": APRIL, "last_day": last_day}, user=user
        )
    write.create_contact(cast.neighbour, {"name": "隣の窓口", "first_day": APRIL}, user=cast.neighbour_officer)

    with django_assert_num_queries(2):
        people = contacts_of([cast.neighbour, cast.town], day=dt.date(2024, 10, 1))

    entries = [person.name for person in people if person.contact]
    assert entries == ["隣の窓口", f"窓口 {cast.officer.pk}"]
    assert [person.organization for person in people] == sorted(
        (person.organization for person in people), key=[cast.neighbour.pk, cast.town.pk].index
    )


def test_a_town_writes_its_own_contacts_only(cast, office):
    contact = write.create_contact(cast.town, {"name": "窓口", "first_day": APRIL}, user=cast.officer)

    for user in (cast.neighbour_officer, cast.viewer, cast.bureau_staff, cast.consultant, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            write.change_contact(contact.pk, {"name": "x"}, user=user)
        with pytest.raises(PermissionDenied):
            write.create_contact(cast.town, {"name": "x", "first_day": APRIL}, user=user)

    assert list(Contact.objects.values_list("name", flat=True)) == ["窓口"]
