"""What a classification computes from: the handed-in answers of a survey, read once, and their fingerprint."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from assessments.domain.questionnaires.stored import Sheet
from assessments.domain.scores.bulk import COLUMNS
from assessments.domain.tiers.run_digest import fingerprint, scheme_key
from assessments.enums import HANDED_IN_STATES
from assessments.models import PriorityScheme, Survey, TierScheme

# COPY is some four times as quick as fetching rows as Python objects, and its bytes are what the digest is made of.
SQL = """
    COPY (
        SELECT r.id, r.organization_id, a.question_id, a.choices, a.text, a.number, a.rows
        FROM assessments_response r LEFT JOIN assessments_answer a ON a.response_id = r.id
        WHERE r.survey_id = %s AND r.state = ANY(%s) ORDER BY r.id, a.question_id
    ) TO STDOUT (FORMAT csv)
"""
NAMES = ["response", "organization", *COLUMNS[1:]]
TYPES = dict.fromkeys(NAMES, object) | {"response": "int64", "organization": "int64"}


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Handed-in sheets and their answers as the database printed them (CSV), from one snapshot."""

    content: bytes

    def frame(self, sheet: Sheet) -> pd.DataFrame:
        """A row an answer, with the columns of ``bulk.COLUMNS`` and ``organization``; a sheet without answers has one
        row without question."""
        # The default NA words ("NA", "null") are somebody's answers: only nothing is nothing.
        frame = pd.read_csv(io.BytesIO(self.content), header=None, names=NAMES, dtype=TYPES, keep_default_na=False)
        frame["question"] = _each(frame["question"], {str(pk): code for pk, code in sheet.codes.items()}.get)
        frame["choices"] = _each(frame["choices"], _array)
        frame["number"] = _each(frame["number"], lambda text: Decimal(text) if text else None)
        return frame


def read_answers(survey: Survey) -> AnswerSet:
    """The answers of the sheets handed in."""
    with connection.cursor() as cursor, cursor.copy(SQL, [survey.pk, sorted(HANDED_IN_STATES)]) as copy:
        return AnswerSet(b"".join(copy))


def digest_of(
    survey: Survey, answers: AnswerSet, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None
) -> str:
    """SHA-256 of all that the result depends on: the same digest means the same cards and tiers."""
    head = {
        "questionnaire": [survey.questionnaire_id, survey.questionnaire.digest],
        "tiers": scheme_key(tier_scheme),
        "priority": scheme_key(priority_scheme),
    }
    return fingerprint(head, answers.content)


def _each(column: pd.Series, read: Callable[[str], Any]) -> pd.Series:
    """``read`` of every value, called once for each distinct one."""
    numbers, distinct = pd.factorize(column)
    made = np.empty(len(distinct), object)
    for place, text in enumerate(distinct):
        made[place] = read(text)
    return pd.Series(made[numbers], dtype=object)


def _array(text: str) -> tuple[str, ...]:
    """PostgreSQL's way of writing an array: {a,b} or {"a b",c}."""
    inner = text[1:-1]
    if '"' not in inner:
        return tuple(inner.split(",")) if inner else ()
    return tuple(next(csv.reader([inner], escapechar="\\", doublequote=False)))
