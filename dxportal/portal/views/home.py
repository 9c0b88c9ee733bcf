"""The home page: for each role the work that waits, then where to look."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from assessments.domain.surveys.due import days_left, due_of
from assessments.enums import EDITABLE_STATES, HANDED_IN_STATES, ClassificationStep, ResponseState, SurveyState
from assessments.models import Classification, Response, ResponseTransition, Survey
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from dxportal.core.jobs.enums import ACTIVE, JobState
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.views import cases, consultations
from dxportal.portal.views.common import audience_for, reading_for

Context = dict[str, Any]
MOST = 5


@dataclass(frozen=True, slots=True)
class WaitingResponse:
    """A response to fill in; ``comment``: the last return, where it came back; ``left``: days."""

    response: Response
    due: dt.datetime
    left: int
    editable: bool
    comment: ResponseTransition | None


@dataclass(frozen=True, slots=True)
class TownLine:
    """A municipality in reach with its responses in the running surveys."""

    town: Organization
    responses: list[Response]


class Home(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        template, context = choose(request)
        context |= {"acting": user.acting, "today": timezone.localdate()}
        part = consultations.for_home(user)
        context |= {"consultations": part, "actions": part.actions}
        return render(request, f"portal/home/{template}.html", context)


def choose(request: HttpRequest) -> tuple[str, Context]:
    """The page of the person's role with its content."""
    user = request.user
    acting = user.acting
    if acting is None:
        return "nobody", {}
    if acting.organization.kind == OrganizationKind.MUNICIPALITY:
        audience = audience_for(request)
        reading = reading_for(request, audience, SnapshotKind.KARTE, acting.organization_id)
        context = for_municipality(user) | {"may_answer": user.is_answering}
        return "municipality", context | {"cases": cases.for_home(user, reading, audience)}
    if acting.role in (Role.CONSULTANT, Role.BUREAU_STAFF) or acting.organization.kind == OrganizationKind.BUREAU:
        return "reach", for_reach(user)
    return "prefecture", for_prefecture(user) | {"staff": user.is_prefecture_staff}


def for_prefecture(user: User) -> Context:
    """Running surveys with their progress, classifications on the way, jobs that need a look."""
    # All of it over one join: a second table with many rows a survey would multiply the counts.
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


def for_municipality(user: User) -> Context:
    """Responses to fill in, with the last return's comment; those handed in."""
    responses = list(
        Response.objects.for_user(user).filter(survey__state__in=(SurveyState.OPEN, SurveyState.CLOSED))
        .select_related("survey", "organization").order_by("-survey__fiscal_year", "-survey__opens_at", "-pk")
    )  # fmt: skip
    waiting = [
        response
        for response in responses
        if response.survey.state == SurveyState.OPEN
        and response.state not in HANDED_IN_STATES
        # Of the towns before it there is nothing left to do.
        and response.organization_id == user.acting.organization_id
    ]
    comments = returns_of([response.pk for response in waiting if response.state == ResponseState.RETURNED])
    return {
        "waiting": [
            WaitingResponse(
                response=response,
                due=due_of(response),
                left=days_left(response),
                editable=response.state in EDITABLE_STATES,
                comment=comments.get(response.pk),
            )
            for response in sorted(waiting, key=due_of)
        ],
        "handed_in": [response for response in responses if response.state in HANDED_IN_STATES][:MOST],
    }


def returns_of(responses: list[int]) -> dict[int, ResponseTransition]:
    """The last return of each."""
    if not responses:
        return {}
    # Oldest first: of several returns of a response the last one stays in the dictionary.
    rows = ResponseTransition.objects.filter(response__in=responses, to_state=ResponseState.RETURNED).order_by(
        "at", "pk"
    )
    return {row.response_id: row for row in rows}


def for_reach(user: User) -> Context:
    """Bureau staff and consultants: their municipalities and how far each is in the running surveys."""
    towns = (
        Organization.objects.for_user(user)
        .municipalities()
        .living(timezone.localdate())
        .select_related("parent")
        .order_by("sort_order", "code")
    )
    # One query for all municipalities, rather than one each.
    rows = Response.objects.for_user(user).filter(survey__state=SurveyState.OPEN).select_related("survey")
    responses: dict[int, list[Response]] = {}
    for response in rows.order_by("survey__closes_at", "pk"):
        responses.setdefault(response.organization_id, []).append(response)
    return {"towns": [TownLine(town, responses.get(town.pk, [])) for town in towns]}
