import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Invitation, User
from tests.support.signing import activate, sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_the_first_admin_gets_a_link_that_registers(client, cast, capsys, settings, django_capture_on_commit_callbacks):
    settings.ORIGIN = "https://dx.example.jp"

    with django_capture_on_commit_callbacks(execute=True):
        call_command("invite_admin", "First@example.jp", prefecture="みほん県", name="初代 管理")

    link = capsys.readouterr().out.split("：", 1)[1].strip()
    assert link.startswith("https://dx.example.jp/invitations/")
    assert link in mail.outbox[0].body
    values = {"name": "初代 管理", "kana": "", "password1": "asagiri-no-hashi-42", "password2": "asagiri-no-hashi-42"}
    client.post(link.removeprefix("https://dx.example.jp"), values)
    membership = User.objects.get(email="first@example.jp").memberships.get()
    assert (membership.organization, membership.role) == (cast.pref, Role.PREFECTURE_ADMIN)


@pytest.mark.parametrize("typed", ["みほん", "ミホン県", "みほん 県"])
def test_the_prefecture_may_be_written_otherwise(cast, typed):
    call_command("invite_admin", "first@example.jp", prefecture=typed, name="初代 管理")
    assert Invitation.objects.get().organization == cast.pref


@pytest.mark.parametrize(("email", "prefecture"), [("first@example.jp", "ない県"), ("not-an-address", "みほん県")])
def test_an_impossible_first_admin_is_refused(cast, email, prefecture):
    with pytest.raises(CommandError):
        call_command("invite_admin", email, prefecture=prefecture, name="初代 管理")

    assert not Invitation.objects.exists()


def test_a_lost_second_factor_is_taken_off_by_the_operator(client, person):
    sign_in(client, person.email)
    activate(client)
    client.logout()

    call_command("reset_second_factor", person.email.upper())

    assert not Authenticator.objects.filter(user=person).exists()
    sign_in(client, person.email)
    assert signed_in(client)


def test_nobody_of_that_address_is_an_error(cast):
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.jp")
