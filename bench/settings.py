"""The portal's settings on a database of the bench's own, with two extra addresses to measure against."""

from bench.database import NAME
from dxportal.settings import *  # noqa: F403
from dxportal.settings import DATABASES

ROOT_URLCONF = "bench.urls"
DATABASES["default"]["NAME"] = NAME
# As in the tests: what is measured is the portal, not the disk of the machine at hand.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
