"""The second factor twice at once: set up, made anew, taken away and verified once, with a friendly answer to both."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from dxportal.core.accounts.once import TWICE
from tests.support import factories as make
from tests.support.signing import activate, code_for, sign_in, signed_in
from tests.support.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person():
    return make.make_user(make.make_prefecture(), "prefecture_staff")


def browser(person, *, cookies=None) -> Client:
    client = Client(raise_request_exception=False)
    if cookies is None:
        sign_in(client, person.email)
    else:
        client.cookies.update(cookies)
    return client


def both(first: Client, name, data):
    """The same form of one browser sent from two tabs at once; who sent is given along."""
    page = first.get(reverse(name))
    sent = {"form_once": "of-one-page", **(data(page) if callable(data) else data)}
    tabs = [browser(None, cookies=first.cookies) for _ in range(2)]
    mail.outbox.clear()
    return tabs, in_threads(*(partial(tab.post, reverse(name), sent) for tab in tabs))


def told(tabs, answers) -> int:
    """How many of the two read on the next page that it is done already; both are led to the same one."""
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    pages = [tab.get(answers[0].url, follow=True).content.decode() for tab in tabs]
    return sum(TWICE in page for page in pages)


def kinds(person):
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def test_it_is_set_up_made_anew_and_taken_away_once(person):
    first = browser(person)

    tabs, answers = both(first, "mfa_activate_totp", lambda page: {"code": code_for(page.context["form"].secret)})
    assert kinds(person) == ["recovery_codes", "totp"]
    assert len(mail.outbox) == 1
    assert told(tabs, answers) == 1

    before = Authenticator.objects.get(user=person, type="recovery_codes").pk
    tabs, answers = both(first, "mfa_generate_recovery_codes", {})
    after = Authenticator.objects.get(user=person, type="recovery_codes").pk
    assert after != before
    assert len(mail.outbox) == 1
    assert told(tabs, answers) == 1

    tabs, answers = both(first, "mfa_deactivate_totp", {})
    assert kinds(person) == []
    assert len(mail.outbox) == 1
    assert told(tabs, answers) == 1


def test_a_code_lets_one_of_two_browsers_in(person):
    secret = activate(browser(person))
    recovery = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()
    for code in (recovery[0], code_for(secret, steps=1)):
        Session.objects.all().delete()
        browsers = [browser(person) for _ in range(2)]
        answers = in_threads(*(partial(each.post, reverse("mfa_authenticate"), {"code": code}) for each in browsers))

        assert sorted(signed_in(each) for each in browsers) == [False, True]
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        refused = next(answer for answer in answers if answer.status_code == 200)
        assert refused.context["form"].errors["code"]


def test_a_double_click_on_the_code_signs_in_once(person):
    secret = activate(browser(person))
    Session.objects.all().delete()
    first = browser(person)
    tabs = [browser(None, cookies=first.cookies) for _ in range(2)]
    data = {"code": code_for(secret, steps=1), "form_once": "of-one-page"}

    answers = in_threads(*(partial(tab.post, reverse("mfa_authenticate"), data) for tab in tabs))

    assert 302 in {answer.status_code for answer in answers} <= {200, 302}
    assert sum(signed_in(tab) for tab in tabs) == 1
    assert sum("_auth_user_id" in session.get_decoded() for session in Session.objects.all()) == 1
