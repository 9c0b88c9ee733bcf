"""The prefecture dashboard."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.generic import View

from dxportal.portal.domain.filters import BoardFilter
from dxportal.portal.domain.lens import Audience
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.models import Snapshot
from dxportal.portal.views.common import (
    audience_for,
    chosen_survey,
    find_row,
    fragment,
    survey_choices,
    surveys_for,
)
from dxportal.portal.views.pages import board

Choices = list[tuple[int, str]]


class Dashboard(View):
    """Reads one snapshot row; a filter works on its rows in memory."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        surveys = surveys_for(request.user)
        survey = chosen_survey(request, surveys, audience)
        row = find_row(request, audience.kind(SnapshotKind.BOARD), survey.pk) if survey else None
        context = {"surveys": survey_choices(surveys), "survey": survey, "row": row, "audience": audience}
        if row is not None:
            context["body"] = body(request, row, audience, context["surveys"])
        return render(request, "portal/dashboard/page.html", context)


def body(request: HttpRequest, row: Snapshot, audience: Audience, surveys: Choices) -> str:
    today = timezone.localdate()
    query = request.GET.urlencode()
    key = ("board", row.pk, row.source_digest, audience.mark, query, today, tuple(surveys))
    return fragment(key, lambda: _draw(request, row, audience, surveys, today))


def _draw(request: HttpRequest, row: Snapshot, audience: Audience, surveys: Choices, today: dt.date) -> str:
    context = board.page(row.data, BoardFilter.read(request.GET), audience, today)
    context |= board.words(context, request.GET, row.computed_at) | {"surveys": surveys}
    return render_to_string("portal/dashboard/_body.html", context, request=request)
