"""Every registered workflow, all pairs of states × moves × roles, against what is written out here."""

import datetime as dt
import itertools

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.domain.answering.moves import RESPONSES
from assessments.domain.surveys.moves import SURVEYS
from assessments.domain.tiers.moves import CLASSIFICATIONS
from assessments.models import Classification, ClassificationRun
from casestudies.domain.contribution.moves import CASES
from casestudies.domain.reading.uptake import UPTAKES
from consultations.domain.actions.moves import ACTIONS
from consultations.domain.questions.moves import QUESTIONS
from consultations.domain.sessions.moving import MOVE_REQUESTS
from consultations.domain.shelf.moves import SHELF
from consultations.domain.topics.moves import TOPICS
from consultations.domain.topics.sharing.contact import CONTACTS
from dxportal.core.accounts.enums import Role
from dxportal.core.occasions.domain.moves import OCCASIONS
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.models import MoveLog
from dxportal.core.workflow.moves import WORKFLOWS, moving
from tests.support import factories as make

TOWN = "officer approver"
PREFECTURE = "prefecture_staff prefecture_admin"
ADMIN = "prefecture_admin"
CONTRIBUTORS = f"{TOWN} {PREFECTURE} consultant"
OFFICE = f"{PREFECTURE} support_staff"
SUPPORTERS = f"{OFFICE} consultant"
PLANNERS = f"{OFFICE} {TOWN} consultant bureau_staff"
UPTAKE_STATES = ("considering", "preparing", "done", "declined")
UPTAKE_MOVES = ("consider", "prepare", "carry_out", "decline")

