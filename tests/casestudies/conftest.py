"""What the tests of the case library share."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="module")
def loaded_library(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The whole library, loaded once for the tests of a module, which only read; gone after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_cases", verbosity=0)
        yield
        transaction.set_rollback(True)
