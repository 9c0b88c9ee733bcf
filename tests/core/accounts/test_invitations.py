import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.domain import invitations
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Invitation, Membership, User
from tests.support.signing import sign_in, signed_in

pytestmark = pytest.mark.django_db
PASSPHRASE = "asagiri-no-hashi-42"


def invite(cast, capture, *, email="new@example.jp", organization=None, role=Role.OFFICER, by=None, **days):
    """The invitation and the token of its mailed link."""
    with capture(execute=True):
        offer = invitations.Offer(
            email,
            "新 太郎",
            organization or cast.town,
            role,
            days.get("first_day", timezone.localdate()),
            days.get("last_day"),
        )
        invitation = invitations.invite(offer, user=by or cast.admin)
    return invitation, token_of(mail.outbox[-1])


def token_of(message):
    return re.search(r"/invitations/([^/\s]+)/", message.body)[1]


def new_account(**changes):
    return {
        "name": "新 太郎",
        "kana": "しん たろう",
        "password1": PASSPHRASE,
        "password2": PASSPHRASE,
        **changes,
    }


def test_the_mail_names_place_role_and_end_and_only_the_digest_is_stored(cast, django_capture_on_commit_callbacks):
    invitation, token = invite(cast, django_capture_on_commit_callbacks)

    message = mail.outbox[0]
    assert message.to == ["new@example.jp"]
    assert "あさひ町" in message.subject
    assert all(word in message.body for word in ("新 太郎 様", "あさひ町", "市町村担当者"))
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_nothing_is_mailed_when_the_transaction_fails(cast, django_capture_on_commit_callbacks):
    with pytest.raises(ValidationError):
        invite(cast, django_capture_on_commit_callbacks, role=Role.BUREAU_STAFF)

    assert not mail.outbox
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["staff", "bureau_staff", "officer", "approver", "stranger_staff", "consultant"])
def test_only_the_prefectures_own_admin_invites(cast, who, django_capture_on_commit_callbacks):
    with pytest.raises(PermissionDenied):
        invite(cast, django_capture_on_commit_callbacks, by=getattr(cast, who))

    assert not Invitation.objects.exists()


def test_an_open_invitation_to_the_same_place_is_not_doubled(cast, django_capture_on_commit_callbacks):
    invite(cast, django_capture_on_commit_callbacks)

    with pytest.raises(ValidationError) as caught:
        invite(cast, django_capture_on_commit_callbacks, email="NEW@example.jp")

    assert list(caught.value.message_dict) == ["email"]


