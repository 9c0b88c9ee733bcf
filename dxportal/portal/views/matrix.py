"""The comparison matrix of a survey: municipalities × questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dxportal.portal.domain import lens
from dxportal.portal.domain.lens import Audience
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.views.common import find_row
from dxportal.portal.views.questions import SurveyPage, crumbs

MOST_COLUMNS = 24
NOT_SHOWN = "この調査では、市町村どうしの個別の回答を公開していません。"


class Matrix(SurveyPage):
    """A long questionnaire is shown a section at a time."""

    def get(self, request: HttpRequest, survey: int) -> HttpResponse:
        audience, _, found = self.find(request, survey)
        row = find_row(request, audience.kind(SnapshotKind.MATRIX), survey)
        context = {"survey": found, "row": row, "why": NOT_SHOWN if audience.public else ""}
        context["crumbs"] = [*crumbs(found), ("団体×設問の比較表", None)]
        if row is not None:
            context |= table(row.data, audience, request.GET.get("section", ""))
        return render(request, "portal/matrix/page.html", context)


def table(data: dict, audience: Audience, wanted: str) -> dict:
    data = lens.matrix(data, audience)
    sections = data["sections"] if len(data["columns"]) > MOST_COLUMNS else []
    codes = [one["code"] for one in sections]
    section = wanted if wanted in codes else codes[0] if codes else ""
    at = [number for number, one in enumerate(data["columns"]) if not section or one["section"] == section]
    return {
        "data": data,
        "sections": [(one["title"], f"?section={one['code']}", one["code"] == section) for one in sections],
        "section": section,
        "columns": [data["columns"][number] for number in at],
        "towns": [
            {**town, "cells": [town["cells"][number] for number in at], "href": href(town, data, audience)}
            for town in data["towns"]
        ],
    }


def href(town: dict, data: dict, audience: Audience) -> str:
    if not audience.opens(town["id"], town["prefecture_id"]):
        return ""
    return f"{reverse('portal:karte', args=[town['id']])}?survey={data['survey']['id']}"
