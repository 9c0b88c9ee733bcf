"""Job kinds of the assessments."""

from typing import Any

from django.urls import reverse

from assessments.domain.surveys import reminders
from assessments.domain.tiers.scheduling import JOB
from assessments.intake.score_file import scores_of
from dxportal.core.jobs.domain import JobError, JobHandle
from dxportal.core.jobs.registry import BULK, job_kind
from dxportal.core.uploads.domain import book_reader
from dxportal.core.workflow.errors import NotPossible

BUSY = "同じ調査の算定が別の処理で続いています。しばらくしてから、もう一度実行してください。"
FROZEN = "支援分類が「案」または「決定・公表」のため、算定し直しませんでした。"
UNCHANGED = "前回の算定から回答も基準も変わっていないため、計算し直しませんでした（変更なし）。"

book_reader("assessments.step_scores")(scores_of)


@job_kind(JOB, queue=BULK)
def classify(handle: JobHandle, survey_id: int) -> dict[str, Any]:
    """Scores, tiers and priorities of a survey."""
    from assessments.domain.tiers import computation  # noqa: PLC0415 -- pandas is loaded by workers only

    outcome = {"url": reverse("assessments:tiers", args=[survey_id])}
    try:
        result = computation.classify(survey_id, progress=handle.progress, job_id=handle.job_id)
    except NotPossible as refusal:
        if refusal.code == "busy":
            raise JobError(BUSY) from refusal
        return outcome | {"message": FROZEN if refusal.code == "frozen" else refusal.message, "computed": False}
    message = f"{result.run.responses}団体の回答から算定しました。" if result.computed else UNCHANGED
    return outcome | {"message": message, "computed": result.computed, "run": result.run.pk}


@job_kind(reminders.JOB_KIND)
def remind(handle: JobHandle, batch: str) -> dict[str, Any]:
    """Sends one form's reminders. Run again, it sends only what no worker has claimed yet."""
    waiting = reminders.waiting(batch)
    sent = 0
    for done, pk in enumerate(waiting, 1):
        sent += reminders.deliver(pk)
        handle.progress(done, len(waiting))
    failed = len(waiting) - sent
    return {"message": f"{sent}通を送りました。" + (f"{failed}通は送れませんでした。" if failed else ""), "sent": sent}
