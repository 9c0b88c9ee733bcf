"""Making, logging, moving sessions: who may, what stays, what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from consultations.domain.sessions import kinds, log, memo, moving, planning, replies, write
from consultations.domain.sessions.planning import PlanWish
from consultations.models import AgreedFrequency, MoveRequest, Session
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.models import Attendance, BusyPeriod
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Group
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.texts import TypedText, mark
from tests.support import factories as make
from tests.support.consultations import a_session, at, day, hold, write_memo

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast):
    return make.make_user(cast.pref, "support_staff")


def people(cast, office) -> dict:
    return {name: user for name, user in vars(cast).items() if hasattr(user, "email")} | {"office": office}


def test_who_sees_and_who_writes_a_session_of_a_town(cast, office):
    session = a_session(cast.staff, cast.town)
    everybody = people(cast, office)

    seen = {name for name, user in everybody.items() if session in Session.objects.for_user(user)}
    written = {name for name, user in everybody.items() if session in Session.objects.editable_by(user)}
    with_memo = {name for name, user in everybody.items() if session in Session.objects.with_memo_for(user)}

    writers = {"staff", "admin", "office", "consultant"}
    assert written == with_memo == writers
    assert seen == writers | {"officer", "approver", "viewer", "bureau_staff", "pref_viewer"}


def test_a_consultant_who_only_attends_neither_writes_nor_reads_the_memo(cast):
    session = a_session(cast.staff, cast.neighbour)
    Attendance.objects.create(occasion=session.occasion, user=cast.consultant)

    assert session in Session.objects.for_user(cast.consultant)
    assert session not in Session.objects.editable_by(cast.consultant)
    assert session not in Session.objects.with_memo_for(cast.consultant)
    with pytest.raises(PermissionDenied):
        memo.save(session.pk, TypedText("のぞく", mark("")), user=cast.consultant)


def test_a_town_makes_meetings_of_its_own_and_no_consultations(cast):
    load_kinds()
    assert set(write.kinds_for(cast.officer, 2026)) == {"group_meeting"}
    with pytest.raises(NotPossible):
        a_session(cast.officer, cast.town, kind="monthly")


def test_the_cap_of_a_kind_is_kept_for_each_town_and_called_off_ones_do_not_count(cast):
    middle = (dt.date(fiscal_year_of(day()), 10, 1) - day()).days  # all in one fiscal year
    sessions = [a_session(cast.staff, cast.town, kind="optional", due=middle + n) for n in range(3)]

    with pytest.raises(NotPossible, match="上限の3回"):
        a_session(cast.staff, cast.town, kind="optional", due=middle + 5)
    assert a_session(cast.staff, cast.neighbour, kind="optional", due=middle + 5).pk
    write.make_move(sessions[0], "cancel", user=cast.staff, reason="議会")
    assert a_session(cast.staff, cast.town, kind="optional", due=middle + 6).pk


def test_settings_of_a_kind_hold_from_their_year_on_and_only_in_their_prefecture(cast, office):
    load_kinds()
    assert kinds.rules_of(cast.pref.pk, 2025)["optional"].cap == 3
    values = {"target": 12, "cap": 1, "minutes": 45, "attendance": {"concierge": "must"}, "lead": "manager"}

    kinds.decide("optional", 2026, values, user=office)

    assert [kinds.rules_of(cast.pref.pk, year)["optional"].cap for year in (2025, 2026, 2027)] == [3, 1, 1]
    assert kinds.rules_of(cast.other_pref.pk, 2026)["optional"].cap == 3
    assert kinds.rules_of(cast.pref.pk, 2026)["optional"].rule_for("concierge").label == "必須"
    for user in (cast.consultant, cast.officer, cast.bureau_staff):
        with pytest.raises(PermissionDenied):
            kinds.decide("optional", 2026, values, user=user)


def test_the_kinds_that_come_with_the_portal_are_kinds_of_occasions(cast):
    load_kinds()
    assert set(kinds.shipped()) == set(kinds.occasion_kinds(cast.pref.pk))


def test_two_writers_of_a_text_lose_nothing_and_a_repeated_save_is_no_conflict(cast):
    session = a_session(cast.staff, cast.town)
    save = log.save_text
    save(session.pk, "record", TypedText("先の人", mark("")), user=cast.staff)

    with pytest.raises(Overtaken) as refused:
        save(session.pk, "record", TypedText("後の人", mark("")), user=cast.consultant)
    assert [(each.stored, each.typed) for each in refused.value.current] == [("先の人", "後の人")]
    assert save(session.pk, "record", TypedText("先の人", mark("")), user=cast.consultant) == "先の人"
    assert save(session.pk, "decisions", TypedText("別の欄", mark("")), user=cast.consultant) == "別の欄"


def test_a_confirmed_record_stays_as_it_is(cast):
    session = hold(a_session(cast.staff, cast.town), cast.staff, record="話した")
    write.make_move(session, "confirm", user=cast.staff)

    with pytest.raises(NotPossible, match="確定"):
        log.save_text(session.pk, "record", TypedText("直す", mark("話した")), user=cast.staff)


def test_a_year_is_planned_for_every_town_and_month_and_written_once(cast, office):
    load_kinds()
    year = fiscal_year_of(day()) + 1
    june = (dt.date(year, 6, 1), dt.date(year, 6, 20))
    BusyPeriod.objects.create(organization=cast.town, first_day=june[0], last_day=june[1])
    AgreedFrequency.objects.create(organization=cast.neighbour, fiscal_year=year, every=2)
    wish = PlanWish(year, "monthly", (*range(4, 13), 1, 2, 3))
    plan = planning.plan(wish, user=office)

    assert (len(plan.slots), len({slot.starts_at.date().month for slot in plan.slots})) == (18, 12)
    assert not [
        slot for slot in plan.slots if slot.town == cast.town.pk and june[0] <= slot.starts_at.date() <= june[1]
    ]
    made = planning.carry_out(wish, plan.digest, user=office)

    assert len(made) == Session.objects.count() == 18
    assert Attendance.objects.filter(user=cast.consultant).count() == 12
    with pytest.raises(Overtaken):
        planning.carry_out(wish, plan.digest, user=office)
    assert planning.plan(wish, user=office).slots == ()
    assert Session.objects.count() == 18


def test_a_plan_that_changed_since_it_was_shown_is_not_written(cast, office):
    load_kinds()
    wish = PlanWish(fiscal_year_of(day()) + 1, "monthly", (4, 5))
    plan = planning.plan(wish, user=office)
    slot = plan.slots[0].starts_at.date()
    BusyPeriod.objects.create(organization_id=plan.slots[0].town, first_day=slot, last_day=slot)

    with pytest.raises(Overtaken) as refused:
        planning.carry_out(wish, plan.digest, user=office)
    assert refused.value.current.digest != plan.digest
    assert not Session.objects.exists()


def test_a_consultant_plans_for_the_towns_in_charge_alone(cast):
    load_kinds()
    wish = PlanWish(fiscal_year_of(day()) + 1, "monthly", (4, 5))

    assert {slot.town for slot in planning.plan(wish, user=cast.consultant).slots} == {cast.town.pk}


def test_one_is_shifted_alone_or_with_all_that_follow(cast):
    first, second, third = (a_session(cast.staff, cast.town, due=due) for due in (30, 60, 90))
    other = a_session(cast.staff, cast.neighbour, due=60)

    moving.shift(second.pk, at(61), user=cast.consultant)
    assert [each.occasion.starts_at for each in Session.objects.filter(pk__in=(first.pk, third.pk))] == [at(30), at(90)]
    moved = moving.shift(first.pk, at(37), user=cast.consultant, following=True)

    assert [each.pk for each in moved] == [first.pk, second.pk, third.pk]
    days = [Session.objects.get(pk=each.pk).occasion.day for each in (first, second, third)]
    assert days[0] == day(37)
    assert days[1] >= day(68)
    assert days[2] >= day(97)
    assert not [each for each in days[1:] if each.weekday() >= 5]
    assert Session.objects.get(pk=other.pk).occasion.starts_at == at(60)


def test_a_town_asks_for_another_time_and_the_consultant_takes_one(cast):
    session = a_session(cast.staff, cast.town, due=20)
    request = moving.ask(session.pk, [at(22), at(23)], reason="議会", user=cast.officer)

    with pytest.raises(NotPossible, match="待っている"):
        moving.ask(session.pk, [at(24)], reason="", user=cast.approver)
    with pytest.raises(NotPossible, match="候補"):
        moving.answer(request.pk, "take", user=cast.consultant, chosen=at(25))
    with pytest.raises(PermissionDenied):
        moving.answer(request.pk, "take", user=cast.officer, chosen=at(22))
    assert moving.waiting(cast.consultant) == 1
    moving.answer(request.pk, "take", user=cast.consultant, chosen=at(23))

    assert Session.objects.get(pk=session.pk).occasion.starts_at == at(23)
    assert MoveRequest.objects.get().state == "taken"
    with pytest.raises(NotPossible):
        moving.answer(request.pk, "decline", user=cast.consultant, reason="遅い")


def test_others_do_not_ask_and_the_past_is_not_proposed(cast):
    session = a_session(cast.staff, cast.town, due=20)

    for user in (cast.neighbour_officer, cast.viewer, cast.bureau_staff, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            moving.ask(session.pk, [at(22)], reason="", user=user)
    with pytest.raises(NotPossible, match="これから先"):
        moving.ask(session.pk, [at(-1)], reason="", user=cast.officer)


def test_the_town_confirms_the_record_or_says_what_is_not_right(cast):
    session = a_session(cast.staff, cast.town)
    with pytest.raises(PermissionDenied):  # it has not taken place
        replies.reply(session.pk, agrees=True, comment="", user=cast.officer)
    hold(session, cast.staff)

    first = replies.reply(session.pk, agrees=False, comment="日付が違う", user=cast.officer)
    assert replies.reply(session.pk, agrees=False, comment="日付が違う", user=cast.officer) == first
    replies.reply(session.pk, agrees=True, comment="", user=cast.approver)

    assert [(each.agrees, each.by_name) for each in session.replies.all()] == [(True, "町 承認"), (False, "町 担当")]
    with pytest.raises(PermissionDenied):
        replies.reply(session.pk, agrees=True, comment="", user=cast.neighbour_officer)


def test_a_group_meets_without_a_consultant_and_keeps_its_own_record(cast):
    load_kinds()
    group = Group.objects.create(prefecture=cast.pref, name="近隣の会", lead=cast.town)
    group.members.set([cast.town, cast.neighbour])
    session = a_session(cast.staff, cast.town, kind="group_meeting")
    session.occasion.bodies.update(role="host")

    log.save_text(session.pk, "record", TypedText("幹事が書いた", mark("")), user=cast.officer)

    assert Session.objects.get().record == "幹事が書いた"
    assert session not in Session.objects.with_memo_for(cast.officer)


def test_versions_of_a_memo_are_for_its_readers(cast):
    session = a_session(cast.staff, cast.town)
    write_memo(session, "初版のメモ", cast.staff)
    write_memo(session, "二版のメモ", cast.consultant)

    assert [version.text for version in memo.versions(session, user=cast.consultant)] == ["二版のメモ", "初版のメモ"]
    for user in (cast.officer, cast.bureau_staff, cast.pref_viewer, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            memo.versions(session, user=user)
