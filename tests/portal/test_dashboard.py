"""The prefecture dashboard: figures, filters, states, exports, queries."""

import pytest
from django.urls import reverse

from assessments.models import Classification, Response, StoredScoreCard, Survey
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.models import Group
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.dashboard import get, page, rows_of

pytestmark = pytest.mark.django_db


def test_it_shows_rate_mean_tiers_and_movements(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "dashboard", survey=survey.pk)

    assert "対象2団体のうち2団体が回答しました（回答率100.0%）。" in text
    assert "総合点の平均は30.0点（60点満点、2団体）で、令和5年度（2023年度）の同じ団体の平均より+30.0点です。" in text
    assert "分類が上がったのは1団体、下がったのは0団体、変わらないのは1団体です。" in text
    assert "D 関与 → A 共創" in text


def test_it_shows_the_mean_over_the_years(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "dashboard", survey=survey.pk, bureau=cast.bureau.pk)

    assert "2023年度初回の0.0点から、2024年度初回は30.0点です。" in text
    assert reverse("portal:definition", args=["mean-line"]) in text


def test_one_scored_survey_is_no_line(client, cast):
    survey = builders.two_years(cast)

    assert "mean-line" not in page(client, cast.staff, "dashboard", survey=survey.previous_id)


@pytest.mark.parametrize("change", [{"fiscal_year": 2020}, {"group": True}])
def test_the_line_reaches_back_four_years_over_the_same_towns(client, cast, change):
    survey = builders.two_years(cast)
    if "group" in change:
        change = {"group": Group.objects.create(prefecture=cast.pref, name="近隣の会")}
    Survey.objects.filter(pk=survey.previous_id).update(**change)
    refresh(cast.pref.pk)

    assert "mean-line" not in page(client, cast.staff, "dashboard", survey=survey.pk)


def test_surveys_with_another_maximum_stay_out_of_the_line(client, cast):
    survey = builders.two_years(cast)
    StoredScoreCard.objects.filter(run__survey=survey.previous_id).update(maximum=210)
    refresh(cast.pref.pk)

    assert "mean-line" not in page(client, cast.staff, "dashboard", survey=survey.pk)


@pytest.mark.parametrize("unpublished", ["previous", "own"])
def test_the_line_shows_municipalities_only_what_is_published(client, cast, unpublished):
    survey = builders.two_years(cast)
    seen = page(client, cast.officer, "dashboard", survey=survey.pk)
    other = survey.previous_id if unpublished == "previous" else survey.pk
    Classification.objects.filter(survey=other).update(step="proposed")
    refresh(cast.pref.pk)

    text = page(client, cast.officer, "dashboard", survey=survey.pk)

    assert 'id="mean-line"' in seen
    assert "mean-line" not in text
    assert "2023年度初回" not in text
    assert 'id="mean-line"' in page(client, cast.staff, "dashboard", survey=survey.pk)


def test_a_filter_narrows_towns_and_figures(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "dashboard", survey=survey.pk, bureau=cast.bureau.pk)

    assert "2団体中 1団体を表示" in text
    assert "総合点の平均は60.0点（60点満点、1団体）" in text
    assert reverse("portal:karte", args=[cast.neighbour.pk]) not in text


@pytest.mark.parametrize("query", [{"tier": "4"}, {"band": "5kto1", "tier": "4"}, {"band": "b2", "tier": "4"}])
def test_filters_join(client, cast, query):
    survey = builders.two_years(cast)

    assert "2団体中 1団体を表示" in page(client, cast.staff, "dashboard", survey=survey.pk, **query)


@pytest.mark.parametrize(
    "query", [{"tier": "9"}, {"band": "x"}, {"band": "b4"}, {"bureau": "x"}, {"measure": "x"}, {"sort": "-x"}]
)
def test_nonsense_counts_as_not_asked(client, cast, query):
    survey = builders.two_years(cast)

    assert "団体を表示" not in page(client, cast.staff, "dashboard", survey=survey.pk, **query)


