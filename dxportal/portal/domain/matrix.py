"""The comparison matrix of a survey: municipalities × questions, the answers as text."""

from typing import Any

from assessments.domain.questionnaires.answers import EMPTY
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.scores.results import Respondent
from dxportal.portal.domain.board import survey_head
from dxportal.portal.domain.facts import Facts, SurveyFacts

Data = dict[str, Any]
DETAIL = ("_detail", "_text")
UNANSWERED, HIDDEN = "未回答", "対象外"


def matrix(facts: Facts, one: SurveyFacts) -> Data | None:
    """Columns by section; a text question that details a choice (key 「…_detail」) shares the choice's column."""
    if one.spec is None:
        return None
    columns = columns_of(one.spec)
    return {
        "survey": survey_head(one),
        "members": len(one.members),
        "handed_in": len(one.respondents),
        "sections": sections_of(one.spec, columns),
        "columns": [{"code": main.code, "short": main.short, "section": main.section} for main, _ in columns],
        "towns": [
            {
                "id": town,
                "name": facts.towns[town].name,
                "code": facts.towns[town].code,
                "bureau_id": facts.towns[town].bureau_id,
                "prefecture_id": facts.towns[town].prefecture_id,
                "cells": [cell(respondent, main, detail) for main, detail in columns],
            }
            for town, respondent in one.respondents.items()
        ],
    }


def sections_of(spec: QuestionnaireSpec, columns: list) -> list[Data]:
    used = {main.section for main, _ in columns}
    return [{"code": one.code, "title": one.title, "kind": one.kind} for one in spec.sections if one.code in used]


def columns_of(spec: QuestionnaireSpec) -> list[tuple[QuestionSpec, QuestionSpec | None]]:
    keys = {question.key for question in spec.questions}
    details = {
        question.key.removesuffix(ending): question
        for question in spec.questions
        for ending in DETAIL
        if question.kind == QuestionKind.TEXT
        and question.key.endswith(ending)
        and question.key.removesuffix(ending) in keys
    }
    taken = {question.code for question in details.values()}
    return [(question, details.get(question.key)) for question in spec.questions if question.code not in taken]


def cell(respondent: Respondent, main: QuestionSpec, detail: QuestionSpec | None) -> list:
    """[state, lines, detail]: state is "" for an answer, else 未回答 or 対象外."""
    if main.code not in respondent.shown:
        return [HIDDEN, [], ""]
    lines = answer_lines(main, respondent.answers.get(main.code, EMPTY))
    more = "\n".join(answer_lines(detail, respondent.answers.get(detail.code, EMPTY))) if detail else ""
    return ["" if lines else UNANSWERED, list(lines), more]
