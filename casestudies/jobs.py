"""Job kinds of the library."""

from typing import Any

from django.urls import reverse

from casestudies.domain.search import index
from casestudies.intake.contribution.preview import preview_of
from casestudies.intake.contribution.register import LIMITS
from dxportal.core.jobs.domain import JobHandle
from dxportal.core.jobs.registry import BULK, job_kind
from dxportal.core.uploads.domain import book_reader

book_reader("casestudies.register", LIMITS)(preview_of)

REBUILD = "casestudies.rebuild_index"


@job_kind(REBUILD, queue=BULK)
def rebuild_index(handle: JobHandle) -> dict[str, Any]:
    """All index rows anew: after a change of the analysis or of its dictionary."""
    count = index.rebuild(progress=lambda done, total: handle.progress(done, total, "索引を作り直しています"))
    return {"message": f"事例{count:,}件の索引を作り直しました。", "url": reverse("casestudies:search"), "cases": count}
