"""The calendar and the pages of an occasion."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dxportal.core.occasions.domain import attendance, write
from dxportal.core.occasions.domain.draft import BodyPart, Guest
from dxportal.core.occasions.models import BusyPeriod, Occasion, OccasionKind
from dxportal.core.people.models import Supporter
from tests.core.occasions.conftest import draft
from tests.support.queries import assert_same_queries


def visit(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"occasions:{name}", args=args), query)


def typed(**values):
    rows = values.pop("rows", ())
    data = {
        "title": "近隣の会 定例会",
        "starts_at_day": "令和6年7月3日",
        "starts_at_time": "午後1時半".replace("半", "30分"),
        "minutes": "９０",
        "mode": "both",
        "place": "役場 会議室",
        "kinds": ["group_meeting"],
        "agenda": "一　予算\n二　その他",
        "revision": "0",
        "bodies-TOTAL_FORMS": str(len(rows)),
        "bodies-INITIAL_FORMS": "0",
    }
    for number, row in enumerate(rows):
        data |= {f"bodies-{number}-{name}": value for name, value in row.items()}
    return data | values


def test_the_month_shows_days_off_busy_days_and_only_what_one_may_see(client, cast):
    BusyPeriod.objects.create(organization=cast.town, first_day="2024-06-10", last_day="2024-06-12", kind="assembly")
    page = visit(client, cast.officer, "calendar", month="2024-06").content.decode()

    assert "月例相談" in page
    assert "近隣の会 定例会" in page
    assert "隣の月例相談" not in page
    assert page.count("あさひ町：議会") == 3 + 1  # in the grid, and in the list of days that have a meeting
    assert "憲法記念日" in visit(client, cast.officer, "calendar", month="2024-05").content.decode()
    assert visit(client, cast.officer, "calendar", month="nonsense").status_code == 200


@pytest.mark.parametrize("name", ["calendar", "list"])
def test_the_calendar_costs_the_same_with_many_meetings(client, cast, name):
    parts = [BodyPart(organization=cast.town.pk), BodyPart(group=cast.group.pk)]

    def add(number):
        drafts = [draft(*parts, day=f"2024-06-{10 + number}", title=f"{number}-{n}") for n in range(10)]
        write.store(drafts, prefecture_id=cast.pref.pk)

    client.force_login(cast.staff)
    queries = assert_same_queries(lambda: client.get(reverse(f"occasions:{name}"), {"month": "2024-06"}), add)
    assert queries < 24


def found(response):
    return {occasion.title for _, _, rows in response.context["by_day"] for occasion in rows}


def test_the_list_narrows_by_everything_that_an_occasion_has(client, cast):
    attendance.record(cast.far.pk, [Guest(user=cast.consultant.pk)], user=cast.staff)
    person = Supporter.objects.create(prefecture=cast.pref, name="講師 次郎")
    attendance.record(cast.own.pk, [Guest(supporter=person.pk)], user=cast.staff)
    ask = {
        "municipality": (cast.town.pk, {"月例相談", "近隣の会 定例会"}),
        "bureau": (cast.bureau.pk, {"月例相談", "近隣の会 定例会"}),
        "group": (cast.group.pk, {"近隣の会 定例会"}),
        "person": (f"u:{cast.consultant.pk}", {"隣の月例相談"}),
        "kind": ("monthly", {"月例相談", "隣の月例相談"}),
        "state": ("held", set()),
        "span": ("year", {"月例相談", "隣の月例相談", "近隣の会 定例会"}),
    }
    assert found(visit(client, cast.staff, "list", month="2024-06", person=f"s:{person.pk}")) == {"月例相談"}
    for name, (value, titles) in ask.items():
        assert found(visit(client, cast.staff, "list", month="2024-06", **{name: value})) == titles, name
    assert found(visit(client, cast.staff, "list", month="2024-04", span="quarter")) == ask["span"][1]
    assert found(visit(client, cast.staff, "list", month="2024-04")) == set()
    # A town that one may not see narrows nothing, and tells nothing.
    assert found(visit(client, cast.officer, "list", month="2024-06", municipality=cast.neighbour.pk)) == {
        "月例相談",
        "近隣の会 定例会",
    }


def test_the_list_is_a_workbook(client, cast):
    response = visit(client, cast.consultant, "list", month="2024-06", format="xlsx")
    rows = list(load_workbook(io.BytesIO(response.getvalue())).worksheets[0].values)

    assert [row[4] for row in rows[1:]] == ["月例相談"]
    assert rows[1][1:4] == ("水", "10:00", "11:00")
    assert (rows[1][8], rows[1][9]) == ("あさひ町", "月例")


def test_a_group_meeting_is_made_by_hand_with_its_agenda_and_bodies(client, cast):
    rows = [
        {"body": f"g:{cast.group.pk}", "role": "host"},
        {"name": "となりの広域連合", "section": "総務課", "role": "participant"},
        {"role": "participant"},  # left empty
    ]
    client.force_login(cast.officer)
    response = client.post(reverse("occasions:create"), typed(rows=rows))

    occasion = Occasion.objects.get(place="役場 会議室")
    assert response["Location"] == reverse("occasions:detail", args=[occasion.pk])
    assert (occasion.minutes, timezone.localtime(occasion.starts_at).strftime("%m-%d %H:%M")) == (90, "07-03 13:30")
    assert [str(body) for body in occasion.bodies.all()] == ["近隣の会", "となりの広域連合 総務課"]
    page = client.get(response["Location"]).content.decode()
    for words in ("一　予算", "近隣の会（主催）", "幹事団体：ゆうひ町", "団体どうしの会議", "実施済みにする"):
        assert words in page


def test_what_was_typed_stays_when_rows_are_added_conflicts_asked_for_or_something_is_wrong(client, cast):
    rows = [{"body": f"o:{cast.town.pk}", "role": "host"}]
    client.force_login(cast.officer)
    at_that_time = {"starts_at_day": "2024-06-12", "starts_at_time": "10:30"}
    added = client.post(reverse("occasions:create"), typed(rows=rows, add="bodies")).content.decode()
    checked = client.post(reverse("occasions:create"), typed(rows=rows, check="1", **at_that_time)).content.decode()
    wrong = client.post(reverse("occasions:create"), typed(rows=[{"section": "課"}], minutes="0")).content.decode()
    strange = client.post(reverse("occasions:create"), typed(rows=[{"body": f"o:{cast.town.pk}"}]))

    for page in (added, checked, wrong, strange.content.decode()):
        assert 'value="役場 会議室"' in page
    assert "bodies-2-body" in added
    assert "同じ時間に「月例相談」の予定があります" in checked
    assert "団体を一覧から選ぶか" in wrong
    assert "主催" in " ".join(strange.context["forms"].main.non_field_errors())
    assert Occasion.objects.count() == 3


def test_two_who_change_at_once_see_both_and_may_go_on(client, cast):
    rows = [{"body": f"o:{cast.town.pk}", "role": "participant"}]
    client.force_login(cast.staff)
    address = reverse("occasions:edit", args=[cast.own.pk])
    assert client.post(address, typed(rows=rows, title="先の人", revision="1")).status_code == 302
    late = client.post(address, typed(rows=rows, title="後の人", revision="1"))

    assert late.status_code == 409
    assert "先の人" in late.content.decode()
    assert 'value="後の人"' in late.content.decode()
    again = client.post(address, typed(rows=rows, title="後の人", revision=str(late.context["revision"])))
    assert again.status_code == 302
    cast.own.refresh_from_db()
    assert cast.own.title == "後の人"


def test_attendance_is_entered_row_by_row(client, cast):
    person = Supporter.objects.create(prefecture=cast.pref, name="講師 次郎")
    body = cast.own.bodies.get()
    data = {
        "revision": "1",
        "guests-TOTAL_FORMS": "4",
        "guests-INITIAL_FORMS": "0",
        "guests-0-person": f"s:{person.pk}",
        "guests-0-how": "online",
        "guests-1-person": f"u:{cast.officer.pk}",
        "guests-1-body": body.pk,
        "guests-2-body": body.pk,
        "guests-2-section": "税務課",
        "guests-2-persons": "３人",
        "guests-3-how": "venue",
    }
    client.force_login(cast.consultant)
    address = reverse("occasions:attendance", args=[cast.own.pk])
    assert "講師 次郎" in client.get(address).content.decode()
    assert client.post(address, data | {"guests-2-name": "氏名 有"}).status_code == 200
    assert client.post(address, data).status_code == 302
    stale = client.post(address, data | {"guests-2-persons": "4"})

    assert [(row.persons, row.how) for row in cast.own.attendances.all()] == [(1, "online"), (1, "venue"), (3, "venue")]
    assert stale.status_code == 409
    page = client.get(reverse("occasions:detail", args=[cast.own.pk])).content.decode()
    assert "税務課" in page
    assert '<td class="num">5</td>' in page


def test_moves_ask_for_reasons_and_a_postponed_one_gets_its_successor(client, cast):
    client.force_login(cast.consultant)
    postpone = reverse("occasions:postpone", args=[cast.own.pk])
    day = timezone.localdate() + dt.timedelta(days=30)
    assert "理由" in client.post(postpone, {"revision": "1"}).content.decode()
    half = client.post(postpone, {"reason": "議会", "new_day": day.isoformat()})
    assert "両方" in half.content.decode()
    done = client.post(postpone, {"reason": "議会", "new_day": day.isoformat(), "new_time": "10時", "revision": "1"})

    cast.own.refresh_from_db()
    successor = cast.own.replaced_by
    assert done.status_code == 302
    assert (cast.own.state, successor.day) == ("postponed", day)
    assert "振替先" in client.get(reverse("occasions:detail", args=[cast.own.pk])).content.decode()
    assert "振替元" in client.get(reverse("occasions:detail", args=[successor.pk])).content.decode()
    assert "操作はできません" in client.get(reverse("occasions:hold", args=[cast.own.pk])).content.decode()

    second = write.create(draft(BodyPart(organization=cast.town.pk)), user=cast.consultant)
    client.post(reverse("occasions:postpone", args=[second.pk]), {"reason": "議会"})
    client.post(reverse("occasions:replace", args=[second.pk]), {"successor": successor.pk})
    assert set(successor.replaces.all()) == {cast.own, second}


def test_the_history_tells_who_changed_what(client, cast):
    client.force_login(cast.staff)
    rows = [{"body": f"o:{cast.town.pk}", "role": "participant"}]
    client.post(reverse("occasions:edit", args=[cast.own.pk]), typed(rows=rows, revision="1"))
    page = client.get(reverse("occasions:history", args=[cast.own.pk])).content.decode()

    assert "県 職員" in page
    assert "2024-07-03 13:30" in page


def test_busy_periods_are_written_and_come_to_the_calendar(client, cast):
    data = {
        "organization": cast.town.pk,
        "first_day": "R6.6.3",
        "last_day": "R6.6.21",
        "kind": "assembly",
        "note": "定例会",
    }
    client.force_login(cast.officer)
    assert client.post(reverse("occasions:busy_create"), data | {"last_day": "R6.6.1"}).status_code == 200
    assert client.post(reverse("occasions:busy_create"), data | {"organization": cast.neighbour.pk}).status_code == 200
    assert client.post(reverse("occasions:busy_create"), data).status_code == 302
    assert "すでにあります" in client.post(reverse("occasions:busy_create"), data).content.decode()
    period = BusyPeriod.objects.get()
    assert "議会（定例会）" in visit(client, cast.staff, "calendar", month="2024-06").content.decode()
    client.force_login(cast.officer)
    client.post(reverse("occasions:busy_edit", args=[period.pk]), data | {"note": "6月定例会"})
    assert BusyPeriod.objects.get().note == "6月定例会"
    client.post(reverse("occasions:busy_delete", args=[period.pk]))
    assert not BusyPeriod.objects.exists()


def test_a_group_has_one_of_its_members_as_lead(client, cast):
    client.force_login(cast.admin)
    address = reverse("organizations:group_edit", args=[cast.group.pk])
    wrong = client.post(address, {"name": "近隣の会", "members": [cast.neighbour.pk], "lead": cast.town.pk})
    assert "構成団体の中から" in wrong.content.decode()
    right = client.post(
        address, {"name": "近隣の会", "members": [cast.town.pk, cast.neighbour.pk], "lead": cast.town.pk}
    )

    assert right.status_code == 302
    cast.group.refresh_from_db()
    assert cast.group.lead == cast.town
    assert "幹事団体：あさひ町" in client.get(reverse("organizations:group_list")).content.decode()


def test_a_prefecture_adds_a_kind_of_its_own_and_puts_it_out_of_use(client, cast):
    client.force_login(cast.office)
    data = {"code": "monthly", "name": "訪問", "book": "consultations", "order": "3", "is_active": "on"}
    assert "同じコード" in client.post(reverse("occasions:kind_create"), data).content.decode()
    assert client.post(reverse("occasions:kind_create"), data | {"code": "visit"}).status_code == 302
    kind = OccasionKind.objects.get(code="visit")
    assert kind.prefecture == cast.pref
    assert 'value="visit"' in client.get(reverse("occasions:create")).content.decode()

    del data["is_active"]
    client.post(reverse("occasions:kind_edit", args=[kind.pk]), data)
    assert 'value="visit"' not in client.get(reverse("occasions:create")).content.decode()
    assert "使用しない" in client.get(reverse("occasions:kind_list")).content.decode()
    shared = OccasionKind.objects.get(code="monthly")
    assert client.get(reverse("occasions:kind_edit", args=[shared.pk])).status_code == 403
