import datetime as dt
import itertools
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from assessments.domain.tiers import computation
from assessments.domain.tiers.moves import adjust, make_move, possible_moves
from assessments.domain.tiers.scheduling import key_of
from assessments.domain.tiers.scheme_choice import save_thresholds
from assessments.enums import CLASSIFICATION_MOVES, ClassificationMove, ClassificationStep
from assessments.models import Classification, ClassificationTransition, Response, TierAssignment, TierScheme
from dxportal.core.jobs.models import Job
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support import factories as make
from tests.support.tiers import FULL, SOME, answer, small_world

STEPS = list(ClassificationStep)
EVERYBODY = ("admin", "staff", "pref_viewer", "bureau_staff", "consultant", "officer", "approver", "stranger_staff")


def put_at(classification, step):
    published = dt.datetime(2024, 12, 1, tzinfo=dt.UTC) if step == "published" else None
    Classification.objects.filter(pk=classification.pk).update(step=step, published_at=published)


@pytest.mark.parametrize("who", EVERYBODY)
def test_steps_are_taken_only_as_the_table_says(computed, cast, who):
    user = getattr(cast, who)
    for before, after in itertools.product(STEPS, STEPS):
        put_at(computed.classification, before)
        row = CLASSIFICATION_MOVES.between(before, after)
        roles = row.roles if row else ()
        ClassificationTransition.objects.all().delete()

        if user.role in roles and who != "stranger_staff":
            moved = make_move(computed.classification.pk, row.move, user=user, comment="理由")
            last = ClassificationTransition.objects.get()
            assert (last.from_state, last.to_state, last.by, last.run) == (before, after, user, moved.run)
        else:
            for move in {row.move} if row else {row.move for row in CLASSIFICATION_MOVES if row.target == after}:
                with pytest.raises((PermissionDenied, NotPossible)):
                    make_move(computed.classification.pk, move, user=user, comment="理由")
            assert not ClassificationTransition.objects.exists()
        computed.classification.refresh_from_db()
        assert computed.classification.step == (after if user.role in roles and who != "stranger_staff" else before)


def test_publishing_keeps_day_time_and_what_is_shown(computed, cast):
    put_at(computed.classification, "proposed")
    day = dt.date(2024, 11, 30)

    row = make_move(
        computed.classification.pk, ClassificationMove.PUBLISH, user=cast.admin, names_hidden=False, decided_on=day
    )

    assert (row.decided_on, row.names_hidden, row.published_at is not None) == (day, False, True)


def test_a_publication_is_withdrawn_only_with_a_reason(computed, cast):
    put_at(computed.classification, "published")
    with pytest.raises(NotPossible, match="理由"):
        make_move(computed.classification.pk, ClassificationMove.WITHDRAW, user=cast.admin, comment="　 ")

    row = make_move(computed.classification.pk, ClassificationMove.WITHDRAW, user=cast.admin, comment="集計の誤り")

    assert (row.step, row.published_at) == ("proposed", None)


def test_a_step_seen_elsewhere_is_refused(computed, cast):
    with pytest.raises(NotPossible, match="現在「算定」のため、「ヒアリング調整に戻す」操作はできません"):
        make_move(computed.classification.pk, ClassificationMove.HEAR_AGAIN, user=cast.staff)


def test_going_back_to_hearings_asks_for_a_run(computed, cast):
    put_at(computed.classification, "proposed")
    make_move(computed.classification.pk, ClassificationMove.HEAR_AGAIN, user=cast.staff)
    assert Job.objects.filter(key=key_of(computed.survey.pk)).count() == 1


def test_only_admins_are_offered_publication(computed, cast):
    put_at(computed.classification, "proposed")
    computed.classification.refresh_from_db()
    assert possible_moves(computed.classification, cast.staff) == {ClassificationMove.HEAR_AGAIN}
    assert possible_moves(computed.classification, cast.admin) == {
        ClassificationMove.HEAR_AGAIN,
        ClassificationMove.PUBLISH,
    }
    assert possible_moves(computed.classification, cast.officer) == set()


@pytest.fixture
def hearing(computed):
    put_at(computed.classification, "hearing")
    computed.row = computed.classification.assignments.get(organization=computed.some.organization)
    return computed


def change(world, user, *, tier=3, reason="体制が整った", revision=None):
    revision = world.row.revision if revision is None else revision
    return adjust(world.row.pk, tier=tier, reason=reason, revision=revision, user=user)


def test_a_tier_is_adjusted_with_its_reason(hearing, cast):
    row = change(hearing, cast.staff)

    assert (row.tier, row.computed_tier, row.adjusted_from, row.reason) == (3, 2, 2, "体制が整った")
    assert (row.adjusted_by, row.revision) == (cast.staff, 2)
    assert TierAssignment.pgh_event_model.objects.filter(pgh_obj=row).count() >= 1


def test_an_adjustment_is_given_back(hearing, cast):
    row = change(hearing, cast.staff)
    row = adjust(row.pk, tier=None, reason="", revision=row.revision, user=cast.staff)
    assert (row.tier, row.is_adjusted, row.reason) == (2, False, "")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_adjustment_without_a_reason_is_refused(hearing, cast, reason):
    with pytest.raises(NotPossible):
        change(hearing, cast.staff, reason=reason)


