"""What all tests share."""

import os

import pytest
import redis
from hypothesis import HealthCheck, settings

from dxportal.running import embedded
from tools import browser

pytest_plugins = ["tests.support.cast", "tests.support.browser", "tests.support.database"]

# How long one example takes on a busy machine says nothing about the rule. CI tries the same examples each time, so that
# a change does not fail by luck; a developer's runs look for new ones.
settings.register_profile(
    "suite",
    deadline=None,
    max_examples=60,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Servers for this run, shared with other commands of this checkout, unless the environment names some."""
    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        pytest.exit(str(error), returncode=2)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing of a test run stays in Redis, which may be the demo's."""
    from django.conf import settings as portal  # noqa: PLC0415 -- only now is it sure that they are the tests' own

    with redis.Redis.from_url(portal.REDIS_URL) as client:
        for pattern in (f"test-{portal.WORKER}-*", f"test-{portal.WORKER}:*"):
            for key in client.scan_iter(pattern, count=1000):
                client.delete(key)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium, Chrome or Edge of this machine; without one the browser tests fail rather than skip."""
    return browser.find() or pytest.fail(browser.MISSING)


def pytest_unconfigure(config: pytest.Config) -> None:
    embedded.release()
