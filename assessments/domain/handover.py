"""What of the surveys is open when work changes hands: the part of the handover page that this app adds."""

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.domain.surveys.due import due_of
from assessments.enums import HANDED_IN_STATES, ResponseState, SurveyState
from assessments.models import Response, Survey
from dxportal.core.accounts.domain import handover
from dxportal.core.accounts.domain.handover import HandoverItem, HandoverSection
from dxportal.core.accounts.models import User
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.ui.japanese import western


def register() -> None:
    handover.register("assessments.surveys", open_surveys, order=10)
    handover.register("assessments.responses", open_responses, order=20)


def open_surveys(user: User) -> HandoverSection | None:
    """For a prefecture's staff: surveys being prepared or open, with how many have handed in."""
    if not user.is_prefecture_staff:
        return None
    rows = Survey.objects.for_user(user).exclude(state=SurveyState.CLOSED)
    # Both counts go over the same join, told apart by the filter alone, so neither multiplies the other.
    rows = rows.annotate(
        invited=Count("responses"), handed_in=Count("responses", filter=Q(responses__state__in=HANDED_IN_STATES))
    )
    items = tuple(
        HandoverItem(
            survey.name_with_round,
            reverse("assessments:survey_detail", args=[survey.pk]),
            f"{survey.get_state_display()}、提出 {survey.handed_in}／{survey.invited}団体、{_until(survey.closes_at)}",
        )
        for survey in rows
    )
    return HandoverSection("終わっていない調査", items)


def open_responses(user: User) -> HandoverSection | None:
    """Responses not handed in: one's own, or those sent back to the municipalities in reach."""
    rows = Response.objects.for_user(user).exclude(state__in=HANDED_IN_STATES).exclude(survey__state=SurveyState.DRAFT)
    if not user.is_answering:
        rows = rows.filter(state=ResponseState.RETURNED)
    rows = rows.select_related("survey", "organization").order_by("survey__closes_at", "organization__code")
    rows = list(rows)
    recall((response.organization, response.survey.day) for response in rows)
    items = []
    for response in rows:
        name = response.survey.name_with_round
        items.append(
            HandoverItem(
                name if user.is_answering else f"{response.organization.shown}：{name}",
                reverse("assessments:response_detail", args=[response.pk]),
                f"{response.get_state_display()} {response.answered}／{response.required}問、{_until(due_of(response))}",
            )
        )
    return HandoverSection("提出していない回答" if user.is_answering else "差し戻している回答", tuple(items))


def _until(moment: dt.datetime) -> str:
    return f"{western(timezone.localtime(moment).date())}締切"
