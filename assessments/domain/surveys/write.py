"""Setting a survey up and changing it: what may be changed in which state, and what the fields alone can't say."""

import functools
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.domain.surveys.moves import announce
from assessments.enums import (
    QuestionnaireStatus,
    SurveyRound,
    SurveyState,
)
from assessments.models import Survey
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

ALWAYS_EDITABLE = frozenset({"title", "contact", "visibility", "previous"})


EDITABLE_WHILE = {
    SurveyState.DRAFT: ALWAYS_EDITABLE
    | {"questionnaire", "group", "fiscal_year", "round", "opens_at", "closes_at", "auto_open"},
    SurveyState.OPEN: ALWAYS_EDITABLE | {"closes_at"},
    SurveyState.CLOSED: ALWAYS_EDITABLE,
}


PAST_CLOSING = "これからの日時を指定してください。今すぐ終えるには「締め切る」を使います。"


def create(values: Mapping[str, Any], *, user) -> Survey:
    """A survey in preparation, of the person's prefecture. NotPossible by field."""
    if not user.is_prefecture_staff:
        raise PermissionDenied
    survey = Survey(prefecture=user.acting.organization, **values)
    _check(survey)
    last = survey.previous
    before = last.questionnaire if last else None
    if last and before and survey.questionnaire and survey.questionnaire.code == before.code:
        # The same instrument is classified as last time, so that years compare; staff may choose otherwise later.
        survey.tier_scheme = last.tier_scheme
        survey.priority_scheme = last.priority_scheme
    survey.save()
    return survey


def change(survey_id: int, values: Mapping[str, Any], *, user) -> Survey:
    """Changes what may still be changed in the survey's state; other values are an error, not ignored."""
    with transaction.atomic():
        survey = locked(Survey.objects.editable_by(user), survey_id)
        changed = {name for name, value in values.items() if getattr(survey, name) != value}
        if fixed := changed - EDITABLE_WHILE[survey.state]:
            raise NotPossible(dict.fromkeys(fixed, f"「{survey.get_state_display()}」の調査では変更できません。"))
        if survey.state == SurveyState.OPEN and "closes_at" in changed and values["closes_at"] <= timezone.now():
            raise NotPossible({"closes_at": PAST_CLOSING})
        for name in changed:
            setattr(survey, name, values[name])
        _check(survey)
        survey.save()
        # Listeners read the survey from the database, and would find the old one before the commit.
        transaction.on_commit(functools.partial(announce, survey))
    return survey


def _check(survey: Survey) -> None:
    """What the fields alone can't say. NotPossible by field."""
    errors = {}
    if survey.closes_at <= survey.opens_at:
        errors["closes_at"] = "締切は、受付開始より後の日時にしてください。"
    if survey.questionnaire and survey.questionnaire.status != QuestionnaireStatus.PUBLISHED:
        errors["questionnaire"] = "確定版の調査票を選んでください。"
    if survey.group and survey.group.prefecture_id != survey.prefecture_id:
        errors["group"] = "自分の都道府県のグループを選んでください。"
    if survey.previous and survey.previous.prefecture_id != survey.prefecture_id:
        errors["previous"] = "自分の都道府県の調査を選んでください。"
    if survey.round == SurveyRound.REVIEW and survey.previous is None:
        errors["previous"] = "見直しでは、もとにする初回の調査を選んでください。"
    # A constraint refuses the second of two at once; this look is for the words, beside the right field.
    same = {name: getattr(survey, name) for name in ("prefecture", "fiscal_year", "title", "round")}
    if Survey.objects.filter(**same).exclude(pk=survey.pk).exists():
        errors["title"] = "同じ年度・同じ回に、同じ名前の調査があります。別の名前にしてください。"
    if errors:
        raise NotPossible(errors)
