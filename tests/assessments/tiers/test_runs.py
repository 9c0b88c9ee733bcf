import datetime as dt
import os
import signal
import threading
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection

from assessments import signals
from assessments.domain.questionnaires.stored import answers_of, stored_questionnaire
from assessments.domain.scores.scoring import score
from assessments.domain.tiers import computation, runs
from assessments.domain.tiers.moves import make_move
from assessments.domain.tiers.scheduling import key_of, request_classification, schedule_classification
from assessments.enums import ClassificationMove
from assessments.models import Answer, Classification, ClassificationRun, Question, Response, StoredScoreCard
from dxportal.core.jobs import domain as jobs
from dxportal.core.jobs.models import Job
from dxportal.core.workflow.errors import NotPossible
from tests.support import factories as make
from tests.support.tiers import FULL, SOME, answer, hand_in, make_tier_scheme, small_world
from tests.support.worker import celery_worker, children, wait_until


def cards(survey):
    rows = StoredScoreCard.objects.filter(run__survey=survey, run__in_force=True)
    return {row.organization.name: (row.total_rounded, row.tier) for row in rows.select_related("organization")}


def test_a_run_scores_the_handed_in_sheets_and_gives_tiers(world):
    result = computation.classify(world.survey.pk)

    assert result.computed
    assert cards(world.survey) == {"あさひ町": (Decimal("60.0"), 4), "ゆうひ町": (Decimal("18.0"), 2)}
    assert (result.run.responses, result.run.in_force, result.run.tier_scheme) == (2, True, world.survey.tier_scheme)
    tiers = world.survey.classification.assignments.values_list("organization__name", "computed_tier", "tier")
    assert sorted(tiers) == [("あさひ町", 4, 4), ("ゆうひ町", 2, 2)]


def test_sheets_not_handed_in_are_not_counted(world, cast):
    for state in ("not_started", "in_progress", "in_review", "returned"):
        hand_in(world.survey, make.make_municipality(cast.bureau), FULL, state=state)

    computation.classify(world.survey.pk)

    assert set(cards(world.survey)) == {"あさひ町", "ゆうひ町"}


def test_a_card_explains_its_score_down_to_the_questions(world):
    computation.classify(world.survey.pk)

    card = StoredScoreCard.objects.get(organization=world.some.organization)
    assert card.questions == {
        "0-1": [0, 10, "answered"],
        "0-2": [0, 0, "hidden"],
        "1-1": [6, 10, "answered"],
        "1-2": [0, 0, "unanswered"],
    }
    sections = [
        (section["code"], section["earned"], section["possible"], Fraction(*section["score"]), section["worth"])
        for section in card.sections
    ]
    assert sections == [("step0", 0, 10, 0, 30), ("step1", 6, 10, 18, 30)]
    assert (card.answered, card.unanswered, card.maximum) == (2, 0, 60)


def test_cards_are_those_of_the_pure_rules_whatever_is_typed(world, cast):
    town = make.make_municipality(cast.bureau)
    sheet = hand_in(world.survey, town, {"0-1": ["yes", "no"], "1-1": ["vanished"]})
    questions = {
        question.code: question for question in Question.objects.filter(questionnaire=world.survey.questionnaire)
    }
    Answer.objects.create(response=sheet, question=questions["0-2"], text='NA, "null"\n改行\\と\t空白')
    Answer.objects.create(response=sheet, question=questions["1-2"], number=Decimal("1200.50"))
    Response.objects.filter(pk=sheet.pk).update(state="submitted")

    computation.classify(world.survey.pk)

    spec = stored_questionnaire(world.survey.questionnaire_id)
    for response in world.survey.responses.all():
        wanted = score(spec.spec, answers_of(response, spec))
        card = StoredScoreCard.objects.get(run__survey=world.survey, organization=response.organization)
        assert Fraction(card.total_numerator, card.total_denominator) == wanted.total
        assert card.questions == {
            question.code: [question.earned, question.possible, question.state] for question in wanted.questions
        }


def test_a_sheet_without_any_answer_scores_nothing(world, cast):
    town = make.make_municipality(cast.bureau, "しろ町")
    hand_in(world.survey, town, {})

    computation.classify(world.survey.pk)

    assert cards(world.survey)["しろ町"] == (Decimal("0.0"), 1)


def test_an_unchanged_input_is_not_computed_again(world):
    first = computation.classify(world.survey.pk)
    again = computation.classify(world.survey.pk)

    assert not again.computed
    assert again.run == first.run
    assert ClassificationRun.objects.count() == 1


def test_a_changed_answer_or_scheme_is_computed_and_a_return_to_the_old_one_is_not(world):
    first = computation.classify(world.survey.pk)
    answer(world.some, FULL)
    second = computation.classify(world.survey.pk)
    world.survey.tier_scheme = make_tier_scheme(
        version=2, bands=((4, "共創", "61"), (3, "協働", "30"), (2, "支援", "15"), (1, "関与", "0"))
    )
    world.survey.save()
    third = computation.classify(world.survey.pk)
    assert [second.computed, third.computed] == [True, True]
    assert cards(world.survey)["ゆうひ町"] == (Decimal("60.0"), 3)

    answer(world.some, SOME)
    world.survey.tier_scheme = first.run.tier_scheme
    world.survey.save()
    back = computation.classify(world.survey.pk)

    assert (back.computed, back.run) == (False, first.run)
    assert cards(world.survey)["ゆうひ町"] == (Decimal("18.0"), 2)
    assert world.survey.runs.filter(in_force=True).count() == 1


