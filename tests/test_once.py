"""Every changing address, sent twice at once: one effect, one mail, one line in every log, and a friendly answer."""

import datetime as dt
import re
import secrets
from functools import partial

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, TestCase
from django.urls import resolve, reverse
from django.utils import timezone

from dxportal.core.accounts.models import Invitation, SentForm
from dxportal.core.accounts.once import KEPT, TWICE
from dxportal.core.organizations.models import Group, Organization
from tests.support.access_table import ACCESS
from tests.support.access_world import PERSONAS, World
from tests.support.cast import make_cast
from tests.support.ledger import Ledger
from tests.support.payloads import payloads
from tests.support.staged import Sending, staged
from tests.support.threads import in_threads
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db(transaction=True)
WHAT_TO_DO = (
    "These addresses take POST and are not sent twice at once here. Give each a line in tests/support/payloads.py, or in "
    "tests/support/staged.py where the world must be in a certain state first: "
)
# Takes POST, and is not sent twice here.
NOT_SENT = {
    "healthz": "a probe, answered before anybody asks who comes or how",
    "readyz": "a probe, answered before anybody asks who comes or how",
    "account_login": "makes a session for whoever sends it, each for itself",
    "account_logout": "ends the session of whoever sends it",
    "account_reauthenticate": "notes in the session that the password was typed",
    "mfa_authenticate": "the second step of signing in: in test_second_factor_once.py",
    "mfa_reauthenticate": "notes in the session that the code was typed",
    "mfa_activate_totp": "needs the secret in the session: in test_second_factor_once.py",
    "mfa_deactivate_totp": "needs a second factor that was set up: in test_second_factor_once.py",
    "mfa_generate_recovery_codes": "needs a second factor that was set up: in test_second_factor_once.py",
    "accounts:demo_sign_in": "makes a session; only in the demo",
    "accounts:switch": "notes in the session which membership acts",
    "ui:keep_alive": "starts the session's clock again",
}
ANSWERS_ITSELF = {
    "assessments:answer_save",
    "consultations:session_text",
}  # as JSON to a script, which sends the revision along


@pytest.fixture
def scene():
    with transaction.atomic():
        cast = make_cast()
        world = World(cast)
        world.membership.last_day = timezone.localdate() + dt.timedelta(days=30)
        world.membership.save()
    mail.outbox.clear()  # what was mailed while the world was made
    return cast, world


def person_for(name: str) -> str:
    statuses = dict(zip(PERSONAS, ACCESS[name].split()[1:], strict=True))
    return next((who for who in ("admin", "staff", "approver", "officer") if statuses[who] in {"200", "302"}), "admin")


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def test_every_address_that_takes_a_post_is_sent_twice_here(scene):
    cast, world = scene
    taking = {name for name in ROUTES if takes_post(name, world, cast.admin)}
    sent = set(payloads(world, cast)) | {sending.name for sending in staged(world, cast)}

    assert sorted(taking - sent - set(NOT_SENT)) == [], WHAT_TO_DO
    assert sorted((sent | set(NOT_SENT)) - taking) == [], "These take no POST (any more): take them out of the lists."
    assert not sent & set(NOT_SENT)


def takes_post(name, world, user) -> bool:
    """A view that is a function is asked: whatever it is made of, it says 405 where it takes no POST."""
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))
    view = resolve(address).func
    if kind := getattr(view, "view_class", None):
        return "post" in kind.http_method_names and hasattr(kind, "post")
    with transaction.atomic():
        response = signed_in(user).post(address, {"nothing": "of its own"})
        transaction.set_rollback(True)
    return response.status_code != 405


def test_every_changing_address_sent_twice_at_once_has_one_effect(scene):
    cast, world = scene
    sendings = [Sending(name, data, getattr(cast, person_for(name))) for name, data in payloads(world, cast).items()]

    faults = twice_at_once(world, iter(sendings))

    assert not faults, "\n".join(faults)


