"""The result of each question."""

import pytest
from django.urls import reverse

from tests.support import answers as builders
from tests.support.dashboard import get, page, rows_of

pytestmark = pytest.mark.django_db


def test_counts_shares_and_the_last_survey_stand_side_by_side(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "question_result", survey.pk, "0-1")

    assert "2団体（構成比の分母）" in text
    assert text.count("50.0%") == 2
    assert "前回：2023年度調査" in text


def test_the_export_is_the_table_of_the_page(client, cast):
    survey = builders.two_years(cast)

    rows = rows_of(get(client, cast.staff, "question_export", survey.pk, "0-1", format="csv"))

    assert rows[1:] == [["定義している", "1", "50.0%", "0"], ["定義していない", "1", "50.0%", "2"]]


def test_the_workbook_names_who_answered_what(client, cast):
    survey = builders.two_years(cast)

    response = get(client, cast.staff, "question_export", survey.pk, "0-1")

    assert response["Content-Type"].endswith("spreadsheetml.sheet")


def test_every_question_of_the_index_has_its_page(client, cast):
    survey = builders.two_years(cast)
    index = page(client, cast.staff, "question_list", survey.pk)

    for code in ("0-1", "0-2", "1-1", "1-2"):
        assert reverse("portal:question_result", args=[survey.pk, code]) in index
        page(client, cast.staff, "question_result", survey.pk, code)


def test_an_unknown_question_has_no_figures(client, cast):
    survey = builders.two_years(cast)

    assert "集計はまだありません" in page(client, cast.staff, "question_result", survey.pk, "9-9")


def test_the_chosen_surveys_index_opens(client, cast):
    survey = builders.two_years(cast)

    response = get(client, cast.staff, "question_go", survey=survey.pk)

    assert response["Location"] == reverse("portal:question_list", args=[survey.pk])


@pytest.mark.parametrize("towns", [1, 3])
def test_a_result_takes_few_queries(client, cast, django_assert_max_num_queries, towns):
    survey = builders.two_years(cast, towns=towns)
    client.force_login(cast.staff)

    with django_assert_max_num_queries(6):
        client.get(reverse("portal:question_result", args=[survey.pk, "0-1"]))
