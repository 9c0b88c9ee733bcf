"""Settings of the house that journeys walk through: the tests' own, with the demo's sign-in page and mails in a folder."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, WORKER

DEMO = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["JOURNEY_MAILS"]
for _name in ("default", "sessions"):
    CACHES[_name]["KEY_PREFIX"] = f"test-{WORKER}-journeys"
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test-{WORKER}-journeys-"
ORIGIN = os.environ["DXPORTAL_ORIGIN"]  # mails lead to the house itself, not to the test client
