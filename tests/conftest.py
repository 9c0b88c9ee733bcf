"""What all tests share."""

import pytest

from dxportal.core import embedded

pytest_plugins = ["tests.cast"]


def pytest_configure(config: pytest.Config) -> None:
    """Servers for this run, shared with any other command of this checkout, unless DATABASE_URL and REDIS_URL name some."""
    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        pytest.exit(str(error), returncode=2)


def pytest_unconfigure(config: pytest.Config) -> None:
    embedded.release()
