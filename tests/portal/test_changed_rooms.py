"""Meetings, promises, people and the plan after a merger, a new name and a moved bureau: nothing gets lost or unmarked."""

import datetime as dt
import re
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from consultations.domain.sessions.planning import consultants_of
from consultations.models import ProductContract, Topic
from dxportal.core.occasions.domain.feeds import events_of
from dxportal.core.occasions.domain.feeds import make as make_feed
from dxportal.core.occasions.models import Occasion
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Contact
from dxportal.core.ui.japanese import era
from dxportal.portal.domain.audit import TRAILS
from dxportal.portal.domain.plan.reading import exchange_of, meetings_of
from dxportal.portal.models import ExchangeMember
from tests.support import changed as changes
from tests.support import consultations as talks
from tests.support import factories as make

pytestmark = pytest.mark.django_db
LONG_AGO = changes.CHANGE + 50  # days; before the towns changed


@pytest.fixture
def changed(cast):
    """A session and a promise of あさひ町 and of つきの町 before the change, and a session planned for あさひ町 after it."""
    world = changes.make_changed(cast)
    world.session = talks.hold(talks.a_session(cast.staff, cast.town, due=-LONG_AGO), cast.staff, record="窓口の話")
    world.moon_session = talks.a_session(cast.staff, world.moon, due=-LONG_AGO, clock=dt.time(14))
    world.planned = talks.a_session(cast.staff, cast.town, due=3)
    world.action = talks.an_action(world.city, cast.staff, title="端末を選ぶ", bearer="town")
    type(world.action).objects.filter(pk=world.action.pk).update(organization=cast.town)
    world.mark = f"あさひ町（{era(world.day - dt.timedelta(days=1))}まで・現在はまんなか市）"
    return world


@pytest.fixture
def read(client):
    def text_of(user, name, *args, **query):
        client.force_login(user)
        response = client.get(reverse(name, args=args), query)
        assert response.status_code == 200, (name, response.status_code)
        content = response.content.decode("utf-8-sig")
        return re.sub(r"\s+", "", strip_tags(content))

    return text_of


def test_meetings_of_a_day_gone_by_name_their_towns_as_of_then(read, changed):
    month = f"{changed.session.occasion.day:%Y-%m}"
    for name, args, query in (
        ("consultations:sessions", (), {"year": changed.session.occasion.day.year}),
        ("consultations:session", (changed.session.pk,), {}),
        ("occasions:detail", (changed.session.occasion_id,), {}),
        ("occasions:calendar", (), {"month": month}),
        ("occasions:list", (), {"month": month}),
        ("occasions:list", (), {"month": month, "format": "csv"}),
        ("consultations:sessions", (), {"format": "csv"}),
    ):
        query.pop("year", None)
        page = read(changed.staff, name, *args, **query)
        assert "あさひ町（現：まんなか市）" in page, name
    calendar = read(changed.staff, "occasions:calendar", month=month)
    assert "つきの町（現：つきの市）" in calendar
    feed = make_feed("all", user=changed.staff)[0]
    assert any("あさひ町（現：まんなか市）" in event.description for event in events_of(feed))


def test_the_successors_people_read_and_answer_what_was_their_towns(client, read, changed):
    for user in (changed.city_officer, changed.officer):
        assert "窓口の話" in read(user, "consultations:session", changed.session.pk)
        assert "端末を選ぶ" in read(user, "consultations:actions")
        assert "月例" in read(user, "occasions:list", month=f"{changed.session.occasion.day:%Y-%m}")
    assert "端末を選ぶ" in read(changed.city_officer, "portal:karte", changed.city.pk)

    client.force_login(changed.city_officer)
    reply = client.post(reverse("consultations:session_reply", args=[changed.session.pk]), {"agrees": "1"})
    asked = client.get(reverse("consultations:session_ask", args=[changed.planned.pk]))
    done = client.post(reverse("consultations:action_done", args=[changed.action.pk]), {"result": "選んだ"})

    assert (reply.status_code, asked.status_code, done.status_code) == (302, 200, 302)


def test_who_asks_for_the_successor_finds_what_its_predecessors_left(read, changed):
    city = changed.city.pk
    Contact.objects.create(organization=changed.town, name="町田 窓子", first_day=dt.date(2020, 4, 1))

    assert "あさひ町（現：まんなか市）" in read(changed.staff, "consultations:sessions", organization=city)
    assert "端末を選ぶ" in read(changed.staff, "consultations:action_list", organization=city)
    assert "あさひ町" in read(
        changed.staff, "occasions:list", municipality=city, month=f"{changed.session.occasion.day:%Y-%m}"
    )
    people = read(changed.staff, "people:contacts", organization=city)
    assert "町田窓子" in people
    assert "町担当" in people
    own = Contact.objects.editable_by(changed.city_officer)
    assert own.filter(name="町田 窓子").exists()


