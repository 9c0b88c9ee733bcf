"""The classification run: a survey's handed-in answers become scores, tiers and priorities.

Safe to be killed at any point (all in one transaction), to run twice at once (one lock a survey) and to be asked for
again (an input already computed is not computed twice). Only workers import this module: pandas is slow to load.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from assessments.domain.questionnaires.loading import priority_rules, tier_rules
from assessments.domain.questionnaires.stored import Sheet, sheet_of
from assessments.domain.scores import bulk
from assessments.domain.scores.scoring import ScoreCard, maximum
from assessments.domain.tiers.digests import AnswerSet, digest_of, read_answers
from assessments.domain.tiers.priority import PriorityScheme as PriorityRules
from assessments.domain.tiers.priority import assess
from assessments.domain.tiers.run_store import CardRow, find_complete, put_in_force, standing, store, survey_lock
from assessments.domain.tiers.scheme_choice import schemes_of
from assessments.domain.tiers.tiers import TierScheme as TierRules
from assessments.domain.tiers.tiers import tier_for
from assessments.enums import SurveySource
from assessments.models import ClassificationRun, Survey

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """``computed`` is False when the same input had been computed before."""

    run: ClassificationRun
    computed: bool


class NothingToScoreError(Exception):
    """The survey's questionnaire has no points, or the survey has imported scores instead of answers."""


def classify(survey_id: int, *, progress: Progress | None = None, job_id: UUID | None = None) -> Result:
    """Brings the survey's scores and tiers up to date with its handed-in answers.

    Raises NothingToScoreError, ``run_store.FrozenError`` (proposed or published) or ``run_store.BusyError``.
    """
    tell = progress or _silent
    survey = Survey.objects.select_related("questionnaire").get(pk=survey_id)
    if survey.source != SurveySource.ANSWERS or not maximum(sheet_of(survey.questionnaire_id).spec):
        raise NothingToScoreError
    with survey_lock(survey.pk):
        standing(survey)
        tell(0, 4, "回答を読み込んでいます")
        schemes, as_of = schemes_of(survey), timezone.now()
        answers = read_answers(survey)
        digest = digest_of(survey, answers, *schemes)
        known = find_complete(survey, digest)
        if known and known.in_force:
            return Result(known, computed=False)
        fields = {"input_digest": digest, "answers_as_of": as_of, "job_id": job_id}
        run = known or _compute(survey, answers, schemes, fields, tell)
        tell(3, 4, "分類に反映しています")
        put_in_force(survey, run)
    return Result(run, computed=known is None)


def _silent(done: int, total: int, message: str) -> None:
    pass


def _compute(survey: Survey, answers: AnswerSet, schemes: tuple, fields: dict, tell: Progress) -> ClassificationRun:
    tell(1, 4, "得点を計算しています")
    sheet = sheet_of(survey.questionnaire_id)
    frame = answers.frame(sheet)
    organizations = dict(zip(frame["response"].tolist(), frame["organization"].tolist(), strict=True))
    cards = bulk.score_all(sheet.spec, frame, list(organizations))
    tell(2, 4, f"{len(cards)}団体の得点を保存しています")
    tier_scheme, priority_scheme = schemes
    fields |= {"tier_scheme": tier_scheme, "priority_scheme": priority_scheme, "responses": len(cards)}
    rules = tier_scheme and tier_rules(tier_scheme), priority_scheme and priority_rules(priority_scheme)
    return store(survey, _rows(sheet, organizations.values(), cards, *rules), **fields)


def _rows(
    sheet: Sheet, organizations, cards: list[ScoreCard], tiers: TierRules | None, priorities: PriorityRules | None
) -> Iterator[CardRow]:
    top = maximum(sheet.spec)
    for organization, card in zip(organizations, cards, strict=True):
        yield CardRow(
            organization,
            card.total,
            top,
            card.sections,
            card.questions,
            tier_for(tiers, card.total).tier if tiers else None,
            assess(priorities, card.steps()) if priorities else None,
            card.answered,
            card.unanswered_required,
        )
