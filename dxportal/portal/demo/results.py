"""Scores, decided tiers and page figures of the demo, by the same code that the portal runs."""

import csv
import datetime as dt
from collections.abc import Iterable

from assessments.domain.tiers.computation import classify
from assessments.domain.tiers.moves import make_move
from assessments.domain.tiers.step_scores import StepScores, import_step_scores
from assessments.enums import ClassificationMove, SurveySource, SurveyState
from assessments.models import Classification, ClassificationTransition, PriorityScheme, Survey
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.portal.demo.surveys import JST, Years
from dxportal.portal.demo.world import FIXTURES
from dxportal.portal.domain.snapshots.refresh import refresh

ADMIN = "admin@demo.example"
MOVES = (ClassificationMove.HEAR, ClassificationMove.PROPOSE, ClassificationMove.PUBLISH)


def decide(years: Years) -> None:
    """Classify all surveys, and lead November's two to a published decision."""
    for survey in (years.first_2024, years.now):
        classify(survey.pk)
    admin = User.objects.get(email=ADMIN)
    for survey, decided_on in ((years.first_2023, dt.date(2023, 11, 30)), (years.review_2024, dt.date(2024, 11, 30))):
        classify(survey.pk)
        classification = Classification.objects.get(survey=survey)
        for move in MOVES:
            make_move(classification.pk, move, user=admin, decided_on=decided_on, comment="体験用データ")
        # Dated back, as if each step had taken a week.
        at = dt.datetime.combine(decided_on, dt.time(10), JST)
        Classification.objects.filter(pk=classification.pk).update(published_at=at)
        steps = ClassificationTransition.objects.filter(classification=classification).order_by("-at")
        for weeks, row in enumerate(steps):
            ClassificationTransition.objects.filter(pk=row.pk).update(at=at - dt.timedelta(weeks=weeks))


def load_miyagi(prefecture: Organization, rows: list[dict[str, str]]) -> None:
    """The published step scores of unnamed municipalities; their priorities are computed."""
    survey = Survey.objects.create(
        prefecture=prefecture,
        source=SurveySource.IMPORTED,
        fiscal_year=2025,
        title="ステップ別の得点（公表値の取込み）",
        opens_at=dt.datetime(2025, 4, 1, tzinfo=JST),
        closes_at=dt.datetime(2026, 3, 31, tzinfo=JST),
        state=SurveyState.CLOSED,
        priority_scheme=PriorityScheme.objects.get(is_default=True),
    )
    towns = prefecture.members.municipalities().order_by("sort_order")
    scores = [
        StepScores(town.pk, {step: int(row[f"step{step}"]) for step in range(4)})
        for town, row in zip(towns, rows, strict=True)
    ]
    import_step_scores(survey, scores)


def miyagi_rows() -> list[dict[str, str]]:
    """The table as printed: row, step0–step3, priority, supports."""
    with (FIXTURES / "miyagi_scores.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def compute_pages(prefectures: Iterable[Organization]) -> None:
    for prefecture in prefectures:
        refresh(prefecture.pk)
