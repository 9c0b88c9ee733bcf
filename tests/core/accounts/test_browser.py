import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Invitation, User
from tests.support import factories as make
from tests.support.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[1366, 320])
def page(request, cast, open_as, settings):
    """A page that nobody is signed in on, wide and narrow."""
    settings.DEMO = True
    return open_as(None, "/account/login/", width=request.param, bypass_csp=True)


@pytest.fixture
def demo(cast):
    make.make_user(cast.pref, Role.PREFECTURE_ADMIN, email="admin@demo.example", name="デモ 管理")
    return cast


def fine(page):
    """No broken rule of axe, nothing sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return axe(page) == [] and overflow <= 0


def test_an_admin_signs_in_by_one_click_and_invites(demo, page):
    assert fine(page)
    page.get_by_role("button", name="県管理者").click()

    page.goto("/members/")
    assert fine(page)
    page.get_by_role("link", name="利用者を招待する").click()
    page.get_by_role("button", name="招待メールを送る").click()
    assert "入力内容に誤りが4件あります" in page.locator("[data-error-summary]").inner_text()
    assert fine(page)
    page.get_by_label("メールアドレス").fill("ｎｅｗ＠example.jp")
    page.get_by_label("氏名").fill("新 太郎")
    page.locator("#id_organization").select_option(label=f"{demo.town.code} あさひ町")
    page.locator("#id_role").select_option(Role.OFFICER)
    page.get_by_role("button", name="招待メールを送る").click()

    assert page.get_by_text("new@example.jpに招待メールを送りました").is_visible()
    assert fine(page)
    assert Invitation.objects.get().organization == demo.town


def test_a_new_person_registers_behind_the_link(page, cast):
    Invitation.objects.create(
        email="new@example.jp",
        name="新 太郎",
        organization=cast.town,
        role=Role.OFFICER,
        first_day=timezone.localdate(),
        token_digest=hashlib.sha256(b"a-token").hexdigest(),
        expires_at=timezone.now() + dt.timedelta(days=7),
    )

    page.goto("/invitations/a-token/")
    assert fine(page)
    page.get_by_label("氏名（カナ）").fill("しん たろう")
    page.locator("#id_password1").fill("asagiri-no-hashi-42")
    page.locator("#id_password2").fill("asagiri-no-hashi-42")
    page.get_by_role("button", name="登録してログインする").click()

    page.goto("/profile/")
    assert page.locator("#id_kana").input_value() == "シン タロウ"
    assert fine(page)
    assert User.objects.filter(email="new@example.jp").exists()
    page.goto("/account/2fa/totp/activate/")
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    assert fine(page)


def test_other_pages_of_the_admin_are_fine(demo, page):
    page.get_by_role("button", name="県管理者").click()

    for path in ("/handover/", "/members/year-end/", "/organizations/", "/groups/new/"):
        page.goto(path)
        assert fine(page), path
