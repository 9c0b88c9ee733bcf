"""Creating, changing and moving actions: who may, what stays, what is refused."""

import pytest
from django.core.exceptions import PermissionDenied

from consultations.domain.actions import moves, write
from consultations.models import Action
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support import factories as make
from tests.support.consultations import an_action, content

pytestmark = pytest.mark.django_db
WRITERS = {"consultant", "staff", "admin", "officer", "approver"}
EVERYBODY = (
    "consultant", "staff", "admin", "officer", "approver", "viewer", "bureau_staff", "far_bureau_staff", "pref_viewer",
    "neighbour_officer", "stranger_staff", "nobody",
)  # fmt: skip


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_may_create_for_a_town(cast, person):
    user = getattr(cast, person)
    wanted = content(bearer="town")
    if person in WRITERS:
        assert write.create(cast.town.pk, wanted, user=user).created_by == user
    else:
        with pytest.raises(PermissionDenied):
            write.create(cast.town.pk, wanted, user=user)


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_reads_and_who_changes(cast, person):
    own = an_action(cast.town, cast.staff, bearer="town")
    theirs = an_action(cast.town, cast.staff, bearer="prefecture")
    user = getattr(cast, person)
    readers = WRITERS | {"viewer", "bureau_staff", "pref_viewer"}

    assert set(Action.objects.for_user(user)) == ({own, theirs} if person in readers else set())
    changed = {own, theirs} if person in {"consultant", "staff", "admin"} else {own}
    assert set(Action.objects.editable_by(user)) == (changed if person in WRITERS else set())


def test_a_consultant_of_other_towns_neither_reads_nor_writes(cast):
    an_action(cast.neighbour, cast.staff)

    assert not Action.objects.for_user(cast.consultant).exists()
    with pytest.raises(PermissionDenied):
        write.create(cast.neighbour.pk, content(), user=cast.consultant)


def test_an_ended_charge_takes_the_actions_out_of_sight_and_a_new_one_hands_them_over(cast):
    action = an_action(cast.town, cast.staff)
    cast.consultant.memberships.get().assignments.all().delete()
    successor = make.make_user(cast.pref, "consultant")
    make.assign(successor, cast.town)

    assert not Action.objects.for_user(cast.consultant).exists()
    assert list(Action.objects.editable_by(successor)) == [action]


def test_the_office_of_the_support_team_chases_for_every_town(cast):
    office = make.make_user(cast.pref, "support_staff")
    action = an_action(cast.neighbour, office)

    assert list(Action.objects.editable_by(office)) == [action]
    assert moves.make_move(action.pk, "drop", user=office, result="重複").state == "dropped"
    with pytest.raises(PermissionDenied):
        write.create(cast.other_town.pk, content(), user=office)


def test_a_town_burdens_itself_alone(cast):
    with pytest.raises(NotPossible) as refused:
        write.create(cast.town.pk, content(bearer="prefecture"), user=cast.officer)

    assert "bearer" in refused.value.error_dict


def test_a_stale_change_is_overtaken_and_the_same_again_is_not(cast):
    action = an_action(cast.town, cast.staff)
    first = write.change(action.pk, content("改めた"), user=cast.staff, revision=1)

    with pytest.raises(Overtaken) as refused:
        write.change(action.pk, content("別の人"), user=cast.consultant, revision=1)
    assert refused.value.current.title == "改めた"
    assert write.change(action.pk, content("改めた"), user=cast.consultant, revision=1).revision == first.revision == 2


def test_what_is_done_is_logged_with_its_result_and_can_be_opened_again(cast):
    action = an_action(cast.town, cast.staff, bearer="town")

    done = moves.make_move(action.pk, "carry_out", user=cast.officer, result=" 三団体を訪ねた ")
    assert (done.state, done.result, done.closed_at is not None) == ("done", "三団体を訪ねた", True)
    with pytest.raises(NotPossible, match="未完了に戻す"):
        write.change(action.pk, content("後から", bearer="town"), user=cast.officer, revision=2)
    again = moves.make_move(action.pk, "reopen", user=cast.staff, result="一団体が残っていた")

    assert (again.state, again.result, again.closed_at) == ("open", "", None)
    log = [(step.move, step.by_name, step.comment) for step in action.transitions.all()]
    assert log == [("reopen", "県 職員", "一団体が残っていた"), ("carry_out", "町 担当", "三団体を訪ねた")]


def test_dropping_asks_for_a_reason_and_is_not_for_the_town(cast):
    action = an_action(cast.town, cast.staff, bearer="town")

    with pytest.raises(NotPossible, match="理由"):
        moves.make_move(action.pk, "drop", user=cast.consultant, result=" 　")
    with pytest.raises(PermissionDenied):
        moves.make_move(action.pk, "drop", user=cast.officer, result="やめたい")
    assert moves.make_move(action.pk, "drop", user=cast.consultant, result="国の方針が変わった").state == "dropped"
