"""The classification run: a survey's handed-in answers become scores, tiers and priorities.

Safe to be killed at any point (all in one transaction), to run twice at once (one lock a survey) and to be asked for
again (an input already computed is not computed twice). Only workers import this module: pandas is slow to load.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from django.db import connection
from django.utils import timezone

from assessments.domain.questionnaires.stored import StoredQuestionnaire, stored_questionnaire
from assessments.domain.scores import bulk
from assessments.domain.scores.bulk import COLUMNS
from assessments.domain.scores.scoring import maximum
from assessments.domain.tiers.rules import assess, tier_for
from assessments.domain.tiers.runs import (
    CardRow,
    changeable_classification,
    find_complete,
    fingerprint,
    put_in_force,
    scheme_key,
    store,
    survey_lock,
)
from assessments.domain.tiers.stored_schemes import priority_rules, schemes_of, tier_rules
from assessments.enums import HANDED_IN_STATES, SurveySource
from assessments.models import ClassificationRun, PriorityScheme, Survey, TierScheme
from dxportal.core.workflow.errors import NotPossible

# COPY is some four times as quick as fetching rows as Python objects, and its bytes are what the digest is made of.
SQL = """
    COPY (
        SELECT r.id, r.organization_id, a.question_id, a.choices, a.text, a.number, a.rows
        FROM assessments_response r LEFT JOIN assessments_answer a ON a.response_id = r.id
        WHERE r.survey_id = %s AND r.state = ANY(%s)
        ORDER BY r.id, a.question_id -- the same answers must give the same bytes
    ) TO STDOUT (FORMAT csv)
"""


NAMES = ["response", "organization", *COLUMNS[1:]]


TYPES = dict.fromkeys(NAMES, object) | {"response": "int64", "organization": "int64"}


Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Handed-in responses and their answers as the database printed them (CSV), from one snapshot."""

    content: bytes

    def frame(self, questionnaire: StoredQuestionnaire) -> pd.DataFrame:
        """A row an answer, with the columns of ``bulk.COLUMNS`` and ``organization``; a response without answers has one
        row without question."""
        # The default NA words ("NA", "null") are somebody's answers: only nothing is nothing.
        frame = pd.read_csv(io.BytesIO(self.content), header=None, names=NAMES, dtype=TYPES, keep_default_na=False)
        frame["question"] = _each(frame["question"], {str(pk): code for pk, code in questionnaire.codes.items()}.get)
        frame["choices"] = _each(frame["choices"], _array)
        frame["number"] = _each(frame["number"], lambda text: Decimal(text) if text else None)
        return frame


@dataclass(frozen=True, slots=True)
class RunResult:
    """``computed`` is False when the same input had been computed before."""

    run: ClassificationRun
    computed: bool


def classify(survey_id: int, *, progress: Progress | None = None, job_id: UUID | None = None) -> RunResult:
    """Brings the survey's scores and tiers up to date with its handed-in answers.

    NotPossible with the code "nothing_to_score" (no points in the questionnaire, or imported scores instead of answers),
    "frozen" (proposed or published) or "busy" (see ``runs``).
    """
    tell = progress or (lambda *_: None)
    survey = Survey.objects.select_related("questionnaire").get(pk=survey_id)
    if survey.source != SurveySource.ANSWERS or not maximum(stored_questionnaire(survey.questionnaire_id).spec):
        raise NotPossible("配点のある設問がない調査のため、得点はありません。", code="nothing_to_score")
    with survey_lock(survey.pk):
        # Before the work, so that a decided one costs nothing; put_in_force finds the row locked already.
        changeable_classification(survey)
        tell(0, 4, "回答を読み込んでいます")
        # Before the answers are read: whatever moves from now on counts as changed since the run.
        as_of = timezone.now()
        schemes = schemes_of(survey)
        answers = read_answers(survey)
        digest = digest_of(survey, answers, *schemes)
        known = find_complete(survey, digest)
        if known and known.in_force:
            return RunResult(known, computed=False)
        fields = {"input_digest": digest, "answers_as_of": as_of, "job_id": job_id}
        run = known or _compute(survey, answers, schemes, fields, tell)
        tell(3, 4, "分類に反映しています")
        put_in_force(survey, run)
    return RunResult(run, computed=known is None)


def _compute(
    survey: Survey,
    answers: AnswerSet,
    schemes: tuple[TierScheme | None, PriorityScheme | None],
    fields: dict[str, Any],
    tell: Progress,
) -> ClassificationRun:
    tell(1, 4, "得点を計算しています")
    questionnaire = stored_questionnaire(survey.questionnaire_id)
    frame = answers.frame(questionnaire)
    organizations = dict(zip(frame["response"].tolist(), frame["organization"].tolist(), strict=True))
    cards = bulk.score_all(questionnaire.spec, frame, list(organizations))
    tell(2, 4, f"{len(cards)}団体の得点を保存しています")
    tier_scheme, priority_scheme = schemes
    tiers = tier_rules(tier_scheme) if tier_scheme else None
    priorities = priority_rules(priority_scheme) if priority_scheme else None
    rows = (
        CardRow(
            organization,
            card.total,
            card.maximum,
            card.sections,
            card.questions,
            tier_for(tiers, card.total).tier if tiers else None,
            assess(priorities, card.steps()) if priorities else None,
            card.answered,
            card.unanswered_required,
        )
        for organization, card in zip(organizations.values(), cards, strict=True)
    )
    fields |= {"tier_scheme": tier_scheme, "priority_scheme": priority_scheme, "responses": len(cards)}
    return store(survey, rows, **fields)


def read_answers(survey: Survey) -> AnswerSet:
    """The answers of the responses handed in."""
    with connection.cursor() as cursor, cursor.copy(SQL, [survey.pk, sorted(HANDED_IN_STATES)]) as copy:
        return AnswerSet(b"".join(copy))


def digest_of(
    survey: Survey, answers: AnswerSet, tier_scheme: TierScheme | None, priority_scheme: PriorityScheme | None
) -> str:
    """SHA-256 of all that the result depends on: the same digest means the same cards and tiers."""
    questionnaire = survey.questionnaire
    head = {
        "questionnaire": [survey.questionnaire_id, questionnaire.digest if questionnaire else None],
        "tiers": scheme_key(tier_scheme),
        "priority": scheme_key(priority_scheme),
    }
    return fingerprint(head, answers.content)


def _each(column: pd.Series, read: Callable[[str], Any]) -> pd.Series:
    """``read`` of every value, called once for each distinct one."""
    numbers, distinct = pd.factorize(column)
    values = np.empty(len(distinct), object)
    for position, text in enumerate(distinct):
        values[position] = read(text)
    return pd.Series(values[numbers], dtype=object)


def _array(text: str) -> tuple[str, ...]:
    """PostgreSQL's way of writing an array: {a,b} or {"a b",c}."""
    inner = text[1:-1]
    if '"' not in inner:
        return tuple(inner.split(",")) if inner else ()
    return tuple(next(csv.reader([inner], escapechar="\\", doublequote=False)))
