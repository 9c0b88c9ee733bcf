"""How the events of answers, responses, surveys and tiers read."""

from typing import Any

from django.db.models import Q, QuerySet

from assessments.domain.questionnaires.stored import stored_questionnaire, value_from
from assessments.domain.questionnaires.wording import answer_lines
from assessments.enums import ResponseState, SurveyState, Tier, Visibility
from assessments.models import Answer, Response, Survey, TierAssignment
from assessments.querysets import sees_unpublished
from dxportal.core.accounts.scoping import NOTHING
from dxportal.core.history.trail import Trail, events_of
from dxportal.core.ui.tags.text import datetime_ja


def answer_text(event) -> str:
    """The answer in the questionnaire's words, one line each."""
    questionnaire = stored_questionnaire(event.response.survey.questionnaire_id)
    question = questionnaire.spec.question(questionnaire.codes[event.question_id])
    value = value_from(event.choices, event.text, event.number, event.rows)
    return "\n".join(answer_lines(question, value))


def _moment(value) -> str:
    return datetime_ja(value) if value else ""


ANSWERS = Trail(
    code="answer",
    label="回答",
    events=events_of(Answer),
    reach=lambda user: user.reach("response__organization"),
    organization="response__organization",
    related=("response__survey", "response__organization", "question"),
    fields=(("回答", answer_text), ("メモ", lambda event: event.note)),
    subject=lambda event: f"{event.response.survey.name_with_round} 問{event.question.code} {event.question.short}",
    place=lambda event: event.response.organization,
    on_behalf=lambda event: event.on_behalf,
    searched=("text", "note", "question__code", "question__short", "question__wording", "response__survey__title"),
)

RESPONSES = Trail(
    code="response",
    label="回答票の状態",
    events=events_of(Response),
    reach=lambda user: user.reach("pgh_obj__organization"),
    organization="pgh_obj__organization",
    related=("pgh_obj__survey", "pgh_obj__organization"),
    fields=(
        ("状態", lambda event: ResponseState(event.state).label),
        ("差戻し対象の設問", lambda event: "、".join(event.reopened_questions)),
        ("受付番号", lambda event: event.receipt_number),
        ("延長後の締切", lambda event: _moment(event.extended_until)),
        ("延長の理由", lambda event: event.extension_reason),
    ),
    subject=lambda event: f"{event.pgh_obj.survey.name_with_round}の回答票",
    place=lambda event: event.pgh_obj.organization,
    searched=("receipt_number", "extension_reason", "pgh_obj__survey__title"),
)

SURVEYS = Trail(
    code="survey",
    label="調査",
    events=events_of(Survey),
    reach=lambda user: Q(pgh_obj__in=Survey.objects.for_user(user)),
    organization="pgh_obj__prefecture",
    related=("pgh_obj__prefecture", "questionnaire", "group"),
    fields=(
        ("状態", lambda event: SurveyState(event.state).label),
        ("調査名", lambda event: event.title),
        ("調査票", lambda event: str(event.questionnaire or "")),
        ("対象", lambda event: event.group.name if event.group else "県内の全市町村"),
        ("受付開始", lambda event: _moment(event.opens_at)),
        ("自動で開始", lambda event: "する" if event.auto_open else "しない"),
        ("締切", lambda event: _moment(event.closes_at)),
        ("公開範囲", lambda event: Visibility(event.visibility).label),
        ("問合せ先", lambda event: event.contact),
    ),
    subject=lambda event: event.title,
    place=lambda event: event.pgh_obj.prefecture.name,
    searched=("title", "contact"),
)

TIERS = Trail(
    code="tier",
    label="支援分類",
    events=events_of(TierAssignment),
    reach=lambda user: user.reach() if sees_unpublished(user) else NOTHING,
    organization="organization",
    related=("organization", "classification__survey"),
    fields=(
        ("算定の分類", lambda event: Tier(event.computed_tier).label),
        ("分類", lambda event: Tier(event.tier).label),
        ("調整の理由", lambda event: event.reason),
    ),
    subject=lambda event: f"{event.classification.survey.name_with_round}の支援分類",
    place=lambda event: event.organization,
    searched=("reason", "classification__survey__title"),
)

TRAILS = (ANSWERS, RESPONSES, SURVEYS, TIERS)


def answer_events(response: Response, question: str = "") -> QuerySet[Any]:
    """The events of a response's answers, or of one question of it (by code)."""
    rows = ANSWERS.events.objects.filter(response=response.pk)
    return rows.filter(question__code=question) if question else rows