def test_lists_and_files_of_today_mark_those_that_have_ended(client, read, changed):
    Contact.objects.create(organization=changed.town, name="町田 窓子", first_day=dt.date(2020, 4, 1))
    Topic.objects.create(organization=changed.town, title="庁内の体制")
    ProductContract.objects.create(organization=changed.town, task="税", product="税の箱")
    ExchangeMember.objects.create(organization=changed.town, first_day=dt.date(2020, 4, 1))
    changed.approver.name = "町 決裁"
    membership = changed.officer.memberships.get()
    membership.section = "企画課"
    membership.save()
    doors = [
        ("accounts:member_list", (), {}), ("accounts:member_list", (), {"format": "csv"}),
        ("accounts:member_detail", (membership.pk,), {}), ("accounts:year_end", (), {}),
        ("portal:audit", (), {"kinds": "membership"}), ("portal:audit", (), {"kinds": "membership", "format": "csv"}),
        ("consultations:action_list", (), {}), ("consultations:action_list", (), {"format": "csv"}),
        ("consultations:products", (), {}), ("consultations:topics", (), {}), ("consultations:topics", (), {"format": "csv"}),
        ("consultations:topics", (), {"organization": changed.city.pk}),
        ("consultations:actions", (), {}), ("people:contacts", (), {}), ("people:contacts", (), {"format": "csv"}),
        ("portal:exchange", (), {}), ("portal:exchange", (), {"format": "csv"}),
    ]  # fmt: skip
    missing = [
        (name, query) for name, args, query in doors if changed.mark not in read(changed.admin, name, *args, **query)
    ]
    assert missing == []


def test_the_handover_page_is_of_everybody_who_works_there_now(read, changed):
    page = read(changed.city_officer, "accounts:handover")

    assert "町担当" in page
    assert "隣承認" in page
    assert changed.mark in page
    assert f"{changed.mark}：端末を選ぶ" in page


def test_whoever_was_in_charge_goes_on_in_the_years_plan(changed):
    assert consultants_of([changed.city]) == {changed.city.pk: changed.consultant.pk}


def test_the_plan_counts_who_lived_on_the_day(changed):
    # あさひ町 and ゆうひ町 before the merger; after it a session entered for あさひ町 and one for まんなか市: three in all.
    later = -changes.CHANGE + 20
    made = [
        talks.hold(talks.a_session(changed.staff, town, due=due, clock=dt.time(hour)), changed.staff, record="話")
        for town, due, hour in (
            (changed.neighbour, -LONG_AGO, 15), (changed.town, later, 9), (changed.city, later, 11),
        )
    ]  # fmt: skip
    years = {fiscal_year_of(each.occasion.day) for each in (*made, changed.session)}
    meetings = [meeting for year in years for meeting in meetings_of(changed.pref.pk, year)]

    assert set().union(*(meeting.municipalities for meeting in meetings)) == {
        changed.town.pk, changed.neighbour.pk, changed.city.pk,
    }  # fmt: skip
    after = [meeting.municipalities for meeting in meetings if meeting.day >= changed.day]
    assert after == [frozenset({changed.city.pk})] * 2


def test_the_successor_is_in_the_exchange_that_its_predecessors_joined(read, changed):
    for town in (changed.town, changed.neighbour, changed.moon):
        ExchangeMember.objects.create(organization=town, first_day=dt.date(2020, 4, 1))
    today = timezone.localdate()

    def members(day):
        return {row.municipality for row in exchange_of(changed.pref.pk) if row.day <= day <= (row.last_day or day)}

    assert members(changed.day - dt.timedelta(days=1)) == {changed.town.pk, changed.neighbour.pk, changed.moon.pk}
    assert members(today) == {changed.city.pk, changed.moon.pk}
    assert "3市町村のうち2団体" in read(changed.office, "portal:exchange")
    joining = read(changed.office, "portal:exchange_join")
    assert "やまの村" in joining
    assert "まんなか市" not in joining


def test_forms_of_the_new_rooms_offer_the_living_and_keep_their_rights(client, read, changed):
    for name in ("consultations:session_create", "consultations:action_create", "people:contact_create",
                 "occasions:create", "occasions:busy_create", "consultations:frequencies"):  # fmt: skip
        page = read(changed.staff if name != "people:contact_create" else changed.office, name)
        assert "まんなか市" in page, name
        assert "ゆうひ町" not in page, name
    stranger = make.make_user(changed.hill, "officer")
    client.force_login(stranger)
    for name, pk in (("consultations:session", changed.session.pk), ("consultations:action", changed.action.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    assert not Occasion.objects.for_user(stranger).filter(pk=changed.session.occasion_id).exists()
    assert Organization.objects.line_of([]).count() == 0


def test_no_trail_of_the_audit_names_a_town_by_a_plain_name():
    """A trail gives the organisation itself, which says where it has ended; of prefectures, which don't end, the name."""
    town = Organization(name="あさひ町")
    town.ended = "令和8年3月31日まで"
    plain = []
    for trail in TRAILS:
        event = SimpleNamespace(organization=town, successor=town)
        for between in ("response", "pgh_obj", "topic", "membership", "case"):
            setattr(event, between, event)
        with suppress(AttributeError):  # of a prefecture, or of what is called otherwise
            plain += [trail.code] if trail.place(event) == town.name else []
    assert plain == []
