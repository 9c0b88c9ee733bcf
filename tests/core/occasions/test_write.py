"""Writing occasions, their attendance and their moves."""

import dataclasses
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dxportal.core.occasions.domain import attendance, moves, write
from dxportal.core.occasions.domain.draft import BodyPart, Guest
from dxportal.core.occasions.models import Occasion, OccasionBody
from dxportal.core.people.models import Supporter
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.core.occasions.conftest import at, draft

SOON = (timezone.localdate() + dt.timedelta(days=7)).isoformat()


def test_one_meeting_counts_as_several_kinds_and_is_one_meeting(cast):
    part = BodyPart(organization=cast.town.pk)
    one = write.create(draft(part, kinds=("monthly", "general_hearing_first", "monthly")), user=cast.consultant)

    assert write.draft_of(one).kinds == ("monthly", "general_hearing_first")
    assert list(Occasion.objects.of_kind("monthly", "general_hearing_first").filter(pk=one.pk)) == [one]


def test_a_year_is_planned_in_as_many_queries_as_a_month(cast, django_assert_max_num_queries):
    part = BodyPart(organization=cast.town.pk)
    with django_assert_max_num_queries(12):
        rows = write.create_many([draft(part, day=f"2025-{month:02}-10") for month in range(1, 13)], user=cast.staff)

    assert [row.day.month for row in rows] == list(range(1, 13))
    assert {write.draft_of(row).bodies for row in rows} == {(part,)}


@pytest.mark.parametrize(
    ("who", "field", "change"),
    [
        ("consultant", "bodies", lambda cast: {"bodies": (BodyPart(organization=cast.neighbour.pk),)}),
        ("consultant", "bodies", lambda _: {"bodies": ()}),
        ("bureau_staff", "bodies", lambda cast: {"bodies": (BodyPart(organization=cast.neighbour.pk),)}),
        ("officer", "bodies", lambda cast: {"bodies": (BodyPart(organization=cast.town.pk),)}),
        ("staff", "bodies", lambda cast: {"bodies": (BodyPart(organization=cast.other_town.pk),)}),
        ("staff", "bodies", lambda _: {"bodies": (BodyPart(name="外"), BodyPart(name="外", role="host"))}),
        ("staff", "bodies", lambda _: {"bodies": (BodyPart(),)}),
        ("staff", "kinds", lambda _: {"kinds": ("nothing",)}),
        ("staff", "title", lambda _: {"title": " "}),
        ("staff", "minutes", lambda _: {"minutes": 1441}),
    ],
)
def test_what_may_not_be_written_is_refused_at_its_field_and_leaves_nothing(cast, who, field, change):
    values = dataclasses.replace(draft(BodyPart(organization=cast.town.pk, role="participant")), **change(cast))
    before = Occasion.objects.count()
    with pytest.raises(NotPossible) as refused:
        write.create(values, user=getattr(cast, who))

    assert list(refused.value.message_dict) == [field]
    assert Occasion.objects.count() == before


def test_viewers_write_nothing(cast):
    with pytest.raises(PermissionDenied):
        write.create(draft(BodyPart(organization=cast.town.pk, role="host")), user=cast.viewer)


def test_a_town_makes_a_meeting_that_it_or_its_group_holds(cast):
    for part in (BodyPart(organization=cast.town.pk, role="host"), BodyPart(group=cast.group.pk)):
        made = write.create(draft(part, BodyPart(organization=cast.neighbour.pk), kinds=()), user=cast.officer)
        assert Occasion.objects.for_user(cast.neighbour_officer).filter(pk=made.pk).exists()


def test_a_change_that_calendars_see_raises_the_sequence_and_others_do_not(cast):
    stored = write.draft_of(cast.own)
    later = dataclasses.replace(stored, starts_at=at("2024-06-19"))
    changed = write.change(cast.own.pk, later, user=cast.staff, revision=1)
    assert (changed.sequence, changed.revision) == (1, 2)

    noted = dataclasses.replace(later, agenda="議題", kinds=("monthly", "optional"))
    changed = write.change(cast.own.pk, noted, user=cast.staff, revision=2)
    assert (changed.sequence, changed.revision) == (1, 3)

    again = write.change(cast.own.pk, noted, user=cast.staff, revision=1)
    assert again.revision == 3  # the same once more is no change, whatever was seen


