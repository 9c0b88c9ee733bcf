"""A review round starts from the first round's answers: set-based, by the questions' stable keys."""

from collections.abc import Iterable

from django.db import connection, transaction

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.surveys.progress import progress
from assessments.models import Answer, Response, Survey

COPY_ANSWERS = """
INSERT INTO assessments_answer
    (response_id, question_id, choices, text, number, rows, note, revision, updated_at, updated_by_id, on_behalf)
SELECT mine.id, question.id, given.choices, given.text, given.number, given.rows, given.note, 1,
       given.updated_at, given.updated_by_id, given.on_behalf
FROM assessments_response AS mine
JOIN assessments_response AS theirs
    ON theirs.survey_id = %(source)s AND theirs.organization_id = mine.organization_id
JOIN assessments_answer AS given ON given.response_id = theirs.id
JOIN assessments_question AS was ON was.id = given.question_id
JOIN assessments_question AS question
    ON question.questionnaire_id = %(questionnaire)s AND question.key = was.key AND question.kind = was.kind
WHERE mine.survey_id = %(survey)s AND mine.state = 'not_started'
ON CONFLICT (response_id, question_id) DO NOTHING
"""
# A response somebody has begun is left alone: what was typed is newer. Keys name the same question in every version of a
# questionnaire, codes don't; where its kind changed, the old columns would not fit.


def carry_over(survey: Survey) -> int:
    """Copies the answers of ``survey.previous`` into responses not begun, and counts them; returns how many got
    any. Who gave an answer and when stays with it. A second run changes nothing."""
    if survey.previous_id is None:
        return 0
    names = {"source": survey.previous_id, "questionnaire": survey.questionnaire_id, "survey": survey.pk}
    # With its count or not at all: pages show the stored count of a response, never count its answers.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(COPY_ANSWERS, names)
        return recount(survey)


def recount(survey: Survey) -> int:
    """Writes ``answered`` of ``required`` on all responses of the survey; returns how many have answers."""
    spec = stored_questionnaire(survey.questionnaire_id).spec
    given = answers_by_response(survey)
    responses = list(Response.objects.filter(survey=survey).only("pk", "answered", "required"))
    for response in responses:
        counts = progress(spec, given.get(response.pk, {}))
        response.answered = counts.answered
        response.required = counts.required
    Response.objects.bulk_update(responses, ("answered", "required"), batch_size=500)
    return len(given)


def answers_by_response(survey: Survey, responses: Iterable[int] | None = None) -> dict[int, dict[str, AnswerValue]]:
    """The survey's answers (of the responses named) as {response id: {question code: value}}, in one query."""
    codes = stored_questionnaire(survey.questionnaire_id).codes
    answers: dict[int, dict[str, AnswerValue]] = {}
    rows = Answer.objects.filter(response__survey=survey)
    if responses is not None:
        rows = rows.filter(response__in=responses)
    for response_id, question_id, *columns in rows.values_list("response_id", *ANSWER_COLUMNS):
        answers.setdefault(response_id, {})[codes[question_id]] = value_from(*columns)
    return answers
