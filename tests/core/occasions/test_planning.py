"""Conflicts of plans with what is stored."""

import datetime as dt

from dxportal.core.occasions.domain import attendance, moves, write
from dxportal.core.occasions.domain.draft import BodyPart, Guest
from dxportal.core.occasions.domain.planning import Wish, warnings_for
from dxportal.core.occasions.models import BusyPeriod
from dxportal.core.people.models import Supporter
from tests.core.occasions.conftest import draft


def kinds_for(user, *wishes):
    return [[warning.kind for warning in warnings] for warnings in warnings_for(wishes, user=user)]


def test_the_other_meeting_the_group_and_the_person_are_told(cast):
    attendance.record(cast.far.pk, [Guest(user=cast.consultant.pk)], user=cast.staff)
    same_time = draft(BodyPart(group=cast.group.pk))
    town = draft(BodyPart(organization=cast.town.pk), clock="10:30")
    clear = draft(BodyPart(organization=cast.town.pk), clock="11:00")

    assert kinds_for(cast.staff, Wish(same_time)) == [["town"] * 4]  # own, far, and both towns of the group's meeting
    assert kinds_for(cast.staff, Wish(town, frozenset({cast.consultant.pk}))) == [["town", "town", "person"]]
    assert kinds_for(cast.staff, Wish(clear)) == [[]]


def test_a_supporter_and_the_account_of_the_same_are_one_person(cast):
    same = Supporter.objects.create(prefecture=cast.pref, name="伴走 花子", user=cast.consultant)
    other = Supporter.objects.create(prefecture=cast.pref, name="講師 次郎")
    guests = [Guest(user=cast.consultant.pk), Guest(supporter=other.pk)]
    attendance.record(cast.far.pk, guests, user=cast.staff)
    wish = Wish(draft(BodyPart(name="外の会")), supporters=frozenset({same.pk, other.pk}))

    sentences = [warning.sentence for warning in warnings_for([wish], user=cast.staff)[0]]
    assert [sentence.partition("は、")[0] for sentence in sentences] == ["講師 次郎さん", "伴走 花子さん"]


def test_called_off_ones_and_the_stored_one_itself_are_in_nobodys_way(cast):
    itself = Wish(write.draft_of(cast.own), key=cast.own.pk)
    assert kinds_for(cast.staff, itself) == [["town"]]  # the group's meeting

    moves.make_move(cast.joint.pk, "cancel", user=cast.staff, reason="台風")
    assert kinds_for(cast.staff, itself) == [[]]


def test_plans_of_one_go_are_in_each_others_way_too(cast):
    part = BodyPart(organization=cast.town.pk)
    pair = [Wish(draft(part, day="2024-07-03")), Wish(draft(part, day="2024-07-03", title="もう一つ"))]

    assert kinds_for(cast.staff, *pair) == [["town"], ["town"]]


def test_nobody_learns_of_meetings_or_busy_days_that_they_may_not_see(cast):
    BusyPeriod.objects.create(organization=cast.neighbour, first_day="2024-06-12", last_day="2024-06-12")
    both = draft(BodyPart(organization=cast.town.pk), BodyPart(organization=cast.neighbour.pk))

    told = " ".join(warning.sentence for warning in warnings_for([Wish(both)], user=cast.officer)[0])
    assert "隣の月例相談" not in told
    assert "繁忙期" not in told
    assert "近隣の会 定例会" in told
    assert "繁忙期" in " ".join(warning.sentence for warning in warnings_for([Wish(both)], user=cast.staff)[0])


def test_a_year_of_plans_is_looked_at_in_as_many_queries_as_one(cast, django_assert_max_num_queries):
    part = BodyPart(organization=cast.town.pk)
    BusyPeriod.objects.create(organization=cast.town, first_day="2025-03-01", last_day="2025-03-20", kind="assembly")
    year = [draft(part, day=(dt.date(2025, 1, 8) + dt.timedelta(weeks=n)).isoformat()) for n in range(12)]
    with django_assert_max_num_queries(8):
        found = kinds_for(cast.staff, *map(Wish, year))

    assert [number for number, kinds in enumerate(found) if kinds == ["busy"]] == [8, 9, 10]
