"""One nationwide classification, end to end, against fetching the same answer rows."""

import statistics
import time

import psycopg

from assessments.domain.tiers.computation import classify
from assessments.models import Classification, Survey
from bench.database import connection_values
from bench.figures import Figure
from bench.nation import MUNICIPALITIES, NATIONWIDE

ROUNDS = 5


def run() -> list[Figure]:
    survey = Survey.objects.get(fiscal_year=NATIONWIDE)
    pairs = [(_fetch(survey.pk), _classify(survey)) for _ in range(ROUNDS)]
    fetched, classified = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [Figure("classification of 1,741 municipalities", classified, fetched, 4, note=f"median of {ROUNDS}")]


def _fetch(survey_id: int) -> float:
    """What psycopg needs to bring the survey's answer rows into the process: ms."""
    with psycopg.connect(**connection_values()) as connection:
        begun = time.perf_counter()
        connection.execute(
            "SELECT response_id, question_id, choices, text, number, rows FROM assessments_answer"
            " WHERE response_id IN (SELECT id FROM assessments_response WHERE survey_id = %s)",
            [survey_id],
        ).fetchall()
        return (time.perf_counter() - begun) * 1000


def _classify(survey: Survey) -> float:
    """Everything that the job does, from an empty slate: an unchanged input would not be computed again."""
    Classification.objects.filter(survey=survey).delete()
    survey.runs.all().delete()
    begun = time.perf_counter()
    result = classify(survey.pk)
    if not result.computed or result.run.responses != MUNICIPALITIES:
        raise RuntimeError(f"{result.run.responses} municipalities were classified")
    return (time.perf_counter() - begun) * 1000