def test_what_needs_a_state_of_its_own_has_one_effect_too(scene):
    cast, world = scene

    faults = twice_at_once(world, staged(world, cast))

    assert not faults, "\n".join(faults)


def twice_at_once(world, sendings) -> list[str]:
    """What went otherwise than one sending alone, whose effect is measured first and taken back."""
    faults, ledger, users = [], Ledger(), {}
    for sending in sendings:
        address = reverse(sending.name, kwargs=sending.arguments or world.arguments(ROUTES[sending.name]))
        once = {"form_once": secrets.token_urlsafe(12)}  # as every page of ours sends it
        single, *clients = opened(sending, users, times=3)
        data = [sending.content() | once for _ in range(3)]
        ledger.renew()
        mail.outbox.clear()  # what was mailed while the world was brought into its state
        with transaction.atomic():
            with TestCase.captureOnCommitCallbacks(execute=True):
                alone = single.post(address, data.pop())
            wanted = ledger.effect() | mailed()
            transaction.set_rollback(True)
        answers = in_threads(*(partial(client.post, address, sent) for client, sent in zip(clients, data, strict=True)))
        effect = ledger.effect() | mailed()
        lines = [*unequal(wanted, effect), *unfriendly(sending, alone, answers, clients)]
        if not (wanted or sending.shows):
            lines.append(
                f"has no effect: {alone.status_code} {getattr(alone, 'context', None) and alone.context.get('form')}"
            )
        faults += [f"{sending.name}: {line}" for line in lines]
    return faults


def unequal(wanted, effect) -> list[str]:
    tables = wanted.keys() | effect.keys()
    return [
        f"{name}: {wanted.get(name)} → {effect.get(name)}" for name in tables if wanted.get(name) != effect.get(name)
    ]


def mailed() -> dict[str, list[str]]:
    to = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return {"mails": to} if to else {}


def opened(sending, users, times) -> list[Client]:
    """Tabs of one browser that has the page before it, of whoever sends it (``users``: those who are signed in)."""
    browser = users.get(sending.user) or signed_in(sending.user)
    if sending.user is not None:
        users[sending.user] = browser
    if sending.page:
        browser.get(sending.page)
    tabs = [Client(raise_request_exception=False) for _ in range(times)]
    for tab in tabs:
        tab.cookies.update(browser.cookies)
    return tabs


def unfriendly(sending, alone, answers, clients) -> list[str]:
    """Each gets the answer of the first, or is led where the first was and reads there that it is done already."""
    statuses = [getattr(answer, "status_code", repr(answer)) for answer in answers]
    if sending.shows:
        shown = alone.status_code == 200 and 200 in statuses and set(statuses) <= {200, 302}
        return [] if shown and all(a.content or sentences(a) for a in answers) else [f"shows nothing: {statuses}"]
    if statuses != [alone.status_code] * 2:
        return [f"alone {alone.status_code}, twice {statuses}"]
    if sending.name in ANSWERS_ITSELF:
        return [] if all(answer.json()["message"] for answer in answers) else ["no sentence"]
    if alone.status_code != 302 or answers[0].url != answers[1].url:
        return [f"leads nowhere: {statuses} {alone.context and getattr(alone.context.get('form'), 'errors', '')}"]
    second = [client for client, answer in zip(clients, answers, strict=True) if TWICE in sentences(answer)]
    if len(second) != 1:
        return [f"{answers[0].url}: {len(second)} of two are told that it is done already"]
    page = second[0].get(answers[0].url, follow=True)
    return [] if page.status_code == 200 and TWICE in page.content.decode() else [f"{answers[0].url}: not on the page"]


def sentences(answer) -> list[str]:
    return [message.message for message in answer.wsgi_request._messages._queued_messages]


def test_four_sends_of_one_invitation_make_one_and_mail_once(scene):
    cast, world = scene
    data = payloads(world, cast)["accounts:member_invite"]

    answers = at_once(cast.admin, 4, reverse("accounts:member_invite"), data)

    assert sorted(answer.status_code for answer in answers) == [302, 302, 302, 302]
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
