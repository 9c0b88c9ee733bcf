"""Job kinds of the portal."""

from typing import Any

from dxportal.core.jobs.domain import JobHandle
from dxportal.core.jobs.registry import job_kind
from dxportal.portal.domain.facts import prefecture_of
from dxportal.portal.domain.snapshots import JOB, refresh


@job_kind(JOB)
def snapshots(handle: JobHandle, prefecture_id: int | None = None, survey_id: int | None = None) -> dict[str, Any]:
    """Figures of a prefecture (or of the prefecture that a survey belongs to)."""
    prefecture = prefecture_id or prefecture_of(survey_id)
    return {"changed": refresh(prefecture, handle.progress)}