# (move, from, to): who; a "!" says that a reason is asked for, "clock" that the portal does it by itself, too.
EXPECTED = {
    "assessments.Survey": {
        ("open", "draft", "open"): f"{PREFECTURE} clock",
        ("close", "open", "closed"): f"{PREFECTURE} clock",
        ("reopen", "closed", "open"): PREFECTURE,
    },
    "assessments.Response": {
        ("begin", "not_started", "in_progress"): f"{TOWN} {PREFECTURE}",
        ("request_review", "in_progress", "in_review"): TOWN,
        ("request_review", "returned", "in_review"): TOWN,
        ("withdraw", "in_review", "in_progress"): TOWN,
        ("send_back", "in_review", "returned"): "approver !",
        ("submit", "in_progress", "submitted"): PREFECTURE,
        ("submit", "returned", "submitted"): PREFECTURE,
        ("submit", "in_review", "submitted"): "approver",
        ("confirm", "submitted", "confirmed"): PREFECTURE,
        ("return", "submitted", "returned"): f"{PREFECTURE} !",
        ("return", "confirmed", "returned"): f"{PREFECTURE} !",
    },
    "assessments.Classification": {
        ("hear", "computed", "hearing"): PREFECTURE,
        ("propose", "hearing", "proposed"): PREFECTURE,
        ("publish", "proposed", "published"): ADMIN,
        ("recompute", "hearing", "computed"): PREFECTURE,
        ("hear_again", "proposed", "hearing"): PREFECTURE,
        ("withdraw", "published", "proposed"): f"{ADMIN} !",
    },
    "casestudies.Case": {
        ("submit", "draft", "in_review"): CONTRIBUTORS,
        ("withdraw", "in_review", "draft"): CONTRIBUTORS,
        ("send_back", "in_review", "draft"): f"{PREFECTURE} !",
        ("publish", "draft", "published"): PREFECTURE,
        ("publish", "in_review", "published"): PREFECTURE,
        ("publish", "published", "published"): PREFECTURE,
        ("archive", "published", "archived"): PREFECTURE,
        ("restore", "archived", "draft"): CONTRIBUTORS,
    },
    "consultations.MoveRequest": {
        ("take", "open", "taken"): f"{OFFICE} consultant",
        ("decline", "open", "declined"): f"{OFFICE} consultant !",
        ("withdraw", "open", "withdrawn"): TOWN,
    },
    "consultations.Action": {
        ("carry_out", "open", "done"): f"{CONTRIBUTORS} support_staff",
        ("drop", "open", "dropped"): f"{OFFICE} consultant !",
        ("reopen", "done", "open"): f"{CONTRIBUTORS} support_staff",
        ("reopen", "dropped", "open"): f"{CONTRIBUTORS} support_staff",
    },
    "consultations.ShelfItem": {
        ("release", "draft", "released"): OFFICE,
        ("circulate", "draft", "agreeing"): SUPPORTERS,
        ("forward", "agreeing", "approving"): "clock",
        ("approve", "approving", "released"): f"{OFFICE} !",
        ("object", "agreeing", "draft"): f"{TOWN} !",
        ("send_back", "agreeing", "draft"): f"{SUPPORTERS} !",
        ("send_back", "approving", "draft"): f"{SUPPORTERS} !",
        ("supersede", "released", "superseded"): OFFICE,
        ("withdraw", "released", "withdrawn"): f"{OFFICE} !",
        ("restore", "withdrawn", "draft"): OFFICE,
    },
    "consultations.TownQuestion": {
        ("solve", "open", "solved"): f"{CONTRIBUTORS} support_staff",
        ("withdraw", "open", "withdrawn"): f"{CONTRIBUTORS} support_staff !",
        ("reopen", "solved", "open"): f"{CONTRIBUTORS} support_staff",
        ("reopen", "withdrawn", "open"): f"{CONTRIBUTORS} support_staff",
    },
    "consultations.ContactRequest": {
        **{("agree", source, "agreed"): TOWN for source in ("waiting", "unanswered")},
        **{("decline", source, "declined"): TOWN for source in ("waiting", "unanswered")},
        ("lapse", "waiting", "unanswered"): "clock",
    },
    "consultations.Topic": {
        **{("show", source, "shown"): SUPPORTERS for source in ("noted", "objected", "held", "withdrawn")},
        ("agree", "shown", "released"): TOWN,
        ("object", "shown", "objected"): f"{TOWN} !",
        ("release", "shown", "released"): "clock",
        **{("hold", source, "held"): f"{SUPPORTERS} !" for source in ("noted", "shown", "objected")},
        ("withdraw", "released", "withdrawn"): f"{SUPPORTERS} {TOWN} !",
        **{("revise", source, "noted"): SUPPORTERS for source in ("shown", "objected", "held", "withdrawn")},
    },
    "casestudies.Uptake": {
        (move, source, target): f"{TOWN} {PREFECTURE}"
        for move, target in zip(UPTAKE_MOVES, UPTAKE_STATES, strict=True)
        for source in UPTAKE_STATES
    },
    "occasions.Occasion": {
        ("hold", "planned", "held"): PLANNERS,
        ("confirm", "held", "confirmed"): PLANNERS,
        ("cancel", "planned", "cancelled"): f"{PLANNERS} !",
        ("postpone", "planned", "postponed"): f"{PLANNERS} !",
        ("reopen", "confirmed", "held"): f"{OFFICE} consultant !",
        ("unhold", "held", "planned"): f"{PLANNERS} !",
        ("revive", "cancelled", "planned"): f"{PLANNERS} !",
        ("revive", "postponed", "planned"): f"{PLANNERS} !",
    },
}


def label(workflow):
    return workflow.model._meta.label


def states(workflow):
    return [state for state, _ in workflow.model._meta.get_field(workflow.field).choices]


def test_every_workflow_has_its_table_here():
    assert sorted(map(label, WORKFLOWS)) == sorted(EXPECTED)


TABLES = (
    SURVEYS,
    RESPONSES,
    CLASSIFICATIONS,
    CASES,
    UPTAKES,
    OCCASIONS,
    ACTIONS,
    MOVE_REQUESTS,
    TOPICS,
    CONTACTS,
    QUESTIONS,
    SHELF,
)


@pytest.mark.parametrize("workflow", TABLES, ids=label)
def test_a_table_says_what_is_written_here_for_every_state_move_and_role(workflow):
    expected = EXPECTED[label(workflow)]
    moves = sorted({move for move, _, _ in expected})
    assert sorted(workflow.labels) == moves

    for move, source, target in itertools.product(moves, states(workflow), states(workflow)):
        row = workflow.table.find(move, source)
        wanted = expected.get((move, source, target), "").split()
        leads = row is not None and row.target == target
        assert leads == bool(wanted), (move, source, target)
        for role in Role:
            assert (leads and role in row.roles) == (role in wanted), (move, source, target, role)
        if leads:
            assert (row.by_clock, bool(row.reason)) == ("clock" in wanted, "!" in wanted)


