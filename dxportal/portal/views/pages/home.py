"""What each role finds on the home page: the work that waits, then the ways on."""

from typing import Any

from django.db.models import Count, Max, Q

from assessments.domain.surveys.due import days_left, due_of
from assessments.enums import EDITABLE_STATES, HANDED_IN_STATES, ClassificationStep, ResponseState, SurveyState
from assessments.models import Classification, Response, ResponseTransition, Survey
from dxportal.core.jobs.enums import ACTIVE, JobState
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.models import Organization

Data = dict[str, Any]
MOST = 5


def for_prefecture(user) -> Data:
    """Running surveys with their progress, classifications on the way, jobs that need a look."""
    surveys = Survey.objects.for_user(user).filter(state=SurveyState.OPEN).annotate(
        members=Count("responses"),
        handed_in=Count("responses", filter=Q(responses__state__in=HANDED_IN_STATES)),
        returned=Count("responses", filter=Q(responses__state=ResponseState.RETURNED)),
        changed=Max("responses__changed_at"),
    )  # fmt: skip
    steps = Classification.objects.for_user(user).exclude(step=ClassificationStep.PUBLISHED)
    jobs = Job.objects.for_user(user)
    return {
        "surveys": list(surveys.order_by("closes_at")),
        "classifications": list(steps.select_related("survey").order_by("-survey__fiscal_year", "-pk")),
        "failed": list(jobs.filter(state=JobState.FAILED)[:MOST]),
        "running": list(jobs.filter(state__in=ACTIVE)[:MOST]),
    }


def for_municipality(user) -> Data:
    """Answer sheets to fill in, with the last return's comment; those handed in."""
    sheets = list(
        Response.objects.for_user(user).filter(survey__state__in=(SurveyState.OPEN, SurveyState.CLOSED))
        .select_related("survey").order_by("-survey__fiscal_year", "-survey__opens_at", "-pk")
    )  # fmt: skip
    waiting = [one for one in sheets if one.survey.state == SurveyState.OPEN and one.state not in HANDED_IN_STATES]
    comments = returns_of([one.pk for one in waiting if one.state == ResponseState.RETURNED])
    return {
        "waiting": [sheet_row(one, comments.get(one.pk)) for one in sorted(waiting, key=due_of)],
        "handed_in": [one for one in sheets if one.state in HANDED_IN_STATES][:MOST],
    }


def sheet_row(response: Response, comment: ResponseTransition | None) -> Data:
    return {
        "response": response,
        "due": due_of(response),
        "left": days_left(response),
        "editable": response.state in EDITABLE_STATES,
        "comment": comment,
    }


def returns_of(responses: list[int]) -> dict[int, ResponseTransition]:
    """The last return of each."""
    if not responses:
        return {}
    rows = ResponseTransition.objects.filter(response__in=responses, to_state=ResponseState.RETURNED).order_by(
        "at", "pk"
    )
    return {row.response_id: row for row in rows}


def for_reach(user) -> Data:
    """Bureau staff and consultants: their municipalities and how far each is in the running surveys."""
    towns = Organization.objects.for_user(user).municipalities().select_related("parent").order_by("sort_order", "code")
    sheets = Response.objects.for_user(user).filter(survey__state=SurveyState.OPEN).select_related("survey")
    states: dict[int, list[Response]] = {}
    for one in sheets.order_by("survey__closes_at", "pk"):
        states.setdefault(one.organization_id, []).append(one)
    return {"towns": [{"town": town, "sheets": states.get(town.pk, [])} for town in towns]}
