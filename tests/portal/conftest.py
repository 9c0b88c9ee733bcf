"""A browser before the portal's pages."""

import os

import pytest

from tests.browser_help import started, watch


@pytest.fixture(scope="module")
def chromium(browser_path):
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with started(browser_path) as browser:
        yield browser
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(chromium, live_server, client, settings):
    """``open_as(user, "/", width=320, …)``: a loaded page; ``page.troubles`` lists errors and strangers."""
    contexts = []

    def opened(user, path, *, width=1366, **options):
        context = chromium.new_context(
            base_url=live_server.url, locale="ja-JP", viewport={"width": width, "height": 768}, **options
        )
        contexts.append(context)
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = watch(context.new_page(), live_server.url)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
