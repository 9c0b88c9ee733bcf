"""The portal's settings with two extra addresses: the floors that pages are measured against."""

from dxportal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
