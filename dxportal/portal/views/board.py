"""The prefecture dashboard."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.generic import View

from assessments.models import Survey
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


class Dashboard(View):
    """Reads one snapshot row; a filter works on its rows in memory."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        surveys = surveys_for(request.user)
        survey = chosen_survey(request, surveys, audience)
        row = find_row(request, audience.kind(SnapshotKind.BOARD), survey.pk) if survey else None
        context = {"surveys": survey_choices(surveys), "survey": survey, "row": row, "audience": audience}
        if row is not None:
            context["body"] = body(request, row, audience, survey)
        return render(request, "portal/dashboard.html", context)


def body(request: HttpRequest, row: Snapshot, audience: Audience, survey: Survey) -> str:
    today = timezone.localdate()
    query = request.GET.urlencode()
    key = ("board", row.pk, row.source_digest, audience.mark, request.user.is_prefecture_staff, query, today)
    return fragment(key, lambda: _draw(request, row, audience, today))


def _draw(request: HttpRequest, row: Snapshot, audience: Audience, today: Any) -> str:
    context = board.page(row.data, BoardFilter.read(request.GET), audience, today)
    context |= board.words(context, request.GET, row.computed_at)
    return render_to_string("portal/board/body.html", context, request=request)
