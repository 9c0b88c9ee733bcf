"""Every changing address, sent twice at once: one effect, one mail, one line in every log, and no failure."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from dxportal.core.accounts.models import Invitation, SentForm
from dxportal.core.accounts.once import KEPT
from dxportal.core.organizations.models import Group, Organization
from tests.support.access_table import ACCESS
from tests.support.access_world import PERSONAS, World
from tests.support.cast import make_cast
from tests.support.payloads import payloads
from tests.support.threads import in_threads
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db(transaction=True)
# Neither is an effect: what a claim or a session leaves behind.
ASIDE = {"django_session", "dxportal_cache", "django_migrations", "accounts_sentform"}
TAKEN = {200, 302}
FRIENDLY = {*TAKEN, 403, 404, 409, 422}  # with a page that says what has been done already


@pytest.fixture
def scene():
    with transaction.atomic():
        cast = make_cast()
        return cast, World(cast)


def person_for(name: str) -> str:
    statuses = dict(zip(PERSONAS, ACCESS[name].split()[1:], strict=True))
    return next((who for who in ("admin", "staff", "approver", "officer") if statuses[who] in {"200", "302"}), "admin")


def counts() -> dict[str, int]:
    tables = sorted(set(connection.introspection.table_names()) - ASIDE)
    line = sql.SQL("SELECT {}, count(*) FROM {}")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(line.format(table, sql.Identifier(table)) for table in tables))
        return dict(cursor.fetchall())


def growth(before: dict[str, int]) -> dict[str, int]:
    return {table: number - before[table] for table, number in counts().items() if number != before[table]}


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_every_changing_address_sent_twice_at_once_has_one_effect(scene):
    """The effect of one sending is measured first and taken back; jobs that follow a commit come at most once."""
    cast, world = scene
    world.membership.last_day = timezone.localdate() + dt.timedelta(days=30)
    world.membership.save()
    sendings = payloads(world, cast)
    addresses = {name: reverse(name, kwargs=world.arguments(ROUTES[name])) for name in sendings}
    faults, effective = [], 0
    for name, data in sendings.items():
        user = getattr(cast, person_for(name))
        before = counts()
        with transaction.atomic():
            alone = signed_in(user).post(addresses[name], data)
            wanted = growth(before)
            transaction.set_rollback(True)
        effective += bool(wanted)
        mail.outbox.clear()
        statuses = [getattr(answer, "status_code", 500) for answer in at_once(user, 2, addresses[name], data)]
        effect = growth(before)
        jobs = max(effect.pop("jobs_job", 0), wanted.pop("jobs_job", 0))
        if alone.status_code not in TAKEN or effect != wanted or jobs > 1 or len(mail.outbox) > 1:
            faults.append((name, alone.status_code, wanted, effect, jobs, len(mail.outbox)))
        if alone.status_code not in statuses or not set(statuses) <= FRIENDLY:
            faults.append((name, statuses))
    assert faults == []
    assert effective > len(sendings) * 0.7


def test_four_sends_of_one_invitation_make_one_and_mail_once(scene):
    cast, world = scene
    data = payloads(world, cast)["accounts:member_invite"]

    answers = at_once(cast.admin, 4, reverse("accounts:member_invite"), data)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    assert Invitation.objects.filter(email="invited@example.jp").count() == 1
    assert len(mail.outbox) == 1


def test_four_resends_of_one_invitation_mail_once(scene):
    cast, world = scene

    answers = at_once(cast.admin, 4, reverse("accounts:invitation_resend", args=[world.invitation.pk]), {})

    assert {answer.status_code for answer in answers} == {302}
    assert len(mail.outbox) == 1


def test_a_form_sent_again_later_leads_to_what_it_made(scene):
    """The second click may come when the first has long been answered: the form's own name tells it."""
    cast, _ = scene
    client, address = signed_in(cast.admin), reverse("organizations:bureau_create")
    data = {"name": "東部振興局", "form_once": once_of(client.get(address))}

    first, second = client.post(address, data), client.post(address, data)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Organization.objects.filter(name="東部振興局").count() == 1
    assert "すでに受け付けています" in client.get(second.url).content.decode()


def test_a_form_that_was_refused_can_be_sent_again(scene):
    cast, world = scene
    client, address = signed_in(cast.admin), reverse("organizations:group_create")
    once = once_of(client.get(address))
    data = {"name": world.group.name, "members": [cast.town.pk], "form_once": once}
    assert client.post(address, data).status_code == 200
    world.group.delete()

    assert client.post(address, data).status_code == 302

    assert Group.objects.get().name == world.group.name


def test_what_is_a_week_old_goes(scene):
    cast, _ = scene
    old = timezone.now() - KEPT - dt.timedelta(hours=1)
    SentForm.objects.create(key="old", at=old)
    SentForm.objects.create(key="young", at=timezone.now())

    signed_in(cast.admin).post(reverse("organizations:bureau_create"), {"name": "東部振興局"})

    kept = set(SentForm.objects.values_list("key", flat=True))
    assert "old" not in kept
    assert "young" in kept
    assert len(kept) == 2


def at_once(user, times, address, data):
    clients = [signed_in(user) for _ in range(times)]
    return in_threads(*(lambda client=client: client.post(address, data) for client in clients))


def once_of(page) -> str:
    form = page.content.decode().split("<main")[1]
    return re.search(r'name="form_once" value="([^"]+)"', form)[1]
