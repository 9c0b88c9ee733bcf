import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from tests.support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_hats(cast):
    """An officer of the town who is also approver of the neighbour."""
    make.make_membership(cast.officer, cast.neighbour, Role.APPROVER)
    return cast


def hat(cast, organization):
    return cast.officer.memberships.get(organization=organization)


def wear(client, membership):
    return client.post(reverse("accounts:switch"), {"membership": membership.pk})


def seen_members(client):
    return {row.organization.name for row in client.get(reverse("accounts:member_list")).context["rows"]}


def end(membership):
    Membership.objects.filter(pk=membership.pk).update(last_day=timezone.localdate() - dt.timedelta(days=1))


def test_switching_changes_what_is_seen(client, two_hats):
    client.force_login(two_hats.officer)

    wear(client, hat(two_hats, two_hats.town))
    before = seen_members(client)
    wear(client, hat(two_hats, two_hats.neighbour))

    assert before == {"あさひ町"}
    assert seen_members(client) == {"ゆうひ町"}


def test_somebody_elses_membership_cannot_be_worn(client, two_hats):
    client.force_login(two_hats.officer)

    assert wear(client, two_hats.admin.memberships.get()).status_code == 404


@pytest.mark.parametrize("value", ["", "x", "999999", "-1"])
def test_nonsense_is_not_found(client, two_hats, value):
    client.force_login(two_hats.officer)

    assert client.post(reverse("accounts:switch"), {"membership": value}).status_code == 404


def test_an_ended_membership_cannot_be_worn(client, two_hats):
    ended = hat(two_hats, two_hats.neighbour)
    end(ended)
    client.force_login(two_hats.officer)

    assert wear(client, ended).status_code == 404


def test_a_membership_that_ends_meanwhile_gives_way_and_the_page_says_so_once(client, two_hats):
    client.force_login(two_hats.officer)
    worn = hat(two_hats, two_hats.neighbour)
    wear(client, worn)
    client.get(reverse("accounts:member_list"))
    end(worn)

    first, second = client.get(reverse("accounts:member_list")), client.get(reverse("accounts:member_list"))

    assert {row.organization for row in first.context["rows"]} == {two_hats.town}
    assert "期間が終了したため" in first.content.decode()
    assert "期間が終了したため" not in second.content.decode()


@pytest.mark.parametrize("name", ["accounts:member_list", "accounts:handover", "accounts:member_invite"])
def test_without_any_membership_there_is_a_clear_page(client, cast, name):
    client.force_login(cast.nobody)

    response = client.get(reverse(name))

    assert response.status_code == 403
    assert "所属の期間が終了しています" in response.content.decode()


def test_the_last_membership_ending_mid_session_stops_the_next_request(client, cast):
    client.force_login(cast.officer)
    assert client.get(reverse("accounts:member_list")).status_code == 200
    end(cast.officer.memberships.get())

    assert client.get(reverse("accounts:member_list")).status_code == 403


def test_without_any_membership_the_own_page_and_signing_out_still_work(client, cast):
    client.force_login(cast.nobody)

    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_request_asks_once_for_the_memberships(client, cast, django_assert_num_queries):
    make.make_membership(cast.officer, cast.neighbour, Role.APPROVER)
    client.force_login(cast.officer)
    client.get(reverse("accounts:member_invite"))

    with django_assert_num_queries(2):  # the person, their memberships; the session comes from the cache
        assert client.get(reverse("accounts:member_invite")).status_code == 403


def test_one_whose_time_has_not_begun_is_told_from_when(client, cast):
    day = timezone.localdate() + dt.timedelta(days=9)
    make.make_membership(cast.nobody, cast.town, Role.OFFICER, first_day=day)
    client.force_login(cast.nobody)

    response = client.get(reverse("accounts:member_list"))

    assert response.status_code == 403
    assert "まだ利用できません" in response.content.decode()
    assert f"{day.year}年{day.month}月{day.day}日" in response.content.decode()