def test_the_heat_table_sorts_by_its_headers(client, cast):
    survey = builders.two_years(cast)

    falling = rows_of(get(client, cast.staff, "dashboard_export", survey=survey.pk, sort="-total", format="csv"))
    rising = rows_of(get(client, cast.staff, "dashboard_export", survey=survey.pk, sort="total", format="csv"))

    assert [row[0] for row in falling[1:]] == ["あさひ町", "ゆうひ町"]
    assert [row[0] for row in rising[1:]] == ["ゆうひ町", "あさひ町"]


def test_without_places_the_map_is_grouped_by_bureau(client, cast):
    survey = builders.two_years(cast)
    cast.town.profiles.update(tile_row=None)
    cast.neighbour.profiles.update(tile_row=None)
    refresh(cast.pref.pk)

    text = page(client, cast.staff, "dashboard", survey=survey.pk)

    assert "tile-list" in text
    assert "<h3>北部振興局</h3>" in text


def test_a_complete_survey_is_shown_before_one_that_runs(client, cast):
    done = builders.two_years(cast)
    running = make.make_survey(cast.pref, fiscal_year=2026, title="進行中の調査")
    make.make_response(running, cast.town)
    refresh(cast.pref.pk)

    assert f'<option value="{done.pk}" selected>' in page(client, cast.staff, "dashboard")


def test_a_partial_survey_says_so_and_compares_the_same_towns(client, cast):
    survey = builders.two_years(cast)
    Response.objects.filter(survey=survey, organization=cast.neighbour).update(state="in_progress")
    survey.runs.get().cards.filter(organization=cast.neighbour).delete()
    refresh(cast.pref.pk)

    text = page(client, cast.staff, "dashboard", survey=survey.pk)

    assert "集計中です（1／2団体が提出）" in text
    assert "の同じ団体の平均より+60.0点です。" in text
    assert "得点のない1団体：ゆうひ町" in text


def test_before_the_first_computation_staff_can_start_it(client, cast):
    make.make_survey(cast.pref)

    assert reverse("portal:refresh") in page(client, cast.staff, "dashboard")
    client.post(reverse("portal:refresh"))

    assert Job.objects.get().kind == "portal.snapshots"


def test_only_staff_start_a_computation(client, cast):
    client.force_login(cast.officer)

    assert client.post(reverse("portal:refresh")).status_code == 403


def test_without_surveys_it_says_so(client, cast):
    assert "調査はまだありません" in page(client, cast.staff, "dashboard")


def test_imported_scores_have_a_dashboard_without_questions(client, cast):
    survey = make.make_survey(cast.pref, source="imported", state="closed")
    refresh(cast.pref.pk)

    text = page(client, cast.staff, "dashboard", survey=survey.pk)
    assert "0団体の得点を取り込んでいます。" in text
    assert reverse("portal:question_list", args=[survey.pk]) not in text
    assert get(client, cast.staff, "question_list", survey.pk).status_code == 200


@pytest.mark.parametrize("towns", [1, 3])
def test_it_takes_few_queries_however_many_towns(client, cast, django_assert_max_num_queries, towns):
    survey = builders.two_years(cast, towns=towns)
    client.force_login(cast.staff)

    with django_assert_max_num_queries(6):
        client.get(reverse("portal:dashboard"), {"survey": survey.pk})


@pytest.mark.parametrize("role", ["bureau_staff", "consultant", "officer"])
def test_others_need_no_more_than_one_further_query(client, cast, django_assert_max_num_queries, role):
    builders.two_years(cast, towns=3)
    client.force_login(getattr(cast, role))

    with django_assert_max_num_queries(7):
        client.get(reverse("portal:dashboard"))


def test_a_second_look_does_not_read_the_figures_again(client, cast, django_assert_num_queries):
    builders.two_years(cast)
    page(client, cast.staff, "dashboard")

    with django_assert_num_queries(5 - CACHED_SESSION):
        client.get(reverse("portal:dashboard"))


CACHED_SESSION = 1  # the session is read from the cache
