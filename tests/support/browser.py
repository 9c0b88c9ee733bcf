"""One way of driving a browser: how it starts, what counts as trouble on a page, when a page is fine."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Nothing else is gathered or sent over: what passes is most of a page, with a selector for each element.
BROKEN = """
async tags => {
    const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], selectors: false};
    const found = await axe.run(document, options);
    return found.violations.map(rule => [rule.id, rule.nodes[0].html]);
}
"""
REFUSED = re.compile("status of (403|404|409|410|422) ")  # what is refused is said on the page itself
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE ANY('{active,idle in transaction%}')
"""
WIDTHS = (1366, 320)
# Two frames: after them the layout at the new width is done and those who watch sizes were told.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDER_THAN_PAGE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """A browser without anything of its own going over the network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


def watch(page: Page, origin: str) -> Page:
    """``page.troubles`` lists from now on: console errors (broken content policies too), script errors, requests to
    other hosts."""
    page.troubles = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not REFUSED.search(said.text):
            page.troubles.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((origin, "data:")) else page.troubles.append(sent.url))
    return page


def axe(page: Page) -> list[tuple[str, str]]:
    """The broken rules as (rule, first element)."""
    page.evaluate(AXE)
    return [(rule, html[:200]) for rule, html in page.evaluate(BROKEN, TAGS)]


def faults(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[tuple[int, str]]:
    """What is wrong with the page at each width: rules that axe finds broken, and being wider than the window."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 768})
        page.evaluate(PAINTED)
        found += [(width, f"{rule}: {html}") for rule, html in axe(page)]
        if page.evaluate(WIDER_THAN_PAGE):
            found.append((width, "wider than the window"))
    return found


def sign_in(context: BrowserContext, user, url: str, name: str) -> None:
    """Gives the browser a session of its own; ``name`` is the session cookie's."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.fixture(scope="session")
def chromium(browser_path):
    """One browser for the whole run; each test opens contexts of its own."""
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with started(browser_path) as browser:
        yield browser
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(chromium, live_server, settings):
    """``open_as(user, "/", width=320, …)``: a page in a browser of its own, signed in unless ``user`` is None."""
    contexts = []

    def opened(user, path, *, width=1366, **options):
        context = chromium.new_context(
            base_url=live_server.url, locale="ja-JP", viewport={"width": width, "height": 768}, **options
        )
        contexts.append(context)
        if user:
            sign_in(context, user, live_server.url, settings.SESSION_COOKIE_NAME)
        page = watch(context.new_page(), live_server.url)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    let_requests_end()


def let_requests_end(seconds: float = 10) -> None:
    """The server's thread may still be at a request that a closed page had sent; emptying the tables would meet it."""
    calm, until = 0, time.monotonic() + seconds
    while calm < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            calm = 0 if cursor.fetchone()[0] else calm + 1
        time.sleep(0.05)


def menu(page: Page, name: str) -> None:
    """Follows a link of the main menu."""
    page.get_by_role("navigation", name="メインメニュー").get_by_role("link", name=name, exact=True).click()
