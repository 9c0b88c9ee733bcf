"""The house with the demo's data, anew for each journey, and people who walk through it in browsers of their own."""

import os
import re
from pathlib import Path

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect

from dxportal.core.accounts.enums import Role
from tests.support import worlds
from tests.support.browser import PAINTED, WIDER_THAN_PAGE, axe, watch
from tests.support.house import House

WIDTHS = (1366, 320)
SHOTS = os.environ.get("JOURNEY_SHOTS")  # a folder that takes a picture of every page seen


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def open_house(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        demo = worlds.world("demo")
    with House(demo, tmp_path_factory.mktemp("mails")).open() as house:
        yield house


@pytest.fixture
def house(open_house):
    open_house.renew()
    return open_house


class Walker:
    """One person in one browser; ``fine`` looks at the page that she sees."""

    def __init__(self, browser: Browser, house: House, options: dict) -> None:
        self.house = house
        self.context = browser.new_context(
            base_url=house.address, locale="ja-JP", viewport={"width": WIDTHS[0], "height": 768}, **options
        )
        self.context.set_default_timeout(15_000)
        # A page counts as loaded when its scripts have run. Plotly's 4 MB take a new browser a second or two of a free
        # processor, and more than fifteen beside other test processes.
        self.context.set_default_navigation_timeout(60_000)
        self.script = options.get("java_script_enabled", True)
        self.page = self.tab()

    def tab(self) -> Page:
        return watch(self.context.new_page(), self.house.address)

    def sign_in(self, role: Role, name: str = "") -> Page:
        """By one click on the demo's sign-in page; ``name`` where several have the role."""
        self.page.goto("/account/login/")
        self.page.get_by_role("button", name=f"{role.label}　{name}").first.click()
        expect(self.page.get_by_role("button", name="ログアウト")).to_be_attached()
        return self.page

    def fine(self, name: str = "", *, axe_at: tuple[int, ...] = WIDTHS) -> None:
        """Title, one heading, nothing broken by axe, nothing sideways, no trouble so far; wide and narrow."""
        page = self.page
        page.wait_for_load_state()
        expect(page).to_have_title(re.compile(r"\S"))
        assert page.locator("h1").count() == 1, page.url
        assert page.locator("h1").inner_text().strip(), page.url
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            if self.script:
                page.evaluate(PAINTED)
            if SHOTS:
                self.picture(name, width)
            if self.script and width in axe_at:
                assert axe(page) == [], (page.url, width)
            assert not page.evaluate(WIDER_THAN_PAGE), (page.url, width)
        page.set_viewport_size({"width": WIDTHS[0], "height": 768})
        assert page.troubles == [], page.url

    def picture(self, name: str, width: int) -> None:
        path = re.sub(r"^https?://[^/]+", "", self.page.url).split("?")[0]
        view = resolve(path).view_name.replace(":", "-")
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=f"{SHOTS}/{view}{'-' + name if name else ''}-{width}.png", full_page=True)


@pytest.fixture
def walker(chromium, house):
    """``walker(java_script_enabled=False, …)``: somebody before a browser of her own, not yet signed in."""
    walkers = []

    def made(**options):
        walkers.append(Walker(chromium, house, options))
        return walkers[-1]

    yield made
    for one in walkers:
        one.context.close()
