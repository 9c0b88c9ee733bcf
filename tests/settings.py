"""Settings of the tests: the portal's own, quick and kept apart from a demo on the same servers."""

import os

os.environ["DXPORTAL_ENV"] = "test"
os.environ.setdefault("DATABASE_POOL_SIZE", "0")

from dxportal.settings import *  # noqa: F403
from dxportal.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, STORAGES

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
for _name in ("default", "sessions"):
    CACHES[_name]["KEY_PREFIX"] = f"test-{WORKER}"
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test-{WORKER}-"

# What a test commits need not survive a power cut. Only here and in the bench: elsewhere a saved answer is on the disk.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
# Workers of tests come and go; a probe must not miss one that another test had.
SIGNS_OF_LIFE = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Unhashed names: a page can be tested without collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# The test client's own address, so that the links of mails can be followed.
ORIGIN = "http://testserver"
