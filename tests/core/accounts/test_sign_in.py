import re
import uuid

import pytest
from django.core import mail, signing
from django.urls import reverse

from dxportal.core.accounts.devices import COOKIE
from tests.support import factories as make
from tests.support.factories import PASSPHRASE
from tests.support.signing import sign_in, signed_in

pytestmark = pytest.mark.django_db
NEW_PASSPHRASE = "asagiri-no-hashi-42"


def to_full_width(text):
    return "".join(chr(ord(item) + 0xFEE0) if "!" <= item <= "~" else item for item in text)


@pytest.mark.parametrize("write", [str, str.upper, to_full_width, lambda text: f"  {text} "])
def test_the_address_is_taken_in_any_width_and_case(client, person, write):
    response = sign_in(client, write(person.email))

    assert response.status_code == 302
    assert signed_in(client)


def test_the_page_asked_for_follows(client, person):
    response = sign_in(client, person.email, next="/profile/")

    assert response["Location"] == "/profile/"


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com/"])
def test_no_page_of_another_host_follows(client, person, target):
    assert sign_in(client, person.email, next=target)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, person):
    wrong = sign_in(client, person.email, "not-the-password")
    unknown = sign_in(client, f"nobody-{uuid.uuid4().hex}@example.jp", "not-the-password")

    errors = [response.context["form"].non_field_errors() for response in (wrong, unknown)]
    assert errors[0] == errors[1] == ["メールアドレスまたはパスワードが正しくありません。"]
    assert not signed_in(client)


def test_after_five_failures_the_right_password_waits_and_the_page_says_until_when(client, person):
    for _ in range(5):
        sign_in(client, person.email, "not-the-password")

    response = sign_in(client, person.email)

    assert not signed_in(client)
    (message,) = response.context["form"].non_field_errors()
    assert re.search(r"\d{1,2}時\d\d分を過ぎてから、もう一度", message)
    assert person.email in response.content.decode()


def test_failures_for_one_address_do_not_lock_another(client, person, cast):
    for _ in range(6):
        sign_in(client, person.email, "not-the-password")
    other = make.make_user(cast.town, "viewer", email=f"viewer-{uuid.uuid4().hex}@example.jp")

    assert sign_in(client, other.email).status_code == 302


def fail(client, email, times=5):
    for _ in range(times):
        sign_in(client, email, "not-the-password")


def at_home(client, person):
    """The browser in which the person signed in and out before."""
    home = type(client)()
    sign_in(home, person.email)
    home.post(reverse("account_logout"))
    assert not signed_in(home)
    return home


def test_failures_elsewhere_do_not_lock_the_browser_that_the_person_knows(client, person):
    home = at_home(client, person)

    fail(client, person.email, 6)

    assert not signed_in(client)
    sign_in(home, person.email)
    assert signed_in(home)


def test_a_known_browser_has_the_same_limit_and_locks_only_itself(client, person):
    home = at_home(client, person)
    fail(home, person.email)

    sign_in(home, person.email)
    assert not signed_in(home)
    sign_in(client, person.email)
    assert signed_in(client)


def by_reset(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://\S+?(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": PASSPHRASE, "password2": PASSPHRASE})


def test_a_password_chosen_by_the_mailed_link_makes_the_browser_known(client, person):
    home = type(client)()
    by_reset(home, person)

    fail(client, person.email, 6)

    sign_in(home, person.email)
    assert signed_in(home)
    assert not signed_in(client)


def test_the_mailed_link_alone_makes_no_browser_known(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://\S+?(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]

    client.post(form, {"password1": PASSPHRASE, "password2": "another"})

    assert COOKIE not in client.cookies


def test_no_cookie_of_others_and_no_forged_one_gives_further_trials(client, person, cast):
    other = make.make_user(cast.town, "viewer", email=f"viewer-{uuid.uuid4().hex}@example.jp")
    stranger = at_home(client, other)
    fail(client, person.email)
    forged = type(client)()
    forged.cookies[COOKIE] = signing.dumps({"x": "y"}, salt="another")

    for browser in (stranger, forged, client):
        sign_in(browser, person.email)
        assert not signed_in(browser)
    cookie = stranger.cookies[COOKIE]
    assert other.email not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_wrong_sign_in_makes_no_browser_known(client, person):
    sign_in(client, person.email, "not-the-password")

    assert COOKIE not in client.cookies


def test_a_stopped_account_cannot_sign_in(client, person):
    person.is_active = False
    person.save()

    response = sign_in(client, person.email)

    assert response["Location"] == reverse("account_inactive")
    assert not signed_in(client)
    assert "停止されています" in client.get(reverse("account_inactive")).content.decode()


def test_the_last_sign_in_is_recorded(client, person):
    sign_in(client, person.email)

    person.refresh_from_db()
    assert person.last_login is not None


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/set/", "login/code/", "2fa/webauthn/"]
)
def test_what_is_not_offered_does_not_exist(client, person, path):
    client.force_login(person)

    assert client.get(f"/account/{path}").status_code == 404


def test_changing_the_password_signs_out_everywhere_else(client, person):
    elsewhere = type(client)()
    sign_in(client, person.email)
    sign_in(elsewhere, person.email)
    values = {"oldpassword": PASSPHRASE, "password1": NEW_PASSPHRASE, "password2": NEW_PASSPHRASE}

    response = client.post(reverse("account_change_password"), values)

    assert response["Location"] == reverse("accounts:profile")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert mail.outbox[0].to == [person.email]


def test_a_password_like_the_address_is_refused(client, person):
    sign_in(client, person.email)
    values = {"oldpassword": PASSPHRASE, "password1": person.email, "password2": person.email}

    response = client.post(reverse("account_change_password"), values)

    assert set(response.context["form"].errors) == {"password1"}


def test_a_forgotten_password_is_set_anew_by_mail(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email.upper()})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]

    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSPHRASE, "password2": NEW_PASSPHRASE})

    assert sign_in(client, person.email, NEW_PASSPHRASE).status_code == 302
    client.logout()
    assert "このリンクは使えません" in client.get(link, follow=True).content.decode()


def test_the_reset_page_does_not_tell_whether_an_address_is_known(client, person):
    known = client.post(reverse("account_reset_password"), {"email": person.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.jp"}, follow=True)

    assert len(mail.outbox) == 1
    assert known.request["PATH_INFO"] == unknown.request["PATH_INFO"]
    assert known.context["messages"]._loaded_data == unknown.context["messages"]._loaded_data


def test_signing_out_needs_a_post(client, person):
    sign_in(client, person.email)

    client.get(reverse("account_logout"))
    assert signed_in(client)
    client.post(reverse("account_logout"))

    assert not signed_in(client)


def test_a_mail_server_that_is_away_does_not_break_the_reset_page(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    response = client.post(reverse("account_reset_password"), {"email": person.email})

    assert response["Location"] == reverse("account_reset_password_done")


def test_too_many_requests_of_one_place_get_a_page_in_japanese(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    place = f"192.0.2.{int(uuid.uuid4()) % 250}"
    values = {"login": person.email, "password": "not-the-password"}
    client.post(reverse("account_login"), values, REMOTE_ADDR=place)

    response = client.post(reverse("account_login"), values, REMOTE_ADDR=place)

    assert response.status_code == 429
    assert "操作が多すぎます" in response.content.decode()
