"""The demo's sessions: one on each meeting, of many texts, and the four real ones of the Saitama group."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count

from consultations.models import Action, Session, Topic
from dxportal.core.occasions.models import Occasion
from tests.support import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
HELD = {"monthly": 300, "regional": 17, "field": 8, "special_hearing_first": 10, "leaders": 6}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with worlds.inside("demo", django_db_blocker):
        yield


def rows(**wanted):
    return Session.objects.filter(occasion__prefecture__name="みほん県", **wanted)


def test_every_meeting_has_its_session_and_no_text_is_in_all_of_them():
    assert Counter(rows().values_list("kind__code", flat=True)) == HELD
    records = Counter(rows(kind__code="monthly").values_list("record", flat=True))
    assert max(records.values()) <= 2
    assert not rows(record="").exists()
    assert not rows(decisions="").exists()


def test_what_was_promised_hangs_on_its_session_and_is_done():
    from_sessions = Action.objects.filter(session__isnull=False)

    assert from_sessions.values("session").distinct().count() == 300
    assert set(from_sessions.values_list("state", flat=True)) == {"done"}
    assert Action.objects.filter(session__isnull=True).count() == 16


def test_what_others_read_is_told_once_and_names_no_town():
    released = Topic.objects.filter(state="released")
    towns = set(rows().values_list("occasion__bodies__organization__name", flat=True)) - {None, "みほん県"}

    assert released.count() >= 40
    assert not released.values("summary_title", "summary").annotate(number=Count("pk")).filter(number__gt=1).exists()
    assert not [topic.summary for topic in released for name in towns if name in topic.summary]
    assert {"shown", "objected", "held", "noted"} <= set(Topic.objects.values_list("state", flat=True))


def test_the_group_in_saitama_met_four_times_in_2022():
    meetings = Session.objects.filter(kind__code="group_meeting").select_related("occasion")

    assert [f"{session.occasion.day}" for session in meetings] == [
        "2022-08-23",
        "2022-09-29",
        "2022-11-11",
        "2022-12-19",
    ]
    assert {session.occasion.prefecture.name for session in meetings} == {"埼玉県"}


def test_a_demo_of_the_version_before_gets_its_sessions_and_a_second_start_changes_nothing():
    mine = Occasion.objects.filter(title__contains="月例").order_by("pk")[0]
    kept = rows().count()
    Topic.objects.all().delete()
    Action.objects.filter(session__isnull=False).delete()
    Session.objects.exclude(occasion=mine).delete()
    Session.objects.filter(occasion=mine).update(record="書き足した記録")

    for _ in range(2):
        call_command("load_demo", verbosity=0)

    assert rows().count() == kept
    assert rows().get(occasion=mine).record == "書き足した記録"
    assert Session.objects.filter(kind__code="group_meeting").count() == 4
