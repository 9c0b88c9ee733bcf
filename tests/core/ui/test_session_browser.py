import pytest

from tests.support.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def aged(page, minutes):
    """Lets ``minutes`` pass for the page without anybody touching it."""
    page.clock.fast_forward(minutes * 60 * 1000)


@pytest.fixture
def page(open_page):
    page = open_page("/account/login/", bypass_csp=True)
    page.clock.install()
    page.goto("/ui/")
    return page


def test_five_minutes_before_the_end_a_dialog_offers_to_go_on(page):
    warning = page.get_by_role("alertdialog")
    aged(page, 54)
    assert not warning.is_visible()

    aged(page, 2)
    assert warning.get_by_text("で自動的にログアウトします。続けて使う場合は").is_visible()
    assert axe(page) == []
    with page.expect_response("**/ui/keep-alive/") as answer:
        page.get_by_role("button", name="続ける").click()

    assert answer.value.json()["seconds"] > 3590
    warning.wait_for(state="hidden")
    aged(page, 30)
    assert not warning.is_visible()


def test_typing_counts_as_activity(page):
    aged(page, 10)

    with page.expect_response("**/ui/keep-alive/") as answer:
        page.locator("#sample-form [name=name]").press_sequentially("佐")

    assert answer.value.status == 200


def test_after_the_end_nothing_typed_is_lost(page):
    page.locator("#sample-form [name=name]").fill("佐藤 花子")
    page.clock.run_for(1000)
    aged(page, 61)
    assert page.get_by_role("heading", name="自動的にログアウトしました").is_visible()
    assert "next=%2Fui%2F" in page.get_by_role("link", name="ログインし直す").get_attribute("href")

    page.evaluate("localStorage.removeItem('dxportal.session.deadline')")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/ui/")
    page.get_by_role("button", name="入力を戻す").click()

    assert page.locator("#sample-form [name=name]").input_value() == "佐藤 花子"


def test_an_ended_session_is_told_apart_from_a_living_one(client, settings):
    response = client.post("/ui/keep-alive/")

    assert (response.status_code, response.json()) == (401, {"seconds": 0})


def test_a_fragment_that_turns_out_to_be_the_sign_in_page_is_not_shown(page):
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("htmx:beforeSwap",
            {detail: (window.detail = {xhr: {responseURL: location.origin + "/account/login/?next=/x/"}, shouldSwap: true})}))"""
    )

    assert page.evaluate("window.detail.shouldSwap") is False
    assert page.get_by_role("heading", name="自動的にログアウトしました").is_visible()
