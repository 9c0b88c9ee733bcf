"""Snapshot rows: what they say, that they are written once, and that changes ask for new ones."""

import pytest

from assessments.models import Response
from assessments.signals import response_moved, tiers_changed
from dxportal.core.jobs.domain import drain
from dxportal.core.jobs.models import Job
from dxportal.portal.domain.snapshots import refresh as computing
from dxportal.portal.domain.snapshots import schedule
from dxportal.portal.models import Snapshot
from dxportal.portal.tasks import refresh_all
from tests.support import answers as builders
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def row(kind, key):
    return Snapshot.objects.get(kind=kind, key=str(key))


def test_the_dashboard_holds_means_tiers_and_movements_of_both_years(cast):
    survey = builders.two_years(cast)

    data = row("dashboard", survey.pk).data

    assert (data["members"], data["handed_in"], data["maximum"]) == (2, 2, 60)
    assert data["mean"] == [30, 1]
    assert [mean["mean"] for mean in data["means"]] == [[0, 1], [30, 1]]
    assert [(tier["words"]["tier"], tier["count"], tier["last"]) for tier in data["tiers"]] == [
        (4, 1, 0), (3, 0, 0), (2, 0, 0), (1, 1, 2),
    ]  # fmt: skip
    assert data["flows"] == [
        {"before": 1, "after": 4, "count": 1, "towns": [cast.town.pk]},
        {"before": 1, "after": 1, "count": 1, "towns": [cast.neighbour.pk]},
    ]


def test_a_town_row_holds_scores_with_their_change(cast):
    survey = builders.two_years(cast)

    town = row("dashboard", survey.pk).data["towns"][0]

    assert (town["name"], town["total"], town["total_last"], town["tier_last"]) == ("あさひ町", [60, 1], [0, 1], 1)
    assert town["cells"] == [[30, 1], [30, 1]]


def test_a_question_holds_its_counts_and_those_of_the_last_survey(cast):
    survey = builders.two_years(cast)

    data = row("question", f"{survey.pk}:0-1").data

    assert [(option["label"], option["count"], option["towns"]) for option in data["options"]] == [
        ("定義している", 1, [cast.town.pk]),
        ("定義していない", 1, [cast.neighbour.pk]),
    ]
    assert data["last"]["counts"] == {"yes": 0, "no": 2}
    assert data["skipped"] == []


def test_a_question_not_asked_is_kept_apart(cast):
    survey = builders.two_years(cast)

    data = row("question", f"{survey.pk}:0-2").data

    assert (data["answered_count"], data["unanswered_count"], data["skipped"]) == (1, 0, [cast.neighbour.pk])


def test_sheets_not_handed_in_are_not_counted(cast):
    survey = builders.two_years(cast)
    Response.objects.filter(survey=survey, organization=cast.town).update(state="returned")

    computing.refresh(cast.pref.pk)

    assert row("question", f"{survey.pk}:0-1").data["answered_count"] == 1
    assert row("dashboard", survey.pk).data["handed_in"] == 1


def test_a_karte_holds_its_own_figures_of_each_year_and_what_changed(cast):
    survey = builders.two_years(cast)

    now, before = (row("karte", f"{pk}:{cast.town.pk}").data for pk in (survey.pk, survey.previous_id))

    assert (now["scores"]["total"], before["scores"]["total"]) == ([60, 1], [0, 1])
    assert [(change["code"], change["direction"]) for change in now["changes"]] == [("0-1", 0), ("1-1", 1)]


def test_a_second_computation_of_the_same_changes_nothing(cast):
    builders.two_years(cast)
    before = dict(Snapshot.objects.values_list("pk", "source_digest"))
    dated = row("town", cast.town.pk).computed_at

    changed = computing.refresh(cast.pref.pk)

    assert changed == 0
    assert dict(Snapshot.objects.values_list("pk", "source_digest")) == before
    assert row("town", cast.town.pk).computed_at > dated


def test_a_changed_answer_changes_only_the_rows_that_show_it(cast):
    survey = builders.two_years(cast)
    karte = f"{survey.pk}:{cast.town.pk}"
    before = row("karte", karte).source_digest
    answer = Response.objects.get(survey=survey, organization=cast.neighbour).answers.get(question__key="datasets")
    answer.number = 77
    answer.save()

    assert computing.refresh(cast.pref.pk) > 0

    assert row("question", f"{survey.pk}:1-2").data["numbers"]["maximum"] == "77.00"
    assert row("karte", karte).source_digest == before


def test_rows_of_a_survey_that_is_gone_are_removed(cast):
    survey = builders.two_years(cast)
    Response.objects.filter(survey=survey).delete()
    survey.classification.delete()
    survey.runs.all().delete()
    survey.delete()

    computing.refresh(cast.pref.pk)

    assert not Snapshot.objects.filter(key=str(survey.pk), kind__startswith="dashboard").exists()
    assert not Snapshot.objects.filter(key__startswith=f"{survey.pk}:").exists()


def test_another_prefecture_is_left_alone(cast):
    builders.two_years(cast)

    computing.refresh(cast.other_pref.pk)

    assert Snapshot.objects.filter(prefecture=cast.pref).exists()
    kinds = set(Snapshot.objects.filter(prefecture=cast.other_pref).values_list("kind", flat=True))
    assert kinds == {"town", "town.public"}


def test_many_requests_wait_as_one_job(cast):
    jobs = {schedule.schedule(cast.pref.pk).pk for _ in range(5)}

    assert len(jobs) == 1


def test_the_job_computes_a_prefecture(cast):
    survey = make.make_survey(cast.pref)
    builders.hand_in(survey, cast.town, defined="yes")

    schedule.schedule(cast.pref.pk)
    drain()

    job = Job.objects.get(kind=schedule.JOB)
    assert job.state == "succeeded", job.error
    assert row("dashboard", survey.pk).data["handed_in"] == 1


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [("in_review", "submitted", 1), ("submitted", "returned", 1), ("not_started", "in_progress", 0)],
)
def test_only_moves_in_and_out_of_the_handed_in_sheets_ask_for_new_figures(cast, before, after, asked):
    survey = make.make_survey(cast.pref)

    response_moved.send(
        sender=Response, response_id=1, survey_id=survey.pk, organization_id=cast.town.pk,
        from_state=before, to_state=after,
    )  # fmt: skip

    assert Job.objects.filter(kind=schedule.JOB).count() == asked


def test_new_tiers_ask_for_new_figures(cast):
    tiers_changed.send(sender=None, survey_id=make.make_survey(cast.pref).pk)

    assert Job.objects.filter(kind=schedule.JOB).count() == 1


def test_once_a_night_every_prefecture_with_a_survey_gets_new_figures(cast):
    make.make_survey(cast.pref)
    make.make_survey(cast.pref)
    make.make_survey(cast.other_pref, state="draft")

    refresh_all()

    assert [job.prefecture for job in Job.objects.all()] == [cast.pref]
