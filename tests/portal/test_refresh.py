"""Figures follow what changed, and come out as if everything had been computed anew."""

import pytest

from assessments import signals
from assessments.models import Classification, Response, Survey
from dxportal.core.jobs.domain import drain
from dxportal.core.jobs.models import Job
from dxportal.portal.domain.snapshots.refresh import refresh, refresh_responses, refresh_survey, refresh_towns
from dxportal.portal.domain.snapshots.schedule import JOB, schedule_outdated, schedule_town
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.dashboard import page

pytestmark = pytest.mark.django_db


def digests():
    return dict(Snapshot.objects.values_list("pk", "source_digest"))


def move(survey, town, state):
    Response.objects.filter(survey=survey, organization=town).update(state=state)


@pytest.mark.parametrize("visibility", ["aggregate", "named"])
def test_what_follows_is_what_a_whole_computation_gives(cast, visibility):
    survey = builders.two_years(cast, towns=3, visibility=visibility)

    for town, state in ((cast.town, "returned"), (cast.neighbour, "returned"), (cast.town, "confirmed")):
        move(survey, town, state)
        assert refresh_responses(survey.pk) > 0
        followed = digests()

        assert refresh(cast.pref.pk) == 0
        assert digests() == followed


def test_an_answer_that_changed_while_the_response_was_back_is_read_again(cast):
    survey = builders.two_years(cast)
    response = Response.objects.get(survey=survey, organization=cast.town)
    answer = response.answers.get(question__key="datasets")
    answer.number = 99
    answer.save()

    refresh_responses(survey.pk)

    data = Snapshot.objects.get(kind="question", key=f"{survey.pk}:1-2").data
    assert [cast.town.pk, "99.00"] in data["numbers"]["values"]
    assert refresh(cast.pref.pk) == 0


def test_a_submission_leaves_the_rows_of_other_towns_and_years_alone(cast):
    survey = builders.two_years(cast, towns=2)
    others = Snapshot.objects.exclude(key=str(survey.pk)).exclude(kind__startswith="question")
    before = dict(others.exclude(key=f"{survey.pk}:{cast.town.pk}").values_list("pk", "computed_at"))
    move(survey, cast.town, "returned")

    refresh_responses(survey.pk)

    assert dict(Snapshot.objects.filter(pk__in=before).values_list("pk", "computed_at")) == before


def test_the_queries_of_a_submission_do_not_grow_with_towns_or_years(cast, django_assert_max_num_queries):
    survey = builders.two_years(cast, towns=4)
    move(survey, cast.town, "returned")

    with django_assert_max_num_queries(30):
        refresh_responses(survey.pk)


def test_a_move_in_an_earlier_survey_reaches_the_later_one_that_compares_with_it(cast):
    survey = builders.two_years(cast)
    move(survey.previous, cast.neighbour, "returned")

    refresh_responses(survey.previous_id)

    assert Snapshot.objects.get(kind="question", key=f"{survey.pk}:0-1").data["last"]["counts"] == {"yes": 0, "no": 1}
    assert refresh(cast.pref.pk) == 0


def test_no_karte_shows_an_old_mean(client, cast):
    survey = builders.two_years(cast, towns=4)
    card = survey.runs.get().cards.get(organization=cast.neighbour)
    untouched = Snapshot.objects.get(kind="karte", key=f"{survey.pk}:{cast.town.pk}").source_digest
    card.total_numerator, card.total_denominator = 60, 1
    card.save()

    refresh_survey(survey.pk)

    assert "平均 60.0点" in page(client, cast.staff, "karte", cast.town.pk)
    assert Snapshot.objects.get(kind="karte", key=f"{survey.pk}:{cast.town.pk}").source_digest == untouched


def test_what_is_withdrawn_leaves_the_later_years_public_figures_too(client, cast):
    survey = builders.two_years(cast, towns=4)
    Classification.objects.filter(survey=survey.previous_id).update(step="proposed")

    signals.tiers_changed.send(sender=None, survey_id=survey.previous_id)
    drain()

    assert refresh(cast.pref.pk) == 0
    row = Snapshot.objects.get(kind="karte.public", key=f"{survey.pk}:{cast.town.pk}")
    assert row.data["scores"]["change"] is None
    assert not Snapshot.objects.filter(kind="comparison.public", key__startswith=f"{survey.previous_id}:").exists()


def test_a_survey_that_went_back_to_draft_has_no_figures_left(cast):
    survey = builders.two_years(cast)
    Survey.objects.filter(pk=survey.pk).update(state="draft")

    refresh_survey(survey.pk)

    assert not Snapshot.objects.filter(key__startswith=f"{survey.pk}:").exists()
    assert not Snapshot.objects.filter(kind="dashboard", key=str(survey.pk)).exists()


def test_a_new_name_reaches_every_page_that_tells_it(client, cast):
    survey = builders.two_years(cast)
    cast.town.name = "しんまち町"
    cast.town.save()

    drain()

    assert {job.params["town_id"] for job in Job.objects.filter(kind=JOB)} == {cast.town.pk}
    for name, args in (("dashboard", ()), ("matrix", (survey.pk,)), ("question_result", (survey.pk, "0-1"))):
        assert "しんまち町" in page(client, cast.staff, name, *args), name
    assert refresh(cast.pref.pk) == 0


def test_a_new_population_moves_the_town_to_its_band(cast):
    survey = builders.two_years(cast)
    cast.town.profiles.update(population=200_000)

    refresh_towns(cast.pref.pk, [cast.town.pk])

    towns = {town["id"]: town["band"] for town in Snapshot.objects.get(kind="dashboard", key=survey.pk).data["towns"]}
    assert towns == {cast.town.pk: "10to30", cast.neighbour.pk: "5kto1"}
    assert refresh(cast.pref.pk) == 0


def test_several_towns_at_once_are_computed_as_one_prefecture(cast):
    builders.two_years(cast)

    schedule_town(cast.pref.pk, cast.town.pk)
    schedule_town(cast.pref.pk, cast.neighbour.pk)

    assert {"prefecture_id": cast.pref.pk} in [job.params for job in Job.objects.filter(kind=JOB)]


def test_towns_without_figures_ask_for_nothing(cast):
    cast.town.save()

    assert not Job.objects.filter(kind=JOB).exists()


@pytest.fixture
def old_rows(cast):
    """Rows as the version before wrote them: other kinds, words instead of numbers, no format of their own."""
    survey = make.make_survey(cast.pref, state="closed")
    builders.hand_in(survey, cast.town, defined="yes")
    for kind, key, organization in (("board", survey.pk, None), ("karte", cast.town.pk, cast.town)):
        Snapshot.objects.create(
            prefecture=cast.pref,
            organization=organization,
            kind=kind,
            key=str(key),
            data={"survey": {"name": "調査"}, "town": {}, "entries": []},
            computed_at=survey.opens_at,
            format=1,
        )
    return survey


@pytest.mark.parametrize(("role", "name"), [("staff", "dashboard"), ("staff", "karte"), ("officer", "karte")])
def test_rows_of_the_version_before_say_that_they_are_computed_anew(client, cast, old_rows, role, name):
    args = [cast.town.pk] if name == "karte" else []

    assert "集計し直しています" in page(client, getattr(cast, role), name, *args)

    assert schedule_outdated() == 1
    drain()
    assert "集計し直しています" not in page(client, getattr(cast, role), name, *args)
    assert not Snapshot.objects.filter(format=1).exists()
    assert schedule_outdated() == 0
