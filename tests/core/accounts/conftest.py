"""One more person."""

import uuid

import pytest

from dxportal.core.accounts.enums import Role
from tests.support import factories as make


@pytest.fixture
def person(cast):
    """An officer with an address of their own in every run: failures are counted by address in a shared cache."""
    return make.make_user(cast.town, Role.OFFICER, email=f"officer-{uuid.uuid4().hex}@example.jp")
