import pytest
from django.urls import reverse

from dxportal.core.accounts.demo import demo_accounts
from dxportal.core.accounts.devices import known_browser
from dxportal.core.accounts.enums import Role
from tests.support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(cast, settings):
    """The demo with a viewer and an admin of its own beside the cast."""
    settings.DEMO = True
    make.make_user(cast.town, Role.VIEWER, email="viewer@demo.example", name="デモ 閲覧")
    make.make_user(cast.pref, Role.PREFECTURE_ADMIN, email="admin@demo.example", name="デモ 管理")
    return cast


def press(client, membership, **more):
    return client.post(reverse("accounts:demo_sign_in"), {"membership": membership.pk, **more})


def test_the_accounts_come_in_the_order_of_the_roles_and_none_else(demo):
    assert [account.user.email for account in demo_accounts()] == ["admin@demo.example", "viewer@demo.example"]


def test_the_sign_in_page_lists_them(client, demo):
    page = client.get(reverse("account_login")).content.decode()

    assert "デモ 管理" in page
    assert "デモ 閲覧" in page


def test_one_click_signs_in(client, demo):
    wanted = demo_accounts()[1]

    response = press(client, wanted, next="/profile/")

    assert response["Location"] == "/profile/"
    assert client.get("/profile/").context["user"] == wanted.user


def test_one_click_makes_the_browser_known(client, demo):
    user = demo_accounts()[1].user

    response = press(client, demo_accounts()[1])

    assert known_browser(response.wsgi_request, user.email) == ""
    assert known_browser(client.get("/profile/").wsgi_request, user.email)


def test_only_demo_accounts_can_be_taken(client, demo):
    response = press(client, demo.admin.memberships.get())

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_get_signs_nobody_in(client, demo):
    assert client.get(reverse("accounts:demo_sign_in")).status_code == 405


def test_the_click_needs_the_csrf_token(demo):
    from django.test import Client  # noqa: PLC0415 -- a client that checks, for this one test

    checking = Client(enforce_csrf_checks=True)

    assert press(checking, demo_accounts()[0]).status_code == 403


def test_outside_the_demo_there_is_no_such_door(client, demo, settings):
    settings.DEMO = False

    response = press(client, demo_accounts()[0])
    page = client.get(reverse("account_login")).content.decode()

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session
    assert "デモ 管理" not in page