@pytest.mark.parametrize("workflow", TABLES, ids=label)
def test_what_is_possible_follows_from_the_table(workflow):
    expected = EXPECTED[label(workflow)]
    for source, role in itertools.product(states(workflow), Role):
        wanted = {move for (move, start, _), who in expected.items() if start == source and role in who.split()}
        assert workflow.table.possible(source, role) == wanted


def test_every_log_of_moves_is_a_move_log_and_is_written_by_a_workflow():
    logs = {model for model in apps.get_models() if issubclass(model, MoveLog)}

    assert {workflow.log for workflow in WORKFLOWS if workflow.log} == logs


# Real rows, as far as a move changes nothing but the state.
def a_survey(cast):
    return make.make_survey(cast.pref)


def a_response(cast):
    return make.make_response(make.make_survey(cast.pref), cast.town)


def a_classification(cast):
    survey = make.make_survey(cast.pref)
    run = ClassificationRun.objects.create(
        survey=survey, state="complete", input_digest="0" * 64, answers_as_of=timezone.now()
    )
    return Classification.objects.create(survey=survey, run=run, published_at=dt.datetime(2024, 12, 1, tzinfo=dt.UTC))


ROWS = ((SURVEYS, a_survey), (RESPONSES, a_response), (CLASSIFICATIONS, a_classification))
PEOPLE = ("admin", "staff", "officer", "approver", "viewer", "consultant", "bureau_staff", "stranger_staff", "nobody")


@pytest.mark.django_db
@pytest.mark.parametrize(("workflow", "make_row"), ROWS, ids=[label(workflow) for workflow, _ in ROWS])
def test_rows_move_for_exactly_the_people_of_the_table_and_are_logged(cast, workflow, make_row):
    row = make_row(cast)
    rows = workflow.model.objects
    moves = sorted(workflow.labels)
    for move, source, person in itertools.product(moves, states(workflow), PEOPLE):
        rows.filter(pk=row.pk).update(**{workflow.field: source})
        user = getattr(cast, person)
        transition = workflow.table.find(move, source)
        mine = rows.editable_by(user)
        may = transition is not None and user.role in transition.roles and mine.filter(pk=row.pk).exists()
        logged = workflow.log.objects.count() if workflow.log else 0
        try:
            with moving(workflow, mine, row.pk, move, user=user, reason="理由"):
                pass
            moved = True
        except (PermissionDenied, NotPossible):
            moved = False

        row.refresh_from_db()
        assert moved == may, (move, source, person)
        assert getattr(row, workflow.field) == (transition.target if may else source)
        if workflow.log:
            assert workflow.log.objects.count() == logged + may
        if may and workflow.log:
            last = workflow.log.objects.order_by("pk").last()
            assert (last.from_state, last.to_state, last.by, last.by_name) == (
                source,
                transition.target,
                user,
                user.name,
            )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make_row", "workflow", "move", "source", "person"),
    [
        (a_response, RESPONSES, "send_back", "in_review", "approver"),
        (a_response, RESPONSES, "return", "submitted", "staff"),
        (a_classification, CLASSIFICATIONS, "withdraw", "published", "admin"),
    ],
)
def test_a_move_that_needs_a_reason_is_refused_without_and_leaves_no_trace(
    cast, make_row, workflow, move, source, person
):
    row = make_row(cast)
    user = getattr(cast, person)
    workflow.model.objects.filter(pk=row.pk).update(**{workflow.field: source})

    mine = workflow.model.objects.editable_by(user)
    with (
        pytest.raises(NotPossible, match="理由") as refused,
        moving(workflow, mine, row.pk, move, user=user, reason=" 　\n"),
    ):
        pytest.fail("The body ran.")

    row.refresh_from_db()
    assert refused.value.code == "reason_required"
    assert (getattr(row, workflow.field), workflow.log.objects.count()) == (source, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("move", "source"), [("open", "draft"), ("close", "open")])
def test_the_clock_moves_only_what_the_table_gives_it(cast, move, source):
    survey = make.make_survey(cast.pref, state=source)
    with moving(SURVEYS, type(survey).objects.all(), survey.pk, move, user=None) as step:
        assert step.transition.source == source

    survey.refresh_from_db()
    assert survey.state == step.transition.target
    type(survey).objects.filter(pk=survey.pk).update(state="closed")
    with pytest.raises(PermissionDenied), moving(SURVEYS, type(survey).objects.all(), survey.pk, "reopen", user=None):
        pytest.fail("The body ran.")