@pytest.mark.parametrize("tier", [0, 5])
def test_a_tier_that_there_is_not_is_refused(hearing, cast, tier):
    with pytest.raises(NotPossible):
        change(hearing, cast.staff, tier=tier)


def test_a_stale_adjustment_is_refused_and_names_the_other_person(hearing, cast):
    change(hearing, cast.admin)
    with pytest.raises(Overtaken, match="県 管理子"):
        change(hearing, cast.staff, tier=4, revision=1)
    hearing.row.refresh_from_db()
    assert hearing.row.tier == 3


@pytest.mark.parametrize("step", ["computed", "proposed", "published"])
def test_tiers_are_adjusted_only_during_hearings(hearing, cast, step):
    put_at(hearing.classification, step)
    with pytest.raises(NotPossible):
        change(hearing, cast.staff)


@pytest.mark.parametrize("who", ["stranger_staff", "officer", "bureau_staff", "consultant", "pref_viewer"])
def test_others_adjust_nothing(hearing, cast, who):
    with pytest.raises(PermissionDenied):
        change(hearing, getattr(cast, who))


def test_a_later_run_keeps_adjustments_and_flags_what_it_computes_differently(hearing, cast):
    change(hearing, cast.staff)
    answer(hearing.some, FULL)
    answer(hearing.full, SOME)

    computation.classify(hearing.survey.pk)

    rows = {row.organization.name: row for row in TierAssignment.objects.select_related("organization")}
    kept, followed = rows["ゆうひ町"], rows["あさひ町"]
    assert (kept.tier, kept.computed_tier, kept.needs_review) == (3, 4, True)
    assert (followed.tier, followed.computed_tier, followed.needs_review) == (2, 2, False)


def test_flagged_adjustments_are_reviewed_before_the_proposal(hearing, cast):
    change(hearing, cast.staff)
    answer(hearing.some, FULL)
    computation.classify(hearing.survey.pk)
    with pytest.raises(NotPossible, match="1あります"):
        make_move(hearing.classification.pk, ClassificationMove.PROPOSE, user=cast.staff)

    hearing.row.refresh_from_db()
    change(hearing, cast.staff)

    assert make_move(hearing.classification.pk, ClassificationMove.PROPOSE, user=cast.staff).step == "proposed"


def test_a_sheet_taken_back_loses_its_tier_unless_it_was_adjusted(hearing, cast):
    change(hearing, cast.staff)
    Response.objects.update(state="returned")

    computation.classify(hearing.survey.pk)

    assert [row.organization.name for row in TierAssignment.objects.select_related("organization")] == ["ゆうひ町"]


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_a_step_and_then_changes_nothing(cast):
    world = small_world(cast)
    computation.classify(world.survey.pk)
    classification = world.survey.classification
    put_at(classification, "hearing")
    answer(world.some, FULL)
    errors = []

    def run():
        try:
            computation.classify(world.survey.pk)
        except NotPossible as error:
            errors.append(error.code)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        make_move(classification.pk, ClassificationMove.PROPOSE, user=cast.staff)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)

    assert errors == ["frozen"]
    assert TierAssignment.objects.get(organization=world.some.organization).tier == 2


def test_tried_thresholds_become_a_version_of_the_prefecture_by_its_admin_only(computed, cast):
    limits = {4: 50, 3: 20, 2: 10}
    for who in (cast.staff, cast.officer, cast.bureau_staff):
        with pytest.raises(PermissionDenied):
            save_thresholds(computed.survey.pk, limits, user=who)

    first = save_thresholds(computed.survey.pk, limits, user=cast.admin)
    second = save_thresholds(computed.survey.pk, {4: 50, 3: 18, 2: 10}, user=cast.admin)

    assert (first.code, first.version, second.version) == (f"tiers-{cast.pref.pk}", 1, 2)
    computed.survey.refresh_from_db()
    assert computed.survey.tier_scheme == second
    computation.classify(computed.survey.pk)
    assert TierAssignment.objects.get(organization=computed.some.organization).tier == 3
    assert TierScheme.objects.get(code="small-tiers").data["bands"][0]["minimum"] == "45"


def test_thresholds_stand_still_once_tiers_are_proposed(computed, cast):
    put_at(computed.classification, "proposed")
    with pytest.raises(ValidationError):
        save_thresholds(computed.survey.pk, {4: 50, 3: 20, 2: 10}, user=cast.admin)


def test_without_any_scheme_there_are_no_thresholds_to_change(cast):
    survey = make.make_survey(cast.pref)
    with pytest.raises(NotPossible, match="登録されていない"):
        save_thresholds(survey.pk, {4: 50}, user=cast.admin)


def test_thresholds_out_of_order_are_refused(computed, cast):
    with pytest.raises(ValidationError):
        save_thresholds(computed.survey.pk, {4: 10, 3: 20, 2: 15}, user=cast.admin)
