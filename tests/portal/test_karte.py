"""The karte and its tabs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Response
from consultations.models import Topic
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import answers as builders
from tests.support.consultations import a_session, hold
from tests.support.dashboard import get, page
from tests.support.queries import assert_same_queries

pytestmark = pytest.mark.django_db


def test_the_overview_compares_with_the_prefecture_and_tells_the_changes(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "karte", cast.town.pk, survey=survey.pk)

    assert "県平均より+15.0" in text
    assert "前回からの回答の変化" in text
    assert "2問が変わりました。" in text
    assert "認識共有" in text


def test_an_earlier_survey_can_be_looked_at(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.staff, "karte", cast.town.pk, survey=survey.previous_id)

    assert "比べる前回の回答はありません。" in text
    assert get(client, cast.staff, "karte", cast.town.pk, survey=999_999).status_code == 404


def test_the_years_stand_newest_first(client, cast):
    builders.two_years(cast)

    text = page(client, cast.staff, "karte_history", cast.town.pk)

    table = text[text.index("history-table") :]
    assert table.index("2024年度調査") < table.index("2023年度調査")
    assert "2023年度初回の0.0点から、2024年度初回は60.0点です。" in text


def test_answers_come_with_those_of_the_last_time(client, cast):
    builders.two_years(cast)

    text = page(client, cast.staff, "karte_answers", cast.town.pk)

    assert "策定済み" in text
    assert "予定はない" in text
    assert "10／10" in text


def test_a_survey_without_a_sheet_leads_to_no_answers(client, cast):
    survey = builders.two_years(cast)
    Response.objects.filter(survey=survey, organization=cast.town).delete()
    refresh(cast.pref.pk)

    overview = page(client, cast.staff, "karte", cast.town.pk, survey=survey.pk)
    answers = page(client, cast.staff, "karte_answers", cast.town.pk, survey=survey.pk)

    assert f"{reverse('portal:karte_answers', args=[cast.town.pk])}?survey={survey.pk}" in overview
    assert "提出された回答はありません" in answers
    assert "策定済み" not in answers


def test_an_answering_town_goes_straight_to_its_karte(client, cast):
    assert get(client, cast.officer, "karte_list")["Location"] == reverse("portal:karte", args=[cast.town.pk])


def test_a_town_without_figures_yet_has_a_page(client, cast):
    assert "集計はまだありません" in page(client, cast.officer, "karte", cast.town.pk)


@pytest.mark.parametrize(
    ("name", "most"), [("karte", 13), ("karte_areas", 5), ("karte_history", 6), ("karte_answers", 5)]
)
@pytest.mark.parametrize("towns", [1, 3])
def test_it_takes_few_queries(client, cast, django_assert_max_num_queries, name, most, towns):
    builders.two_years(cast, towns=towns)
    client.force_login(cast.staff)

    with django_assert_max_num_queries(most):
        client.get(reverse(f"portal:{name}", args=[cast.town.pk]))


def test_sessions_and_released_topics_stand_on_the_karte_at_a_constant_cost(client, cast):
    """Of the municipality alone, and to whoever may see them."""
    released = {"state": "released", "released_at": timezone.now(), "summary": "要約"}

    def add(number):
        a_session(cast.staff, cast.town, due=number, title=f"次回{number}")
        hold(a_session(cast.staff, cast.town, due=-number, title=f"前回{number}"), cast.staff)
        a_session(cast.staff, cast.neighbour, due=number, title="隣の回")
        for town, title in ((cast.town, f"公開{number}"), (cast.neighbour, "隣の話")):
            Topic.objects.create(organization=town, title="題", summary_title=title, **released)

    assert_same_queries(lambda: get(client, cast.staff, "karte", cast.town.pk), add)
    for user in (cast.staff, cast.officer, cast.consultant):
        text = page(client, user, "karte", cast.town.pk)
        assert all(words in text for words in ("次回1", "前回3", "公開2"))
        assert "隣の" not in text
