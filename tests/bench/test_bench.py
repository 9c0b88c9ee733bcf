import json
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.tiers.computation import classify
from assessments.models import Answer, Questionnaire, Response, Survey
from bench import nation, snapshots
from bench.figures import Figure, table, write
from bench.load import Times, in_turns
from dxportal.core.accounts.models import User

QUESTIONNAIRE = Path("fixtures/questionnaires/dx-maturity-2024.yaml")


@pytest.fixture
def small_nation(db):
    call_command("load_questionnaire", QUESTIONNAIRE, publish=True)
    call_command("load_schemes")
    questionnaire = Questionnaire.objects.get(code="dx-maturity")
    nation.load(stored_questionnaire(questionnaire.pk).spec, questionnaire, prefecture_count=2, town_count=12)
    return questionnaire


def test_every_municipality_answers_every_question_in_three_surveys(small_nation):
    questions = small_nation.questions.count()
    assert Response.objects.filter(organization__kind="municipality").count() == 3 * 12
    assert Answer.objects.count() == 3 * 12 * questions
    assert Response.objects.filter(survey__fiscal_year=nation.NATIONWIDE).count() == 12


def test_open_sheets_have_a_last_year_and_an_officer(small_nation):
    response = Response.objects.filter(survey__fiscal_year=nation.YEARS[-1], state="in_progress").first()
    assert response.survey.previous.fiscal_year == nation.YEARS[0]
    assert User.objects.get(memberships__organization=response.organization_id).is_answering


def test_the_nationwide_survey_can_be_classified(small_nation):
    result = classify(Survey.objects.get(fiscal_year=nation.NATIONWIDE).pk)
    assert result.computed
    assert result.run.responses == 12


def test_figures_after_one_submission_are_measured_by_years_and_towns(small_nation):
    before = Survey.objects.count()

    figures = snapshots.run(few=14, many=16, year_counts=(1, 2))

    assert [figure.name for figure in figures] == [
        "figures after one submission: 14 towns, 1 years of surveys",
        "figures after one submission: 14 towns, 2 years of surveys",
        "figures after one submission: 16 towns, 1 years of surveys",
        "figures after one submission: 16 towns, 2 years of surveys",
    ]
    assert [figure.aim for figure in figures] == [150, 1.3, 2.5, 1.3]
    assert [figure.floor for figure in figures] == [None, figures[0].value, figures[0].value, figures[2].value]
    assert Survey.objects.count() == before


def test_a_figure_is_judged_by_its_ratio_where_it_has_a_floor():
    assert Figure("page", 30.0, 10.0, 4).reached
    assert not Figure("page", 41.0, 10.0, 4).reached
    assert Figure("save", 11.0, None, 12.1).reached
    assert not Figure("save", 13.0, None, 12.1).reached


def test_the_result_is_written_for_programs_and_for_people(tmp_path):
    figures = [Figure("page", 30.0, 10.0, 4, 50.0), Figure("save", 13.0, None, 12.1)]
    write(figures, tmp_path)
    kept = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["figures"]
    assert [(one["name"], one["ratio"], one["reached"]) for one in kept] == [("page", 3.0, True), ("save", None, False)]
    assert (tmp_path / "bench.md").read_text(encoding="utf-8") == table(figures) + "\n"
    assert "| page | 30.0 | 50.0 | 10.0 | 3.00 | ≤ 4 × | yes |" in table(figures)


def test_measures_take_turns_and_keep_all_their_times():
    order = []

    def measure(name, taken):
        order.append(name)
        return Times((taken,), 1)

    floor, page = in_turns([lambda: measure("floor", 1.0), lambda: measure("page", 3.0)], 3)
    assert order == ["floor", "page"] * 3
    assert (floor.median, page.median, len(page.each)) == (1.0, 3.0, 3)