def test_old_runs_go_but_those_that_a_step_rests_on_stay(world, cast):
    first = computation.classify(world.survey.pk).run
    make_move(world.survey.classification.pk, ClassificationMove.HEAR, user=cast.staff)
    for n in range(8):
        hand_in(world.survey, make.make_municipality(cast.bureau), FULL if n % 2 else SOME)
        computation.classify(world.survey.pk)

    kept = list(world.survey.runs.order_by("pk").values_list("pk", flat=True))
    assert len(kept) == 6
    assert kept[0] == first.pk
    assert first.cards.count() == 2


@pytest.mark.parametrize("step", ["proposed", "published"])
def test_a_decided_classification_is_not_computed_again(computed, step):
    published = "2024-12-01T00:00:00Z" if step == "published" else None
    Classification.objects.update(step=step, published_at=published)
    answer(computed.some, FULL)

    with pytest.raises(NotPossible) as refusal:
        computation.classify(computed.survey.pk)
    assert refusal.value.code == "frozen"

    assert cards(computed.survey)["ゆうひ町"] == (Decimal("18.0"), 2)
    assert schedule_classification(computed.survey.pk) is None


def test_imported_scores_are_not_computed_from_answers(cast):
    with pytest.raises(NotPossible, match="得点はありません"):
        computation.classify(make.make_survey(cast.pref, source="imported").pk)


def test_the_job_tells_what_it_did(world, django_capture_on_commit_callbacks):
    job = request_classification(world.survey)
    jobs.drain()
    job.refresh_from_db()
    assert (job.state, job.outcome["computed"]) == ("succeeded", True)
    assert job.outcome["message"] == "2団体の回答から算定しました。"

    again = request_classification(world.survey)
    jobs.drain()
    again.refresh_from_db()
    assert "変更なし" in again.outcome["message"]


def test_handing_in_and_taking_back_ask_for_one_run(world):
    for from_state, to_state in (("in_review", "submitted"), ("submitted", "returned")):
        signals.response_moved.send(
            None, response_id=1, survey_id=world.survey.pk, organization_id=1, from_state=from_state, to_state=to_state
        )

    assert Job.objects.filter(key=key_of(world.survey.pk)).count() == 1


@pytest.mark.parametrize("states", [("in_progress", "in_review"), ("submitted", "confirmed")])
def test_moves_that_change_no_score_ask_for_nothing(world, states):
    signals.response_moved.send(
        None, response_id=1, survey_id=world.survey.pk, organization_id=1, from_state=states[0], to_state=states[1]
    )
    assert not Job.objects.filter(kind="assessments.classify").exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_compute_once(cast):
    world = small_world(cast)
    barrier, results = threading.Barrier(2), []

    def one():
        try:
            barrier.wait()
            results.append(computation.classify(world.survey.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(result.computed for result in results) == [False, True]
    assert ClassificationRun.objects.get().in_force
    assert StoredScoreCard.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_run_that_waits_too_long_for_another_is_refused(cast, monkeypatch):
    world = small_world(cast)
    monkeypatch.setattr(runs, "LONGEST_WAIT", "100ms")
    holding, over = threading.Event(), threading.Event()

    def hold():
        try:
            with runs.survey_lock(world.survey.pk):
                holding.set()
                over.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(30)
        with pytest.raises(NotPossible, match="処理が続いています") as refusal:
            computation.classify(world.survey.pk)
    finally:
        over.set()
        thread.join()

    assert refusal.value.code == "busy"
    assert computation.classify(world.survey.pk).computed


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_the_last_run_in_force_and_the_job_is_picked_up(cast):
    world = small_world(cast)
    first = computation.classify(world.survey.pk).run
    answer(world.some, FULL)
    job = request_classification(world.survey)
    # The first run asked for new snapshots. They read the cards too, so on a slow day the worker would take that job,
    # wait for the lock with it and be killed in it, with this one not begun.
    Job.objects.exclude(pk=job.pk).delete()

    with connection.cursor() as cursor:  # the worker gets as far as reading the answers and waits there
        connection.set_autocommit(False)
        cursor.execute("LOCK TABLE assessments_scorecard IN ACCESS EXCLUSIVE MODE")
        with celery_worker() as worker:
            wait_until(lambda: _waiting_for_the_lock())
            _kill_children(worker)
            connection.rollback()
            connection.set_autocommit(True)
            assert cards(world.survey)["ゆうひ町"] == (Decimal("18.0"), 2)
            assert ClassificationRun.objects.get(in_force=True) == first
            wait_until(lambda: _requeued(job))
            wait_until(lambda: not Job.objects.get(pk=job.pk).is_active)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("succeeded", 2)
    assert cards(world.survey)["ゆうひ町"] == (Decimal("60.0"), 4)
    assert ClassificationRun.objects.filter(state="running").count() == 0
    assert ClassificationRun.objects.count() == 2


def _waiting_for_the_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'assessments_scorecard'::regclass")
        return cursor.fetchone()


def _kill_children(worker):
    for child in children(worker.pid):
        os.kill(child, signal.SIGKILL)


def _requeued(job):
    jobs.reap(stale_after=dt.timedelta(seconds=2))
    return Job.objects.get(pk=job.pk).attempts == 2
