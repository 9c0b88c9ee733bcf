"""The morning's mail: to whom, of what, when, once."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from consultations.domain.actions import digest, moves
from consultations.domain.actions.workdays import is_day_off
from consultations.models import DigestSetting
from consultations.tasks import send_digests
from tests.support import factories as make
from tests.support.consultations import an_action, day, post
from tests.support.threads import in_threads

MONDAY = dt.date(2026, 11, 30)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)))
def test_no_mail_on_a_weekend(today):
    if today.weekday() >= 5:
        assert is_day_off(today)


@pytest.mark.parametrize(
    ("today", "works"),
    [
        (dt.date(2026, 11, 23), False),  # 勤労感謝の日
        (dt.date(2026, 11, 24), True),
        (dt.date(2026, 5, 6), False),  # 振替休日
        (dt.date(2026, 9, 22), False),  # 国民の休日
        (dt.date(2025, 12, 29), False),
        (dt.date(2026, 1, 5), True),
    ],
)
def test_working_days(today, works):
    assert is_day_off(today) != works


@pytest.fixture
def monday(monkeypatch):
    """Today counts as a working day, whatever it is."""
    monkeypatch.setattr(digest, "is_day_off", lambda _: False)


def sent() -> dict[str, str]:
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert len(letters) == len(mail.outbox)
    return letters


@pytest.mark.django_db
def test_each_hears_of_what_is_theirs_and_nobody_of_others(cast, monday):
    office = make.make_user(cast.pref, "support_staff")
    an_action(cast.town, cast.staff, "町の遅れ", -2, bearer="town")
    an_action(cast.town, cast.staff, "県の用事", 3, bearer="prefecture")
    an_action(cast.town, cast.staff, "伴走の用事", 0, bearer="consultant")
    an_action(cast.neighbour, cast.staff, "隣の遅れ", -1, bearer="town")
    an_action(cast.town, cast.staff, "遠い先", 8, bearer="town")

    assert digest.send_all() == len(mail.outbox) > 0

    letters = sent()
    titles = ("町の遅れ", "県の用事", "伴走の用事", "隣の遅れ", "遠い先")
    told = {
        person: [title for title in titles if title in letters.get(user.email, "")]
        for person, user in (*vars(cast).items(), ("office", office))
        if hasattr(user, "email")
    }
    assert {person: words for person, words in told.items() if words} == {
        "officer": ["町の遅れ"],
        "approver": ["町の遅れ"],
        "consultant": ["町の遅れ", "伴走の用事"],
        "staff": ["県の用事"],
        "admin": ["県の用事"],
        "neighbour_officer": ["隣の遅れ"],
        "neighbour_approver": ["隣の遅れ"],
        "office": ["町の遅れ", "県の用事", "隣の遅れ"],
    }
    assert reverse("consultations:digest") in letters[cast.officer.email]


@pytest.mark.django_db
def test_none_when_there_is_nothing_and_none_on_a_day_off(cast, monkeypatch):
    monkeypatch.setattr(digest, "is_day_off", lambda _: False)
    action = an_action(cast.town, cast.staff, due=-1)
    moves.make_move(action.pk, "carry_out", user=cast.staff)
    assert digest.send_all() == 0

    an_action(cast.town, cast.staff, due=-1)
    monkeypatch.undo()
    assert digest.send_all(dt.date(2026, 11, 23)) == 0
    assert not mail.outbox
    assert not DigestSetting.objects.filter(last_day__isnull=False).exists()


@pytest.mark.django_db
def test_the_clock_may_fire_twice_and_the_next_day_sends_again(cast, monday):
    an_action(cast.town, cast.staff, due=-1, bearer="town")

    send_digests()
    first = len(mail.outbox)
    send_digests()

    assert len(mail.outbox) == first > 0
    assert digest.send_all(day(1)) == first


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_claims(cast):
    results = in_threads(*[lambda: digest.claim(cast.officer.pk, MONDAY)] * 4)

    assert sorted(results) == [False, False, False, True]


@pytest.mark.django_db
def test_a_mail_that_could_not_be_sent_is_tried_at_the_next_firing(cast, monday, monkeypatch):
    an_action(cast.town, cast.staff, due=-1, bearer="town")

    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        assert digest.send_all() == 0
    assert digest.send_all() > 0


@pytest.mark.django_db
def test_whoever_mutes_gets_none_and_may_take_it_back(client, cast, monday):
    an_action(cast.town, cast.staff, due=-1, bearer="town")
    post(client, cast.officer, "digest", muted="on")
    assert digest.is_muted(cast.officer)

    digest.send_all()

    assert cast.officer.email not in sent()
    assert cast.approver.email in sent()
    post(client, cast.officer, "digest")
    mail.outbox.clear()
    digest.send_all()
    assert list(sent()) == [cast.officer.email]


def test_beat_knows_the_task(settings):
    assert "consultations.send_digests" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
