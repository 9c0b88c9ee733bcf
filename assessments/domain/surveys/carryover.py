"""A review round starts from the first round's answers, by the rule of ``surveys.takeover``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.stored import ANSWER_COLUMNS, stored_questionnaire, value_from
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.surveys.progress import progress
from assessments.domain.surveys.takeover import QuestionPair, Takeover, judge, question_pairs
from assessments.models import Answer, Response, Survey

COPY_ANSWERS = """
INSERT INTO assessments_answer
    (response_id, question_id, choices, text, number, rows, note, revision, updated_at, updated_by_id, on_behalf)
SELECT mine.id, question.id, given.choices, given.text, given.number, given.rows, given.note, 1,
       given.updated_at, given.updated_by_id, given.on_behalf
FROM unnest(%(answers)s::bigint[], %(revisions)s::bigint[]) AS taken (answer_id, revision)
JOIN assessments_answer AS given ON given.id = taken.answer_id AND given.revision = taken.revision
JOIN assessments_response AS theirs ON theirs.id = given.response_id
JOIN assessments_response AS mine
    ON mine.survey_id = %(survey)s AND mine.organization_id = theirs.organization_id AND mine.state = 'not_started'
JOIN assessments_question AS was ON was.id = given.question_id
JOIN assessments_question AS question
    ON question.questionnaire_id = %(questionnaire)s AND question.key = was.key
ON CONFLICT (response_id, question_id) DO NOTHING
"""
# A response somebody has begun is left alone: what was typed is newer. An answer changed since it was judged (the first
# round may still be open) is not copied unseen: hence the revision.


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """One answer of the earlier survey as it was judged, and the response that starts from it."""

    pk: int
    revision: int
    organization: int
    pair: QuestionPair
    given: AnswerValue
    note: str
    takeover: Takeover

    @property
    def lines(self) -> tuple[str, ...]:
        return answer_lines(self.pair.old, self.given)


def carry_over(survey: Survey) -> int:
    """Copies the answers of ``survey.previous`` into responses not begun, and counts them; returns how many got
    any. Who gave an answer and when stays with it. A second run changes nothing."""
    if survey.previous_id is None:
        return 0
    # With its count or not at all: pages show the stored count of a response, never count its answers.
    with transaction.atomic():
        taken = [answer for answer in earlier_answers(survey) if answer.takeover.value is not None]
        names = {
            "answers": [answer.pk for answer in taken],
            "revisions": [answer.revision for answer in taken],
            "questionnaire": survey.questionnaire_id,
            "survey": survey.pk,
        }
        with connection.cursor() as cursor:
            cursor.execute(COPY_ANSWERS, names)
        return recount(survey)


def earlier_answers(survey: Survey, responses: QuerySet[Response] | None = None) -> Iterator[EarlierAnswer]:
    """What the towns of the survey (those of ``responses``) answered in the survey before, each answer judged.

    Two queries however many towns; the pairs of questions are compared once. Nothing where that survey took no answers.
    """
    if survey.previous is None or survey.previous.questionnaire_id is None or survey.questionnaire_id is None:
        return
    then = stored_questionnaire(survey.previous.questionnaire_id)
    now = stored_questionnaire(survey.questionnaire_id)
    pairs = question_pairs(then.spec, now.spec)
    towns = (survey.responses.all() if responses is None else responses.filter(survey=survey)).values("organization")
    rows = Answer.objects.filter(response__survey=survey.previous_id, response__organization__in=towns)
    columns = ("response__organization", "pk", "revision", "note", *ANSWER_COLUMNS)
    by_town: dict[int, list[tuple]] = {}
    for organization, pk, revision, note, question, *value in rows.values_list(*columns):
        by_town.setdefault(organization, []).append((pk, revision, note, then.codes[question], value_from(*value)))
    order = {code: place for place, code in enumerate(then.codes.values())}
    for organization, answers in by_town.items():
        # An answer stays stored when another one hides its question later; then it was not handed in as one.
        shown = visible(then.spec, {code: value for *_, code, value in answers})
        given = {code: (value, note) for _, _, note, code, value in answers}
        judged = judge(pairs, now.spec, given, shown)
        for pk, revision, note, code, value in sorted(answers, key=lambda row: order[row[3]]):
            if takeover := judged.get(code):
                yield EarlierAnswer(pk, revision, organization, pairs[code], value, note, takeover)


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
