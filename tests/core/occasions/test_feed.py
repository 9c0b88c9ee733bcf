"""The feed, read as a calendar program reads it: by its secret address and nothing else."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from dxportal.core.occasions.domain import attendance, feeds, moves, write
from dxportal.core.occasions.domain.draft import BodyPart, Guest
from dxportal.core.occasions.models import CalendarFeed, Occasion
from tests.core.occasions.conftest import draft

TODAY = timezone.localdate()


@pytest.fixture
def cast(cast):
    """The meetings are of today: a feed reaches back to the fiscal year before."""
    Occasion.objects.update(starts_at=timezone.now(), updated_at=timezone.now())
    return cast


def address(secret):
    return reverse("occasions:feed", args=[secret])


def read(secret, **headers):
    return Client().get(address(secret), headers=headers)


def events(secret):
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(read(secret).content).walk("VEVENT")}


def test_it_holds_what_the_membership_may_read_now(cast):
    _, secret = feeds.make("all", user=cast.officer)
    assert set(events(secret)) == {"月例相談", "近隣の会 定例会"}

    cast.group.members.remove(cast.town)
    assert set(events(secret)) == {"月例相談"}
    cast.officer.memberships.update(last_day=TODAY - dt.timedelta(days=1))
    assert read(secret).status_code == 404
    assert b"BEGIN" not in read(secret).content


def test_it_does_not_follow_what_the_person_works_under_in_the_portal(cast):
    _, secret = feeds.make("all", user=cast.officer)
    client = Client()
    client.force_login(cast.stranger_staff)
    assert {
        str(event["SUMMARY"]) for event in Calendar.from_ical(client.get(address(secret)).content).walk("VEVENT")
    } == {
        "月例相談",
        "近隣の会 定例会",
    }


def test_ones_own_are_those_one_attends(cast):
    attendance.record(cast.own.pk, [Guest(user=cast.officer.pk)], user=cast.staff)
    _, secret = feeds.make("own", user=cast.officer)
    assert set(events(secret)) == {"月例相談"}


def test_the_same_number_with_a_higher_version_when_something_changes(cast):
    _, secret = feeds.make("all", user=cast.officer)
    before = events(secret)["月例相談"]
    later = timezone.now() + dt.timedelta(days=3)
    write.reschedule(cast.own.pk, later, user=cast.staff)
    moved = events(secret)["月例相談"]
    moves.make_move(cast.own.pk, "postpone", user=cast.staff, reason="内々の理由")
    struck = events(secret)["【延期】月例相談"]

    assert before["UID"] == moved["UID"] == struck["UID"]
    assert before["SEQUENCE"] < moved["SEQUENCE"] < struck["SEQUENCE"]
    assert moved.decoded("DTSTART") == later.replace(microsecond=0)
    assert (str(moved["STATUS"]), str(struck["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert "内々の理由" not in read(secret).content.decode()


def test_agenda_and_attendance_never_leave(cast):
    Occasion.objects.update(agenda="議題は内部のもの")
    attendance.record(cast.own.pk, [Guest(name="出席 太郎")], user=cast.staff)
    _, secret = feeds.make("all", user=cast.officer)
    text = read(secret).content.decode().replace("\r\n ", "")

    assert "議題は内部のもの" not in text
    assert "出席 太郎" not in text
    assert "団体：あさひ町" in text


def test_a_program_that_has_it_already_gets_nothing_again(cast):
    _, secret = feeds.make("all", user=cast.officer)
    first = read(secret)
    assert first["Content-Type"].startswith("text/calendar")
    assert "private" in first["Cache-Control"]
    again = read(secret, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    write.reschedule(cast.own.pk, timezone.now() + dt.timedelta(days=1), user=cast.staff)
    assert read(secret, if_none_match=first["ETag"]).status_code == 200


def test_a_renewed_address_replaces_the_one_before_and_an_ended_one_gives_nothing(cast):
    feed, secret = feeds.make("all", user=cast.officer)
    _, newer = feeds.renew(feed.pk, user=cast.officer)
    assert (read(secret).status_code, read(newer).status_code) == (404, 200)

    feeds.end(feed.pk, user=cast.officer)
    assert read(newer).status_code == 404


def test_wrong_secrets_are_let_through_only_so_often(cast, settings):
    _, secret = feeds.make("all", user=cast.officer)
    statuses = [read("guess").status_code for _ in range(62)]

    assert statuses[:60] == [404] * 60
    assert statuses[60:] == [429] * 2
    assert read(secret).status_code == 200  # whoever has the right one is not locked out by others


def test_the_address_is_shown_once_and_stored_nowhere(client, cast):
    client.force_login(cast.officer)
    page = client.post(reverse("occasions:feed_make"), {"scope": "all"})
    secret = page.context["address"].rpartition("/")[2].removesuffix(".ics")

    assert read(secret).status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get(reverse("occasions:feed_list")).content.decode()
    assert secret not in str(CalendarFeed.objects.values())
    assert "すでにあります" in client.post(reverse("occasions:feed_make"), {"scope": "all"}).content.decode()
    feed = CalendarFeed.objects.get()
    renewed = client.post(reverse("occasions:feed_renew", args=[feed.pk]))
    assert renewed.context["address"] != page.context["address"]
    client.post(reverse("occasions:feed_renew", args=[feed.pk]))  # a second click
    assert (
        Client()
        .get(
            renewed.context["address"].partition("/calendar")[1] + renewed.context["address"].partition("/calendar")[2]
        )
        .status_code
        == 200
    )
    client.force_login(cast.approver)
    assert client.post(reverse("occasions:feed_end", args=[feed.pk])).status_code == 404


def test_a_feed_costs_the_same_with_many_meetings(cast, django_assert_num_queries):
    _, secret = feeds.make("all", user=cast.officer)
    found = feeds.find(secret)
    with django_assert_num_queries(3):
        feeds.events_of(found)
    part = BodyPart(organization=cast.town.pk)
    write.store([draft(part, day=TODAY.isoformat(), title=str(n)) for n in range(30)], prefecture_id=cast.pref.pk)
    with django_assert_num_queries(3):
        assert len(feeds.events_of(found)) == 32
