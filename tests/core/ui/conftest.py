"""A page signed in as a member of staff, in demo mode (the sample page is shown there)."""

import pytest

from dxportal.core.accounts.enums import Role
from tests.support import factories as make


@pytest.fixture
def open_page(open_as, settings):
    """``open_page("/ui/", width=320, …)``: as ``open_as``, for a member of a prefecture's staff."""
    settings.DEMO = True
    staff = make.make_user(make.make_prefecture(), Role.PREFECTURE_STAFF)
    return lambda path, **options: open_as(staff, path, **options)
