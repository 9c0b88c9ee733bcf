"""The job that reads what is too large for a request."""

from typing import Any

from dxportal.core.jobs.domain import JobHandle
from dxportal.core.jobs.registry import BULK, job_kind
from dxportal.core.uploads import domain


@job_kind(domain.JOB, queue=BULK)
def read(handle: JobHandle, upload: str, page: str) -> dict[str, Any]:
    """Safe to run twice: what was read is not read again."""
    handle.progress(0, 1, "ファイルを読み取っています")
    domain.read_waiting(upload)
    return {"message": "ファイルを読み取りました。まだ何も保存していません。", "url": page}
