"""The Celery application; tasks live in the ``tasks.py`` of each app."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dxportal.settings")
app = Celery("dxportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
@worker_init.connect
def _check_settings(**kwargs: object) -> None:
    from dxportal.checks import refuse_unsafe_start  # noqa: PLC0415 -- Django is set up only now
    from dxportal.core import embedded  # noqa: PLC0415 -- needed by nobody else who imports this module

    embedded.ensure()
    refuse_unsafe_start()