def test_whoever_saw_something_older_is_told_what_is_stored_now(cast):
    stored = write.draft_of(cast.own)
    write.change(cast.own.pk, dataclasses.replace(stored, title="先の人"), user=cast.staff, revision=1)

    with pytest.raises(Overtaken) as refused:
        write.change(cast.own.pk, dataclasses.replace(stored, title="後の人"), user=cast.admin, revision=1)
    assert refused.value.current.title == "先の人"


def test_a_room_changes_only_the_kinds_of_its_own_book(cast):
    write.count_as(cast.own.pk, ["optional"], among=["monthly", "optional"], user=cast.staff)
    write.count_as(cast.own.pk, ["training"], among=["training"], user=cast.staff)

    assert set(write.draft_of(cast.own).kinds) == {"optional", "training"}


def test_a_body_from_which_somebody_came_is_not_taken_off(cast):
    body = cast.own.bodies.get()
    attendance.record(cast.own.pk, [Guest(body=body.pk, section="総務課", persons=3)], user=cast.staff, revision=1)
    without = dataclasses.replace(write.draft_of(cast.own), bodies=(BodyPart(name="外の会"),))

    with pytest.raises(NotPossible, match="あさひ町"):
        write.change(cast.own.pk, without, user=cast.staff, revision=2)
    with_role = dataclasses.replace(without, bodies=(BodyPart(name="外の会"), BodyPart(organization=cast.town.pk)))
    write.change(cast.own.pk, with_role, user=cast.staff, revision=2)
    assert cast.own.attendances.get().body == body


def test_rows_of_attendance_are_kept_changed_and_removed(cast):
    first = [
        Guest(user=cast.consultant.pk, capacity="concierge", how="online"),
        Guest(section="総務課", persons=4),
        Guest(name="臨時 太郎", section="税務課"),
    ]
    attendance.record(cast.own.pk, first, user=cast.staff, revision=1)
    rows = [attendance.guest_of(row) for row in cast.own.attendances.all()]
    changed = [dataclasses.replace(rows[1], persons=5), dataclasses.replace(rows[0], how="venue"), Guest(name="新 人")]
    attendance.record(cast.own.pk, changed, user=cast.staff, revision=2)

    stored = [attendance.guest_of(row) for row in cast.own.attendances.all()]
    assert [(row.persons, row.name, row.user) for row in stored] == [
        (5, "", None),
        (1, "", cast.consultant.pk),
        (1, "新 人", None),
    ]
    assert [row.pk for row in stored[:2]] == [rows[1].pk, rows[0].pk]
    with pytest.raises(Overtaken):
        attendance.record(cast.own.pk, [], user=cast.staff, revision=2)


def test_two_people_change_places_between_rows(cast):
    people = [Guest(user=cast.staff.pk), Guest(user=cast.admin.pk)]
    attendance.record(cast.own.pk, people, user=cast.staff)
    one, other = (attendance.guest_of(row) for row in cast.own.attendances.all())
    turned = [dataclasses.replace(one, user=other.user), dataclasses.replace(other, user=one.user)]
    attendance.record(cast.own.pk, turned, user=cast.staff)

    assert [row.user for row in cast.own.attendances.all()] == [cast.admin, cast.staff]


@pytest.mark.parametrize(
    "guests",
    [
        lambda cast: [Guest(user=cast.staff.pk), Guest(user=cast.staff.pk)],
        lambda _: [Guest(name="名前", persons=2)],
        lambda _: [Guest(section="課", persons=0)],
        lambda cast: [Guest(body=cast.far.bodies.get().pk)],
        lambda cast: [Guest(user=cast.stranger_staff.pk)],
        lambda cast: [Guest(supporter=supporter(cast).pk), Guest(user=cast.consultant.pk)],
        lambda cast: [Guest(supporter=supporter(cast, cast.other_pref).pk)],
        lambda cast: [Guest(supporter=supporter(cast).pk, persons=2)],
    ],
    ids=[
        "twice",
        "named and two",
        "nobody",
        "another meeting's body",
        "a foreigner",
        "a supporter and the account of the same",
        "a foreign supporter",
        "a supporter who is two",
    ],
)
def test_attendance_that_cannot_be_is_refused(cast, guests):
    with pytest.raises(NotPossible):
        attendance.record(cast.own.pk, guests(cast), user=cast.staff)
    assert not cast.own.attendances.exists()


