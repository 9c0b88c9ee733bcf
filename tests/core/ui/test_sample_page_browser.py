import pytest

from tests.support.browser import WIDER_THAN_PAGE, axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def wait_for_charts(page):
    for figure in page.locator("[data-chart]").all():
        figure.evaluate("node => node.closest('figure').scrollIntoView()")
        figure.locator(".main-svg").first.wait_for(state="attached")


@pytest.mark.parametrize("width", [1366, 320])
def test_every_component_is_accessible_and_fits(open_page, width):
    page = open_page("/ui/", width=width, bypass_csp=True)

    assert axe(page) == []
    assert not page.evaluate(WIDER_THAN_PAGE)


def test_every_component_is_accessible_in_forced_colours(open_page):
    page = open_page("/ui/", forced_colors="active", bypass_csp=True)

    assert axe(page) == []


def test_axe_sees_what_is_broken(open_page):
    page = open_page("/ui/", bypass_csp=True)
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\"><a href=\"/\"></a>')"
    )

    assert {rule for rule, _ in axe(page)} == {"image-alt", "link-name"}


def test_charts_draw_under_the_strict_policy_without_a_stranger(open_page):
    page = open_page("/ui/")
    assert "unsafe-inline" not in page.request.get("/ui/").headers["content-security-policy"]

    wait_for_charts(page)

    assert page.locator("[data-chart][data-ready]").count() == 4
    assert page.troubles == []


def test_without_script_every_chart_shows_its_table(open_page):
    page = open_page("/ui/", java_script_enabled=False)

    assert page.locator("figure table:visible").count() == 4
    assert page.locator("[data-chart]:visible").count() == 0


def test_the_keyboard_meets_the_skip_link_first_and_a_thick_ring_everywhere(open_page):
    page = open_page("/ui/")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<span tabindex=-1 id=start></span>')")
    page.locator("#start").focus()
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("(() => { const n = document.activeElement;"
                          " return [n.textContent.trim().slice(0, 10), getComputedStyle(n).outlineWidth]; })()")
        )  # fmt: skip

    assert stops[0][0] == "本文へ移動"
    assert [stop for stop in stops if stop[1] != "4px"] == []


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(open_page):
    page = open_page("/ui/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")

    page.get_by_role("link", name="氏名：この項目は入力が必須です。").click()

    assert page.evaluate("document.activeElement.id") == "id_w-name"


def test_a_dialog_takes_the_focus_and_gives_it_back(open_page):
    page = open_page("/ui/")

    page.get_by_role("button", name="県へ提出する").click()
    assert page.evaluate("document.activeElement.textContent") == "県へ提出しますか"
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.textContent") == "県へ提出する"


def test_a_date_is_read_back_as_it_was_understood(open_page):
    page = open_page("/ui/")
    box = page.locator("#sample-form [name=day]")

    box.fill("平成31年5月1日")
    box.blur()

    page.get_by_text("令和元年5月1日（2019年5月1日）として読み取りました。").wait_for()


def test_the_menu_folds_on_a_narrow_screen_and_opens_again(open_page):
    page = open_page("/ui/", width=320)
    toggle = page.get_by_role("button", name="メニュー")
    menu = page.locator("#global-nav-list")
    assert not menu.is_visible()

    toggle.click()

    assert menu.is_visible()
    assert toggle.get_attribute("aria-expanded") == "true"


def test_only_a_table_that_really_scrolls_is_a_stop_for_the_keyboard(open_page):
    heat = "[aria-labelledby=sample-heat-caption]"

    assert open_page("/ui/", width=1366).locator(heat).get_attribute("tabindex") is None
    narrow = open_page("/ui/", width=320).locator(heat)
    assert narrow.get_attribute("tabindex") == "0"
    assert narrow.get_attribute("data-more") == ""
