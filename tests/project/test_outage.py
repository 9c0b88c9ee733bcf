"""With Redis or PostgreSQL away: what still works, how long it takes, and that it comes back by itself."""

import time
import uuid

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from dxportal import caching
from dxportal.core import outage
from dxportal.core.accounts.enums import Role
from dxportal.core.jobs.domain.queueing import enqueue
from dxportal.core.jobs.models import Job
from dxportal.core.occasions.views import feeds
from tests.support import factories as make
from tests.support.signing import activate, code_for, sign_in, signed_in

pytestmark = pytest.mark.django_db
NOWHERE = "redis://127.0.0.1:1/0"
PASSPHRASE = "asagiri-no-hashi-42"


@pytest.fixture
def person(cast):
    """With a password, and an address of their own: failures are counted by address."""
    user = make.make_user(cast.town, Role.OFFICER, email=f"officer-{uuid.uuid4().hex}@example.jp")
    user.set_password(PASSPHRASE)
    user.save()
    return user


@pytest.fixture
def no_broker(settings, monkeypatch):
    """Redis has gone away: nobody listens where it was."""
    settings.REDIS_URL = NOWHERE
    settings.CACHES = {
        **settings.CACHES,
        "sessions": {**settings.CACHES["sessions"], "LOCATION": NOWHERE},
    }
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", NOWHERE)  # read anew for each connection, whoever set up the app
    outage.broker.reset()
    yield
    outage.broker.reset()
    caching._owed.clear()


@pytest.fixture(autouse=True)
def closed_breakers():
    yield
    outage.broker.reset()
    outage.database.reset()


def test_a_breaker_lets_the_first_try_after_its_pause_and_spares_the_others():
    breaker = outage.Breaker(0.05)
    assert not breaker.is_open()

    breaker.trip()
    assert breaker.is_open()
    assert breaker.tripped
    time.sleep(0.06)
    assert [breaker.is_open() for _ in range(3)] == [False, True, True]
    breaker.reset()
    assert not breaker.is_open()


def test_without_redis_people_sign_in_read_and_save(client, person, no_broker):
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSPHRASE})
    assert answer.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    saved = client.post(reverse("accounts:profile"), {"name": "新しい名", "kana": "", "phone": "", "extension": ""})

    assert saved.status_code == 302
    person.refresh_from_db()
    assert person.name == "新しい名"


def test_without_redis_wrong_passwords_lock_as_ever(client, person, no_broker):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})

    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSPHRASE})

    assert answer.status_code == 200
    assert "ログインの失敗が続いたため" in answer.content.decode()


def test_without_redis_the_mails_of_a_forgotten_password_are_bounded(client, person, no_broker):
    for _ in range(5):
        client.post(reverse("account_reset_password"), {"email": person.email})

    assert len(mail.outbox) == 3


def test_without_redis_a_job_waits_in_the_database_and_nobody_waits_for_it(
    cast, no_broker, django_capture_on_commit_callbacks
):
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            enqueue("tests.note", label="処理", params={}, prefecture=cast.pref, key=str(number))

    assert time.monotonic() - started < 10  # unbounded, each of the five would wait for the broker
    assert Job.objects.filter(state="queued", published_at__isnull=True).count() == 5


def test_the_page_of_a_job_that_the_broker_was_not_told_of_says_so(
    client, cast, no_broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("tests.note", label="処理", params={}, prefecture=cast.pref)
    client.force_login(cast.staff)
    address = reverse("jobs:detail", args=[job.pk])

    assert "処理の受け渡しが止まっています" in client.get(address).content.decode()

    Job.objects.update(published_at=timezone.now())
    assert "処理の受け渡しが止まっています" not in client.get(address).content.decode()


def test_what_was_deleted_while_redis_was_away_is_not_there_when_it_is_back():
    cache = caches["sessions"]
    cache.set("kept", "old")
    outage.broker.trip()

    assert cache.get("kept") is None
    assert cache.delete("kept") is False
    outage.broker.reset()

    assert cache.get("kept") is None
    cache.set("kept", "new")
    assert cache.get("kept") == "new"


@pytest.fixture
def other_process():
    """Redis comes back, and what this process would delete there first is another process's to know."""

    def comes_back():
        caching._owed.clear()
        outage.broker.reset()

    return comes_back


@pytest.mark.parametrize("is_member", [True, False])
def test_who_signed_out_while_redis_was_away_is_not_signed_in_when_it_is_back(client, person, other_process, is_member):
    if not is_member:
        person.memberships.all().delete()
    client.force_login(person)
    assert client.get(reverse("accounts:profile")).status_code == 200
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    outage.broker.trip()
    client.post(reverse("account_logout"))
    other_process()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    answer = client.get(reverse("accounts:profile"))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))
    assert caches["sessions"].get(f"django.contrib.sessions.cached_db{cookie}") is None


