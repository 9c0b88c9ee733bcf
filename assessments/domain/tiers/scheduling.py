"""Asking for a classification run; the work itself is in ``runs`` (workers only)."""

from assessments.enums import FROZEN_STEPS, SurveySource
from assessments.models import Classification, Survey
from dxportal.core.jobs import domain as jobs
from dxportal.core.jobs.models import Job

JOB = "assessments.classify"
SETTLE_SECONDS = 20  # submissions that come in a row are computed together


def key_of(survey_id: int) -> str:
    return f"{JOB}:{survey_id}"


def request_classification(survey: Survey, *, user=None, delay: int = 0) -> Job:
    """Queues a run over the survey; while one waits or runs, that one (followed by another if it already runs)."""
    return jobs.enqueue(
        JOB,
        label=f"「{survey.title}」の算定",
        params={"survey_id": survey.pk},
        prefecture=survey.prefecture,
        user=user,
        key=key_of(survey.pk),
        again=True,
        delay=delay,
    )


def schedule_classification(survey_id: int) -> Job | None:
    """After a change of handed-in answers; None where nothing is to be computed (imported scores, tiers decided)."""
    survey = Survey.objects.select_related("prefecture").get(pk=survey_id)
    # Without a lock, since the run asks again behind one: this only spares the queue what would be refused.
    decided = Classification.objects.filter(survey=survey, step__in=FROZEN_STEPS).exists()
    if survey.source != SurveySource.ANSWERS or decided:
        return None
    return request_classification(survey, delay=SETTLE_SECONDS)


def latest_job(survey: Survey) -> Job | None:
    """The job that computes, or last computed, the survey."""
    return Job.objects.filter(key=key_of(survey.pk)).order_by("-created_at").first()
