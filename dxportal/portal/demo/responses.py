"""Writes made-up answers as rows, as if the towns had filled them in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pgtrigger
from django.utils import timezone

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import columns_of, stored_questionnaire
from assessments.domain.scores.scoring import score
from assessments.enums import EDITABLE_STATES, ResponseState
from assessments.models import Answer, Response, ResponseTransition, Survey
from dxportal.core.organizations.models import Organization

AnswersByCode = Mapping[str, AnswerValue]
_S = ResponseState
PATHS = {
    _S.NOT_STARTED: (),
    _S.IN_PROGRESS: (_S.IN_PROGRESS,),
    _S.IN_REVIEW: (_S.IN_PROGRESS, _S.IN_REVIEW),
    _S.SUBMITTED: (_S.IN_PROGRESS, _S.IN_REVIEW, _S.SUBMITTED),
    _S.CONFIRMED: (_S.IN_PROGRESS, _S.IN_REVIEW, _S.SUBMITTED, _S.CONFIRMED),
    _S.RETURNED: (_S.IN_PROGRESS, _S.IN_REVIEW, _S.SUBMITTED, _S.RETURNED),
}


@dataclass(frozen=True)
class Story:
    """How a response came to its state: when it began, and what a return said."""

    state: str
    begun: dt.datetime
    comment: str = ""
    questions: tuple[str, ...] = ()


def write(
    survey: Survey, spec: QuestionnaireSpec, town: Organization, answers: AnswersByCode, story: Story
) -> Response:
    """The response with its answers and its moves."""
    card = score(spec, answers)
    moves = [story.begun + dt.timedelta(days=2 * number) for number in range(len(PATHS[story.state]))]
    handed_in = story.state not in EDITABLE_STATES | {_S.IN_REVIEW} or story.state == _S.RETURNED
    receipts = survey.responses.exclude(receipt_number="").count()
    response = Response.objects.create(
        survey=survey,
        organization=town,
        state=story.state,
        answered=card.required - card.unanswered_required,
        required=card.required,
        reopened_questions=list(story.questions),
        receipt_number=f"{survey.fiscal_year}-{survey.pk:04d}-{receipts + 1:03d}" if handed_in else "",
        submitted_at=moves[2] if handed_in else None,
        changed_at=moves[-1] if moves else None,
    )
    _write_answers(response, spec, answers, story.begun)
    _write_moves(response, story, moves)
    return response


@pgtrigger.ignore("assessments.Answer:insert_insert", "assessments.Answer:update_update")
def _write_answers(response: Response, spec: QuestionnaireSpec, answers: AnswersByCode, at: dt.datetime) -> None:
    """Without history: nobody changed these answers, they were made up."""
    ids = stored_questionnaire(response.survey.questionnaire_id).ids
    Answer.objects.bulk_create(
        Answer(
            response=response,
            question_id=ids[code],
            **columns_of(value),
        )
        for code, value in answers.items()
    )
    response.answers.update(updated_at=at)


def _write_moves(response: Response, story: Story, moves: Sequence[dt.datetime]) -> None:
    before = _S.NOT_STARTED
    for state, at in zip(PATHS[story.state], moves, strict=True):
        last = state == story.state
        row = ResponseTransition.objects.create(
            response=response,
            from_state=before,
            to_state=state,
            by_name="市町村の担当者" if state not in (_S.CONFIRMED, _S.RETURNED) else "県の担当者",
            comment=story.comment if last else "",
            questions=list(story.questions) if last else [],
        )
        ResponseTransition.objects.filter(pk=row.pk).update(at=min(at, timezone.now()))
        before = state
