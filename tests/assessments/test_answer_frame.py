from decimal import Decimal

import pytest

from assessments.domain.answer_frame import answer_frame
from assessments.domain.answers import AnswerValue
from assessments.domain.bulk import score_all
from assessments.domain.loading import load_questionnaire
from assessments.domain.questionnaire_file import parse
from assessments.domain.scoring import score
from assessments.domain.sheets import columns_of, sheet_of
from assessments.models import Answer, Response
from dxportal.core.taxonomy.loading import load_areas
from tests.assessments.domain.builders import chose
from tests.assessments.domain.sample import GOOD
from tests.factories import make_municipality, make_prefecture, make_survey

pytestmark = pytest.mark.django_db
SHEETS = [
    {},
    {"0-1": chose("none"), "0-2": AnswerValue(text="前に書いた定義"), "0-3": chose("a", "b")},
    {
        "0-1": chose("done"),
        "0-2": AnswerValue(text="定義"),
        "0-4": AnswerValue(number=Decimal("10.00")),
        "0-5": AnswerValue(rows=(("x", "done"), ("y", "none"))),
        "0-6": chose("b", "a"),
        "8-1": AnswerValue(text=" "),
    },
]


@pytest.fixture
def answered():
    """The sheet and, by response, what was answered."""
    load_areas("- {code: ai, name: AI}")
    row = load_questionnaire(parse(GOOD), publish=True).questionnaire
    survey = make_survey(prefecture := make_prefecture(), row)
    sheet = sheet_of(row.pk)
    made = {}
    for answers in SHEETS:
        response = Response.objects.create(survey=survey, organization=make_municipality(prefecture))
        made[response.pk] = answers
        for code, value in answers.items():
            Answer.objects.create(response=response, question_id=sheet.ids[code], **columns_of(value))
    return sheet, made


def test_stored_answers_score_in_bulk_as_they_do_one_by_one(answered):
    sheet, made = answered

    cards = score_all(sheet.spec, answer_frame(sheet, list(made)), list(made))

    assert cards == [score(sheet.spec, answers) for answers in made.values()]
    assert [card.questions[4].earned for card in cards] == [0, 0, 2]


def test_the_frame_takes_one_query_and_only_the_answers_asked_for(answered, django_assert_num_queries):
    sheet, made = answered
    last = list(made)[-1]

    with django_assert_num_queries(1):
        frame = answer_frame(sheet, [last])

    assert set(frame["question"]) == set(made[last])
    assert set(frame["response"]) == {last}
