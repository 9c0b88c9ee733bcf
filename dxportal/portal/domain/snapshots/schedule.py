"""Asks for new figures: one waiting job a survey or prefecture, and another after one that is already running."""

from assessments.enums import SurveyState
from assessments.models import Survey
from dxportal.core.accounts.models import User
from dxportal.core.jobs.domain import enqueue
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.models import Organization
from dxportal.portal.domain.snapshots.sources import prefecture_of
from dxportal.portal.domain.values import FORMAT
from dxportal.portal.models import Snapshot

JOB = "portal.snapshots"
LABEL = "ダッシュボードとカルテの集計"


def schedule(prefecture_id: int, *, user: User | None = None) -> Job:
    """The whole prefecture."""
    return _enqueue(prefecture_id, f"{JOB}:{prefecture_id}", {"prefecture_id": prefecture_id}, user)


def schedule_survey(survey_id: int) -> Job:
    """A survey with those that compare with it: what is scored in it, or may be told of it, changed."""
    return _enqueue(prefecture_of(survey_id), f"{JOB}:survey:{survey_id}", {"survey_id": survey_id})


def schedule_responses(survey_id: int) -> Job:
    """Whatever municipalities handed in or took back since the survey was last counted."""
    params = {"survey_id": survey_id, "responses": True}
    return _enqueue(prefecture_of(survey_id), f"{JOB}:responses:{survey_id}", params)


def schedule_town(prefecture_id: int, town_id: int) -> Job:
    """A municipality's name, profile or place on the map changed; several at once cost less as a whole prefecture."""
    params = {"prefecture_id": prefecture_id, "town_id": town_id}
    job = _enqueue(prefecture_id, f"{JOB}:town:{prefecture_id}", params)
    # One key a prefecture: a job that waits already for another municipality comes back, and doesn't cover this one.
    return job if job.params == params else schedule(prefecture_id)


def schedule_all() -> int:
    """New figures for every prefecture that has a survey; gives how many."""
    rows = Survey.objects.exclude(state=SurveyState.DRAFT).values_list("prefecture_id", flat=True).distinct()
    # In an order of its own: the model's would be part of DISTINCT, and a prefecture would come once a survey.
    prefectures = list(rows.order_by("prefecture_id"))
    for prefecture_id in prefectures:
        schedule(prefecture_id)
    return len(prefectures)


def schedule_outdated() -> int:
    """New figures where an update of the portal left rows of an older format; gives for how many prefectures."""
    rows = Snapshot.objects.filter(format__lt=FORMAT).values_list("prefecture_id", flat=True).distinct()
    prefectures = list(rows.order_by("prefecture_id"))
    for prefecture_id in prefectures:
        schedule(prefecture_id)
    return len(prefectures)


def _enqueue(prefecture_id: int, key: str, params: dict[str, int | bool], user: User | None = None) -> Job:
    # The key joins what comes while a job waits. ``again``: one that runs may have read already what has just changed,
    # so it runs once more.
    return enqueue(
        JOB,
        label=LABEL,
        params=params,
        prefecture=Organization.objects.get(pk=prefecture_id),
        user=user,
        key=key,
        again=True,
    )
