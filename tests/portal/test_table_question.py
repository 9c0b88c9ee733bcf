"""問3-1, a table with one choice a row: on the karte, in the comparison matrix, and in their files."""

import pytest
from django.core.management import call_command

from assessments.models import Question, Questionnaire
from dxportal.core.taxonomy.loading import load_areas
from dxportal.portal.domain.snapshots.refresh import refresh
from dxportal.settings import BASE_DIR
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.dashboard import get, page, rows_of

pytestmark = pytest.mark.django_db
INSTRUMENT = BASE_DIR / "fixtures/questionnaires/dx-maturity-2024.yaml"


@pytest.fixture
def table(cast):
    """The shipped question, handed in by the town with its first three rows answered; (survey, question)."""
    load_areas((BASE_DIR / "fixtures/areas.yaml").read_text(encoding="utf-8"))
    call_command("load_questionnaire", INSTRUMENT, "--publish", verbosity=0)
    survey = make.make_survey(cast.pref, Questionnaire.objects.get(code="dx-maturity"), state="closed")
    question = Question.objects.get(questionnaire=survey.questionnaire, code="3-1")
    first, second = question.choices.values_list("code", flat=True)[:2]
    rows = question.matrix_rows.values_list("code", flat=True)
    builders.hand_in(survey, cast.town, **{question.key: {rows[0]: first, rows[1]: second, rows[2]: second}})
    refresh(cast.pref.pk)
    return survey, question


def disclosure(text, question):
    """The expandable table of the question: (its summary, its rows as text)."""
    at = text.index(f'<caption class="visually-hidden">{question.short}</caption>')
    begin, end = text.rindex("<details", 0, at), text.index("</details>", at)
    summary, body = text[begin:end].split("</summary>")
    return " ".join(summary.split("<summary>")[1].split()), body[body.index("<tbody>") :]


@pytest.mark.parametrize("name", ["karte_answers", "matrix"])
def test_pages_show_a_count_that_opens_to_all_rows(client, cast, table, name):
    survey, question = table
    first, second = question.choices.all()[:2]
    asked_for = {"survey": survey.pk} if name == "karte_answers" else {"section": question.section.code}
    place = cast.town.pk if name == "karte_answers" else survey.pk

    summary, body = disclosure(page(client, cast.staff, name, place, **asked_for), question)

    assert summary == f"{first.label} 1、{second.label} 2、未回答 17 （20行）"
    assert body.count("<tr>") == 20
    for row, mark in zip(question.matrix_rows.all()[:4], [first, second, second, None], strict=True):
        assert f'<th scope="row">{row.label}</th><td>{mark.label if mark else "未回答"}</td>' in body


def test_the_matrix_file_has_a_column_a_row(client, cast, table):
    survey, question = table
    first, second = question.choices.all()[:2]

    header, line = rows_of(get(client, cast.staff, "matrix_export", survey.pk, format="csv"))

    titles = [f"問3-1 {question.short}：{row.label}" for row in question.matrix_rows.all()]
    begin = header.index(titles[0])
    assert header[begin : begin + 20] == titles
    assert line[begin : begin + 20] == [first.label, second.label, second.label, *[""] * 17]


def test_the_karte_file_has_a_line_a_row(client, cast, table):
    survey, question = table
    first, second = question.choices.all()[:2]

    answer = get(client, cast.staff, "karte_export", cast.town.pk, survey=survey.pk, sheet="answers", format="csv")

    lines = [line for line in rows_of(answer) if line[1] == "3-1"]
    assert [line[2] for line in lines] == [f"{question.short}：{row.label}" for row in question.matrix_rows.all()]
    assert [line[3] for line in lines] == [first.label, second.label, second.label, *["未回答"] * 17]
