"""A real browser before the running site; a page signed in as a member of staff."""

import os
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

from dxportal.core.accounts.enums import Role
from tests import factories as make

ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium(browser_path):
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=browser_path, args=ARGS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium, live_server, client, settings):
    """``open_page("/ui/", width=320, …)``: a loaded page, signed in; ``page.troubles`` lists console errors and strangers."""
    settings.DEMO = True
    contexts, staff = [], make.make_user(make.make_prefecture(), Role.PREFECTURE_STAFF)

    def opened(path, *, width=1366, signed_in=True, **options):
        context = chromium.new_context(
            base_url=live_server.url, locale="ja-JP", viewport={"width": width, "height": 768}, **options
        )
        contexts.append(context)
        if signed_in:
            client.force_login(staff)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on("request", lambda sent: page.troubles.append(sent.url) if live_server.url not in sent.url else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def axe(page):
    """The broken rules as (rule, first element)."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
