import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from dxportal.core.accounts.enums import Role
from tests.support import factories as make
from tests.support.signing import activate, code_for, sign_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.ADMIN_TOTP_REQUIRED = True


def test_an_admin_is_sent_to_set_up_before_anything_else(client, cast, required):
    client.force_login(cast.admin)

    for name in ("accounts:member_list", "accounts:handover", "accounts:year_end"):
        assert client.get(reverse(name))["Location"] == reverse("mfa_activate_totp")


def test_an_admin_cannot_slip_past_under_another_membership(client, cast, required):
    other = make.make_membership(cast.admin, cast.pref, Role.VIEWER)
    client.force_login(cast.admin)
    client.post(reverse("accounts:switch"), {"membership": other.pk})

    assert client.get(reverse("accounts:handover"))["Location"] == reverse("mfa_activate_totp")


def test_the_autosave_neither_writes_nor_tells_for_an_admin_without_one(client, cast, required):
    questionnaire = make.make_questionnaire()
    response = make.make_response(make.make_survey(cast.pref, questionnaire), cast.town, state="in_progress")
    question = questionnaire.questions.order_by("pk").first()
    client.force_login(cast.admin)
    address = reverse("assessments:answer_save", args=[response.pk, question.code])

    answer = client.post(address, {f"r:{question.code}": "0"}, headers={"accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json().keys() == {"error", "message"}
    assert not response.answers.exists()


@pytest.mark.parametrize("who", ["staff", "bureau_staff", "officer"])
def test_others_are_not_asked(client, cast, required, who):
    client.force_login(getattr(cast, who))

    assert client.get(reverse("accounts:member_list")).status_code == 200


def test_without_the_requirement_an_admin_goes_on(client, cast):
    client.force_login(cast.admin)

    assert client.get(reverse("accounts:member_list")).status_code == 200


def test_setting_up_opens_the_portal_and_gives_recovery_codes(client, cast, required):
    sign_in(client, cast.admin.email)

    activate(client)

    assert client.get(reverse("accounts:member_list")).status_code == 200
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    downloaded = client.get(reverse("mfa_download_recovery_codes"))
    assert len(re.findall(r"^\w{8}$", downloaded.content.decode(), re.M)) == 10


def test_the_set_up_page_draws_the_code_without_inline_style(client, person):
    sign_in(client, person.email)

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    drawing = re.search(r"<svg.*?</svg>", page[page.index('class="qr"') :], re.S)[0]
    assert "style=" not in drawing
    assert "<?xml" not in page


def test_the_secret_is_not_stored_in_the_clear(client, person):
    sign_in(client, person.email)

    secret = activate(client)

    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)


def test_signing_in_then_asks_for_the_code_in_any_width(client, person):
    sign_in(client, person.email)
    secret = activate(client)
    client.logout()

    response = sign_in(client, person.email)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    code = code_for(secret).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    client.post(reverse("mfa_authenticate"), {"code": f" {code[:3]} {code[3:]}"})

    assert signed_in(client)


def test_a_wrong_code_does_not_sign_in(client, person):
    sign_in(client, person.email)
    secret = activate(client)
    client.logout()
    sign_in(client, person.email)
    wrong = f"{(int(code_for(secret)) + 1) % 10**6:06d}"

    response = client.post(reverse("mfa_authenticate"), {"code": wrong})

    assert "確認コードが正しくありません" in response.context["form"].errors["code"][0]
    assert not signed_in(client)


def test_wrong_codes_are_limited(client, person):
    sign_in(client, person.email)
    secret = activate(client)
    client.logout()
    sign_in(client, person.email)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    response = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert "5分ほど待ってから" in response.context["form"].errors["code"][0]
    assert not signed_in(client)


def test_a_recovery_code_signs_in_once(client, person):
    sign_in(client, person.email)
    activate(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    seen = []
    for _ in range(2):
        client.logout()
        sign_in(client, person.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        seen.append(signed_in(client))

    assert seen == [True, False]


def test_an_admin_cannot_take_the_second_factor_off(client, cast, required):
    sign_in(client, cast.admin.email)
    activate(client)

    page = client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))

    assert "解除できません" in page.content.decode()
    assert Authenticator.objects.filter(user=cast.admin, type=Authenticator.Type.TOTP).exists()


def test_others_can_take_it_off(client, person):
    sign_in(client, person.email)
    activate(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=person).exists()


def test_a_long_signed_in_session_confirms_the_password_first(client, person):
    client.force_login(person)

    response = client.get(reverse("mfa_activate_totp"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    confirmed = client.post(response["Location"], {"password": "pass-word-123"})
    assert confirmed["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