def test_a_new_person_registers_and_is_signed_in(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(cast, django_capture_on_commit_callbacks, last_day=dt.date(2099, 3, 31))
    address = reverse("accounts:invitation", args=[token])
    assert client.get(address).status_code == 200

    response = client.post(address, new_account())

    user = User.objects.get(email="new@example.jp")
    assert response.status_code == 302
    assert (user.name, user.kana) == ("新 太郎", "シン タロウ")
    membership = user.memberships.get()
    assert (membership.organization, membership.role) == (cast.town, Role.OFFICER)
    assert membership.last_day == dt.date(2099, 3, 31)
    assert client.get(reverse("accounts:profile")).context["user"] == user


def test_failures_elsewhere_do_not_lock_the_browser_in_which_a_person_registered(
    client, cast, django_capture_on_commit_callbacks
):
    email = f"new-{uuid.uuid4().hex}@example.jp"
    _, token = invite(cast, django_capture_on_commit_callbacks, email=email)
    client.post(reverse("accounts:invitation", args=[token]), new_account())
    client.post(reverse("account_logout"))

    elsewhere = type(client)()
    for _ in range(6):
        sign_in(elsewhere, email, "not-the-password")

    sign_in(client, email, new_account()["password1"])
    assert signed_in(client)


def test_a_weak_or_unequal_password_comes_back_with_what_was_typed(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(cast, django_capture_on_commit_callbacks)
    address = reverse("accounts:invitation", args=[token])

    weak = client.post(address, new_account(password1="1234567890", password2="1234567890"))
    unequal = client.post(address, new_account(password2="another-phrase-43"))

    assert set(weak.context["form"].errors) == {"password1"}
    assert set(unequal.context["form"].errors) == {"password2"}
    assert "しん たろう" in weak.content.decode()
    assert not User.objects.filter(email="new@example.jp").exists()


def test_a_link_works_once(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(cast, django_capture_on_commit_callbacks)
    address = reverse("accounts:invitation", args=[token])
    client.post(address, new_account())
    client.logout()

    again = client.get(address)

    assert again.status_code == 410
    assert "すでに承諾されています" in again.content.decode()


def test_a_known_person_signs_in_and_accepts(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(
        cast,
        django_capture_on_commit_callbacks,
        email=cast.neighbour_officer.email.upper(),
        role=Role.APPROVER,
    )
    address = reverse("accounts:invitation", args=[token])
    assert "ログインして進む" in client.get(address).content.decode()
    client.force_login(cast.neighbour_officer)

    response = client.post(address)

    assert response.status_code == 302
    roles = {(membership.organization, membership.role) for membership in cast.neighbour_officer.memberships.all()}
    assert roles == {(cast.neighbour, Role.OFFICER), (cast.town, Role.APPROVER)}


def test_someone_else_signed_in_cannot_take_the_link(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(cast, django_capture_on_commit_callbacks)
    client.force_login(cast.viewer)
    address = reverse("accounts:invitation", args=[token])

    page, attempt = client.get(address), client.post(address, new_account())

    assert "別の利用者でログインしています" in page.content.decode()
    assert attempt.status_code == 200
    assert not User.objects.filter(email="new@example.jp").exists()
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_an_anonymous_post_never_takes_over_a_known_account(client, cast, django_capture_on_commit_callbacks):
    _, token = invite(cast, django_capture_on_commit_callbacks, email=cast.viewer.email)

    client.post(reverse("accounts:invitation", args=[token]), new_account())

    cast.viewer.refresh_from_db()
    assert cast.viewer.check_password("pass-word-123")
    assert cast.viewer.memberships.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"expires_at": timezone.now() - dt.timedelta(minutes=1)}, 410, "期限が切れています"),
        ({"revoked_at": timezone.now()}, 410, "取り消されています"),
        ({"token_digest": "0" * 64}, 404, "リンクが正しくありません"),
    ],
)
def test_a_dead_link_says_why_and_makes_nobody(
    client, cast, change, status, sentence, django_capture_on_commit_callbacks
):
    invitation, token = invite(cast, django_capture_on_commit_callbacks)
    Invitation.objects.filter(pk=invitation.pk).update(**change)
    address = reverse("accounts:invitation", args=[token])

    page, attempt = client.get(address), client.post(address, new_account())

    assert (page.status_code, attempt.status_code) == (status, status)
    assert sentence in page.content.decode()
    assert not User.objects.filter(email="new@example.jp").exists()


def test_sending_again_kills_the_earlier_link(client, cast, django_capture_on_commit_callbacks):
    invitation, first = invite(cast, django_capture_on_commit_callbacks)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    client.force_login(cast.admin)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:invitation_resend", args=[invitation.pk]))

    assert response.status_code == 302
    assert invitations.find(first) is None
    assert invitations.find(token_of(mail.outbox[-1])).state == Invitation.State.OPEN


def test_revoking_asks_first_and_then_ends_the_link(client, cast, django_capture_on_commit_callbacks):
    invitation, token = invite(cast, django_capture_on_commit_callbacks)
    client.force_login(cast.admin)
    address = reverse("accounts:invitation_revoke", args=[invitation.pk])

    client.get(address)
    assert invitations.find(token).state == Invitation.State.OPEN
    client.post(address)

    assert invitations.find(token).state == Invitation.State.REVOKED


def test_the_invite_page_sends_a_link_to_this_portal(client, cast, django_capture_on_commit_callbacks):
    client.force_login(cast.admin)
    values = {
        "email": "ｎｅｗ＠example.jp",
        "name": "新 太郎",
        "organization": cast.town.pk,
        "role": Role.OFFICER,
        "first_day": "令和8年4月1日",
        "last_day": "2099/3/31",
    }

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:member_invite"), values)

    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.first_day) == ("new@example.jp", dt.date(2026, 4, 1))
    assert f"http://testserver/invitations/{token_of(mail.outbox[0])}/" in mail.outbox[0].body


def test_a_role_that_the_organisation_does_not_have_is_an_error_at_the_role(client, cast):
    client.force_login(cast.admin)
    values = {
        "email": "new@example.jp",
        "name": "新 太郎",
        "organization": cast.town.pk,
        "role": Role.PREFECTURE_ADMIN,
        "first_day": "2026/4/1",
    }

    response = client.post(reverse("accounts:member_invite"), values)

    assert set(response.context["form"].errors) == {"role"}
    assert not Membership.objects.filter(role=Role.PREFECTURE_ADMIN, organization=cast.town).exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_leaves_an_invitation_to_send_again(client, cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(cast.admin)
    values = {
        "email": "new@example.jp",
        "name": "新 太郎",
        "organization": cast.town.pk,
        "role": Role.OFFICER,
        "first_day": "2026/4/1",
    }

    response = client.post(reverse("accounts:member_invite"), values, follow=True)

    assert "メールを送れませんでした" in response.content.decode()
    assert Invitation.objects.get().state == Invitation.State.OPEN
