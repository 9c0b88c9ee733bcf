"""What the tests of the case library share."""

from collections.abc import Iterator

import pytest

from tests.support import worlds


@pytest.fixture(scope="module")
def loaded_library(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The whole library, for the tests of a module, which leave it as it is."""
    with worlds.inside("library", django_db_blocker):
        yield
