"""What a file of step scores says, as plain JSON: kept with the file until somebody confirms it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from assessments.domain.tiers.step_scores import StepScores
from assessments.intake.tiers import read_step_scores
from assessments.models import Survey
from dxportal.core.intake.book import Book, CellError
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.japanese import era
from dxportal.core.workflow.errors import NotPossible

GONE = "この調査は、今は開けません。"


def municipalities_of(survey: Survey, user) -> Iterable[Organization]:
    """Those that the survey is about, as they lived on its day."""
    group = survey.group
    rows: Any = group.members if group else Organization.objects.for_user(user)
    return rows.filter(kind="municipality").living(survey.day).select_related("prefecture")


def scores_of(book: Book, *, user, survey: int) -> dict[str, Any]:
    """``rows``: the town and its scores by step, as text; ``errors``; ``warnings``; ``notes``."""
    about = Survey.objects.for_user(user).filter(pk=survey).first()
    if about is None:
        raise NotPossible(GONE)
    among = f"{era(about.day)}の県内の市町村"
    sheet = read_step_scores(book, municipalities_of(about, user), among)
    return {
        "errors": [asdict(error) for error in sheet.errors],
        "rows": [[row.organization, [[step, str(score)] for step, score in row.steps.items()]] for row in sheet.rows],
        "warnings": [asdict(warning) for warning in sheet.warnings],
        "notes": list(sheet.notes),
    }


def errors_of(read: Mapping[str, Any]) -> list[CellError]:
    return [CellError(**error) for error in read["errors"]]


def rows_of(read: Mapping[str, Any]) -> list[StepScores]:
    return [StepScores(town, {step: Fraction(score) for step, score in scores}) for town, scores in read["rows"]]
