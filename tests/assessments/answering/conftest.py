"""One open survey with the town's and the neighbour's answer sheets; a real browser before the running site."""

import os
from types import SimpleNamespace

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

from tests import factories as make

ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
def world(cast):
    """``cast`` with an open survey of the small questionnaire (0-1 → 0-2, 1-1, 1-2)."""
    survey = make.make_survey(cast.pref)
    return SimpleNamespace(
        **vars(cast),
        survey=survey,
        sheet=make.make_response(survey, cast.town),
        neighbours=make.make_response(survey, cast.neighbour),
    )


@pytest.fixture(scope="module")
def chromium(browser_path):
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=browser_path, args=ARGS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(chromium, live_server, settings):
    """``open_as(user, "/responses/1/", width=320, …)``: a page in a browser of its own; ``page.troubles`` lists script
    errors and requests to other hosts."""
    contexts = []

    def opened(user, path, *, width=1366, **options):
        context = chromium.new_context(
            base_url=live_server.url, locale="ja-JP", viewport={"width": width, "height": 768}, **options
        )
        contexts.append(context)
        sign_in(context, user, live_server.url, settings.SESSION_COOKIE_NAME)
        page = context.new_page()
        page.troubles = []
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on("request", lambda sent: page.troubles.append(sent.url) if live_server.url not in sent.url else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(context, user, url, name):
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
