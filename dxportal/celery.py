"""The Celery application; tasks live in the ``tasks.py`` of each app."""

import os
import sys

from celery import Celery
from celery.signals import after_task_publish, beat_init, worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dxportal.settings")
app = Celery("dxportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
@worker_init.connect
def prepare(**kwargs: object) -> None:
    """Have servers and sound settings before the first task."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- Django is set up only now

    from dxportal.checks import refuse_unsafe_start  # noqa: PLC0415 -- the same
    from dxportal.running import embedded  # noqa: PLC0415 -- web processes import this module too

    try:
        embedded.ensure()
        refuse_unsafe_start()
    except (ImproperlyConfigured, embedded.EmbeddedError) as error:
        sys.exit(str(error))  # an Exception would be logged and passed over


@worker_process_init.connect
def end_with_worker(**kwargs: object) -> None:
    """A child of a killed worker must not go on beside the next worker."""
    from dxportal.running.embedded.account import die_with_parent  # noqa: PLC0415 -- as above

    if arm := die_with_parent():
        arm()


@beat_init.connect
@worker_process_init.connect
def give_up_hanging(**kwargs: object) -> None:
    """Neither beat nor a worker waits a quarter of an hour for a database that stands still."""
    from dxportal import hanging  # noqa: PLC0415 -- as above

    hanging.start()


@after_task_publish.connect(sender="jobs.reap")
def note_beat(**kwargs: object) -> None:
    """Only beat sends this one."""
    from django.conf import settings  # noqa: PLC0415 -- as above

    from dxportal.core.jobs.domain import signs  # noqa: PLC0415 -- as above

    if settings.SIGNS_OF_LIFE:
        signs.note("beat")
