"""Job kinds of the portal."""

import datetime as dt
from typing import Any

from dxportal.core.jobs.domain import JobHandle
from dxportal.core.jobs.registry import job_kind
from dxportal.portal.domain.brief import store as briefs
from dxportal.portal.domain.snapshots.refresh import refresh, refresh_responses, refresh_survey, refresh_towns
from dxportal.portal.domain.snapshots.schedule import JOB


@job_kind(JOB)
def snapshots(
    handle: JobHandle,
    prefecture_id: int | None = None,
    survey_id: int | None = None,
    town_id: int | None = None,
    responses: bool = False,
) -> dict[str, Any]:
    """Figures of a survey or what its responses changed, of a municipality, else of a whole prefecture."""
    if survey_id is not None:
        compute = refresh_responses if responses else refresh_survey
        return {"changed": compute(survey_id, handle.progress)}
    if prefecture_id is None:
        raise ValueError("neither a survey nor a prefecture")
    if town_id is not None:
        return {"changed": refresh_towns(prefecture_id, [town_id])}
    return {"changed": refresh(prefecture_id, handle.progress)}


@job_kind(briefs.JOB, queue="bulk")
def make_briefs(handle: JobHandle, prefecture_id: int, day: str) -> dict[str, Any]:
    """Those of the prefecture's sessions of the day."""
    number = briefs.make_all(prefecture_id, dt.date.fromisoformat(day), handle)
    return {"message": f"事前資料を{number}件作りました。"}
