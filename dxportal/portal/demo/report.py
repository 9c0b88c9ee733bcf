"""The demo's voices about the support and the results of its report; the counts are the published ones."""

from typing import Any

from django.db import transaction

from dxportal.core.organizations.models import Organization
from dxportal.portal.demo.world import read
from dxportal.portal.models import ReportResult, SupportSurvey, SupportVoice

BETWEEN = {"overall": 0, "monthly": 7, "exchange": 13, "wishes": 19}  # where in the row of towns a subject begins


@transaction.atomic
def load(prefecture: Organization) -> bool:
    """Once; also beside the demo of the version before. Whether anything was loaded."""
    if SupportSurvey.objects.filter(prefecture=prefecture).exists():
        return False
    data = read("report.yaml")
    ReportResult.objects.bulk_create(
        ReportResult(prefecture=prefecture, fiscal_year=data["year"], order=order, **row)
        for order, row in enumerate(data["results"], 1)
    )
    survey = SupportSurvey.objects.create(prefecture=prefecture, fiscal_year=data["year"], closes_on=data["closes_on"])
    SupportVoice.objects.bulk_create(voices(survey, prefecture, data["voices"]))
    return True


def voices(survey: SupportSurvey, prefecture: Organization, texts: dict[str, list[str]]) -> list[SupportVoice]:
    """Spread over the towns, so that some say something about several subjects and many nothing at all."""
    towns = list(Organization.objects.filter(prefecture=prefecture).municipalities().order_by("sort_order", "pk"))
    rows: dict[int, dict[str, Any]] = {}
    for subject, lines in texts.items():
        for number, line in enumerate(lines):
            town = towns[(BETWEEN[subject] + number * 4) % len(towns)]
            rows.setdefault(town.pk, {})[subject] = line
    return [
        SupportVoice(survey=survey, organization_id=pk, by_name="DX担当", **words) for pk, words in sorted(rows.items())
    ]