def supporter(cast, prefecture=None):
    return Supporter.objects.create(prefecture=prefecture or cast.pref, name="伴走 花子", user=cast.consultant)


def test_a_supporter_sees_what_they_attend_by_the_account_behind_them(cast):
    attendance.record(cast.far.pk, [Guest(supporter=supporter(cast).pk, capacity="concierge")], user=cast.staff)

    assert cast.far in Occasion.objects.editable_by(cast.consultant)
    assert str(cast.far.attendances.get()) == "伴走 花子"


def test_from_planned_to_confirmed_and_back(cast):
    moves.make_move(cast.own.pk, "hold", user=cast.consultant)
    moves.make_move(cast.own.pk, "confirm", user=cast.consultant)
    with pytest.raises(NotPossible, match="確定"):
        write.change(cast.own.pk, draft(BodyPart(name="外")), user=cast.staff, revision=3)
    with pytest.raises(NotPossible, match="理由"):
        moves.make_move(cast.own.pk, "reopen", user=cast.staff)
    moves.make_move(cast.own.pk, "reopen", user=cast.staff, reason="人数の誤り")

    assert [log.move for log in cast.own.transitions.all()] == ["reopen", "confirm", "hold"]
    cast.own.refresh_from_db()
    assert (cast.own.state, cast.own.sequence, cast.own.revision) == ("held", 0, 4)


def test_what_lies_ahead_is_not_held_yet(cast):
    ahead = write.create(draft(BodyPart(organization=cast.town.pk), day=SOON), user=cast.staff)
    with pytest.raises(NotPossible, match="まだ"):
        moves.make_move(ahead.pk, "hold", user=cast.staff)


def test_two_postponed_meetings_point_to_the_one_held_in_their_place(cast):
    new = draft(BodyPart(organization=cast.town.pk), day=SOON)
    first = moves.postpone(cast.own.pk, user=cast.consultant, reason="議会のため", draft=new)
    successor = first.replaced_by
    second = write.create(draft(BodyPart(organization=cast.town.pk)), user=cast.consultant)
    moves.postpone(second.pk, user=cast.consultant, reason="議会のため")
    moves.replace(second.pk, successor.pk, user=cast.consultant)

    assert set(successor.replaces.all()) == {first, second}
    assert (first.state, first.sequence) == ("postponed", 2)
    assert list(Occasion.objects.taking_place().filter(pk__in=[first.pk, second.pk])) == []

    moves.postpone(successor.pk, user=cast.consultant, reason="また")
    with pytest.raises(NotPossible, match="振り替えた"):
        moves.replace(successor.pk, first.pk, user=cast.consultant)
    with pytest.raises(NotPossible, match="振り替えた"):
        moves.replace(successor.pk, successor.pk, user=cast.consultant)
    moves.make_move(first.pk, "revive", user=cast.consultant, reason="やはり行う")
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == ("planned", None)


def test_a_meeting_of_several_consultants_towns_is_held_later_with_all_of_them(cast):
    OccasionBody.objects.create(occasion=cast.own, organization=cast.neighbour, position=1)
    later = dataclasses.replace(write.draft_of(cast.own), starts_at=at(SOON))
    successor = moves.postpone(cast.own.pk, user=cast.consultant, reason="台風", draft=later).replaced_by

    assert {body.organization for body in successor.bodies.all()} == {cast.town, cast.neighbour}


def test_only_postponed_ones_have_a_successor_and_only_among_ones_own(cast):
    with pytest.raises(NotPossible, match="延期"):
        moves.replace(cast.own.pk, cast.joint.pk, user=cast.staff)
    moves.postpone(cast.own.pk, user=cast.staff, reason="台風")
    with pytest.raises(PermissionDenied):
        moves.replace(cast.own.pk, cast.far.pk, user=cast.consultant)
