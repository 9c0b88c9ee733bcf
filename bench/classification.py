"""One nationwide classification, end to end, against fetching the same answer rows."""

import statistics
import time

import psycopg

from assessments.models import Survey
from bench.database import connection_values
from bench.figures import Figure
from bench.nation import YEARS

ROUNDS = 3


def run() -> list[Figure]:
    survey = Survey.objects.get(fiscal_year=YEARS[-1])
    fetched = statistics.median(_fetch(survey.pk) for _ in range(ROUNDS))
    classified = statistics.median(_classify(survey) for _ in range(ROUNDS))
    return [Figure("classification of 1,741 municipalities", classified, fetched, 4, note="end to end, median of 3")]


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
    begun = time.perf_counter()
    raise NotImplementedError
    return (time.perf_counter() - begun) * 1000