def test_a_password_changed_while_redis_was_away_ends_the_other_sessions(client, person, other_process):
    elsewhere = type(client)()
    for browser in (client, elsewhere):
        browser.force_login(person)
        assert browser.get(reverse("accounts:profile")).status_code == 200

    outage.broker.trip()
    person.set_password("yuunagi-no-minato-7")
    person.save()
    other_process()

    assert elsewhere.get(reverse("accounts:profile")).status_code == 302


def test_failures_before_during_and_after_an_outage_count_together(client, person, no_broker):
    def fail(times):
        for _ in range(times):
            client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})

    outage.broker.trip()
    fail(2)
    outage.broker.reset()
    fail(3)
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSPHRASE})

    assert "ログインの失敗が続いたため" in answer.content.decode()


@pytest.fixture
def broker(no_broker):
    """Switches between away, which it is found to be anew, and back with nothing of what it held."""

    class Broker:
        def goes(self):
            outage.broker.trip()

        def comes_back(self):
            caching._owed.clear()
            outage.broker.reset()

    return Broker()


@pytest.fixture
def place():
    """A network address that no other test counts for."""
    return f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"


def test_wrong_second_factors_before_during_and_after_an_outage_count_together(client, person, broker):
    sign_in(client, person.email, PASSPHRASE)
    secret = activate(client)
    client.logout()
    sign_in(client, person.email, PASSPHRASE)

    def answer(code):
        return client.post(reverse("mfa_authenticate"), {"code": code}).context["form"].errors["code"][0]

    assert "正しくありません" in answer("000000")
    broker.goes()
    refusals = [answer("000000") for _ in range(4)] + [answer(code_for(secret))]
    broker.comes_back()
    refusals.append(answer(code_for(secret)))

    assert ["待って" in refusal for refusal in refusals] == [False] * 4 + [True] * 2
    assert not signed_in(client)


def test_mails_of_a_forgotten_password_before_during_and_after_an_outage_count_together(client, person, broker):
    def ask(times):
        for _ in range(times):
            client.post(reverse("account_reset_password"), {"email": person.email})

    ask(1)
    broker.goes()
    ask(3)
    assert len(mail.outbox) == 3
    broker.comes_back()
    ask(2)

    assert len(mail.outbox) == 3


@pytest.mark.parametrize("door", ["reset", "feed"])
def test_wrong_links_before_during_and_after_an_outage_count_together(
    client, broker, place, settings, monkeypatch, door
):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password_from_key": "3/m/ip"}
    monkeypatch.setattr(feeds, "WRONG", {"calendar_feed": "3/m/ip"})
    reset = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "wrong-key"})
    feed = reverse("occasions:feed", args=["w" * 43])

    def try_link():
        if door == "reset":
            return client.post(reset, {"password1": PASSPHRASE, "password2": PASSPHRASE}, REMOTE_ADDR=place).status_code
        return client.get(feed, REMOTE_ADDR=place).status_code

    statuses = [try_link()]
    broker.goes()
    statuses += [try_link() for _ in range(3)]
    broker.comes_back()
    statuses.append(try_link())

    assert 429 not in statuses[:3]
    assert statuses[3:] == [429, 429]


def test_with_the_database_known_to_be_away_pages_answer_at_once_and_in_japanese(client):
    outage.database.trip()

    started = time.monotonic()
    answers = [client.get(reverse("account_login")) for _ in range(20)]

    assert time.monotonic() - started < 10  # unbounded, each would wait for a connection
    assert {answer.status_code for answer in answers} == {503}
    assert "保存した内容は残っています" in answers[0].content.decode()
    assert answers[0]["Retry-After"] == "60"
    assert "1分ほど待ってから" in answers[0].content.decode()
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_back_is_noticed_by_the_next_trial(client, monkeypatch):
    monkeypatch.setattr(outage.database, "seconds", 0.05)
    outage.database.trip()
    assert client.get(reverse("account_login")).status_code == 503
    time.sleep(0.06)

    assert client.get(reverse("account_login")).status_code == 200
    assert not outage.database.tripped
