"""Going back to a page after signing out, after a switch, and in the middle of typing."""

import pytest
from django.urls import reverse

from dxportal.core.accounts.enums import Role
from tests.support import factories as make
from tests.support.browser import ARGS, sign_in, watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["kept alive", "from the cache"])
def page(request, chromium, browser_path, live_server, settings):
    """A member of staff on the own profile; the browser keeps whole pages when one goes on, or only their files."""
    staff = make.make_user(make.make_prefecture(), Role.PREFECTURE_STAFF)
    ignored = ["--disable-back-forward-cache"] if request.param == "kept alive" else []
    browser = chromium.browser_type.launch(executable_path=browser_path, args=ARGS, ignore_default_args=ignored)
    context = browser.new_context(base_url=live_server.url, locale="ja-JP")
    sign_in(context, staff, live_server.url, settings.SESSION_COOKIE_NAME)
    context.set_default_timeout(10_000)
    page = watch(context.new_page(), live_server.url)
    page.kept_alive = bool(ignored)
    page.goto(reverse("accounts:profile"))
    yield page
    browser.close()


def go_on(page):
    page.locator("[name=extension]").fill("内線4321")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(reverse("accounts:handover"))


def back(page, steps=1):
    """Not by Playwright's own call, which waits for a load that a page kept alive doesn't have."""
    page.evaluate(f"history.go(-{steps})")


def test_after_signing_out_the_page_before_shows_nothing(page):
    go_on(page)
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url("**/account/login/**")

    back(page, 2)
    page.wait_for_url("**/account/login/?next=**")

    assert not page.get_by_text("内線4321").count()


def test_while_the_person_is_the_same_what_was_typed_is_still_there(page):
    go_on(page)

    back(page)

    page.locator("[name=extension]").wait_for(state="visible")
    assert page.locator("[name=extension]").input_value() == "内線4321"


def test_without_an_answer_the_page_stays_hidden_and_says_why(page):
    go_on(page)
    page.route("**/ui/who/", lambda route: route.abort())
    # A page that comes back to life asks past the route; one that is loaded anew couldn't be had without a network.
    page.context.set_offline(page.kept_alive)

    back(page)

    page.get_by_text("サーバーに接続できないため").wait_for(state="visible")
    assert not page.locator("[name=extension]").is_visible()
    page.unroute("**/ui/who/")
    page.context.set_offline(False)
    page.get_by_role("button", name="もう一度確かめる").click()
    page.locator("[name=extension]").wait_for(state="visible")
