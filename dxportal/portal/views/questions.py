"""The index of a survey's questions and the result of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.views.generic import View

from assessments.models import Survey
from dxportal.portal.domain.lens import Audience
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.views.common import audience_for, chosen_survey, find_row, fragment, survey_choices, surveys_for
from dxportal.portal.views.pages import question

BEFORE_CLOSING = (
    "設問の結果は、調査の締切のあとに表示します。受付中に数を示すと、どの団体の回答か分かることがあるためです。"
)


class SurveyPage(View):
    """A page below one survey, which must be among those that the person may look at."""

    def find(self, request: HttpRequest, pk: int) -> tuple[Audience, list[Survey], Survey]:
        audience = audience_for(request)
        surveys = surveys_for(request.user)
        survey = next((one for one in surveys if one.pk == pk), None)
        if survey is None:
            raise Http404
        return audience, surveys, survey


class QuestionGo(View):
    """The chosen survey's index, for the select that works without script."""

    def get(self, request: HttpRequest) -> HttpResponse:
        audience = audience_for(request)
        survey = chosen_survey(request, surveys_for(request.user), audience)
        if survey is None:
            return redirect("portal:dashboard")
        return redirect("portal:question_list", survey.pk)


class QuestionList(SurveyPage):
    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, surveys, found = self.find(request, survey)
        row = find_row(request, audience.kind(SnapshotKind.QUESTIONS), survey)
        context = {
            "survey": found,
            "survey_options": survey_choices(surveys),
            "row": row,
            "data": row.data if row else None,
            "closed_only": audience.public and found.state != "closed",
            "why_hidden": BEFORE_CLOSING,
            "crumbs": [*crumbs(found), ("設問ごとの結果", None)],
        }
        return render(request, "portal/questions/index.html", context)


class QuestionPage(SurveyPage):
    def get(self, request: HttpRequest, survey: int, code: str) -> HttpResponse:
        audience, _, found = self.find(request, survey)
        row = find_row(request, audience.kind(SnapshotKind.QUESTION), f"{survey}:{code}")
        hidden = request.GET.get("names") == "hidden" and not audience.public
        index = reverse("portal:question_list", args=[survey])
        context: dict[str, Any] = {
            "survey": found,
            "row": row,
            "code": code,
            "hidden": hidden,
            "may_hide": not audience.public,
            "why": BEFORE_CLOSING if audience.public and found.state != "closed" else "",
            "crumbs": [*crumbs(found), ("設問ごとの結果", index), (f"問{code}", None)],
        }
        if row is not None:
            key = ("question", row.pk, row.source_digest, audience.mark, hidden)
            context["body"] = fragment(key, lambda: draw(row.data, audience, hidden))
            context["short"] = fragment(("short", *key), lambda: escape(row.data["short"]))
        return render(request, "portal/questions/page.html", context)


def crumbs(survey: Survey) -> list[tuple[str, str | None]]:
    board = f"{reverse('portal:dashboard')}?survey={survey.pk}"
    return [("ホーム", reverse("portal:home")), ("県ダッシュボード", board)]


def draw(data: dict, audience: Audience, hidden: bool) -> str:
    return render_to_string("portal/questions/_body.html", question.page(data, audience, hidden))
