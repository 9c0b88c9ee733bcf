"""Job kinds of the tests; a worker in a test imports them with ``-I tests.support.job_kinds``."""

import time

from django.db import connection

from dxportal.core.jobs.domain import JobError
from dxportal.core.jobs.registry import job_kind

calls: list[dict] = []


@job_kind("tests.note")
def note(handle, **params):
    calls.append(params)
    handle.progress(3, 3, "数えています")
    return {"message": "数えました。"}


@job_kind("tests.known_failure")
def known_failure(handle):
    raise JobError("回答がありません。")


@job_kind("tests.bug")
def bug(handle):
    raise ZeroDivisionError("secret detail")


@job_kind("tests.slow", queue="bulk")
def slow(handle, *, seconds):
    """Longer on its first attempt only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT attempts FROM jobs_job WHERE id = %s", [handle.job_id])
        (attempts,) = cursor.fetchone()
    for n in range(int(seconds * 10) if attempts == 1 else 1):
        handle.progress(n, int(seconds * 10), "待っています")
        time.sleep(0.1)
    return {"message": f"{attempts}回目で終わりました。"}
