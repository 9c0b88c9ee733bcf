"""The pages of sessions, and every door through which a memo could leave."""

import datetime as dt
import io

import openpyxl
import pghistory
import pytest
from django.core import mail
from django.urls import reverse

from consultations.domain.actions import digest
from consultations.models import Action, AgreedFrequency, Session, SessionMemo
from dxportal.core.occasions.models import Attendance
from dxportal.core.people.domain.write import load_capacities
from dxportal.core.people.models import Supporter
from dxportal.core.workflow.texts import mark
from dxportal.portal.domain.audit import Wanted, search
from tests.support import factories as make
from tests.support.consultations import a_session, an_action, at, day, get, hold, log_fields, post, write_memo
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db
SECRET = "町長は人事で迷っている"


def log_page(client, user, session):
    return get(client, user, "session_log", session.pk)


def test_the_form_begins_with_last_times_homework_and_is_saved_in_one_go(client, cast):
    before = hold(a_session(cast.staff, cast.town, due=-31), cast.staff, decisions="窓口を見る")
    Attendance.objects.create(occasion=before.occasion, user=cast.officer)
    done = an_action(cast.town, cast.staff, "宿題その一", -3, bearer="town")
    an_action(cast.town, cast.staff, "宿題その二", 3)
    an_action(cast.neighbour, cast.staff, "隣の宿題", 3)
    session = a_session(cast.staff, cast.town, due=0, clock=dt.time(0, 0))

    page = log_page(client, cast.consultant, session)
    text = words(page)
    assert text.index("前回からの宿題") < text.index("県への要望")
    assert "窓口を見る" in text
    assert "隣の宿題" not in text
    fields = log_fields(page) | {
        "record": ["RPAの相談をした。"],
        "memo": [SECRET],
        "ticked": [str(done.pk)],
        f"result_{done.pk}": ["三つ書き出した"],
        "actions-TOTAL_FORMS": ["1"],
        "actions-0-title": ["講師を探す"],
        "actions-0-bearer": ["consultant"],
        "actions-0-due_day": ["R20.4.1"],
        "guests-TOTAL_FORMS": ["1"],
        "guests-0-section": ["税務課"],
        "guests-0-persons": ["２"],
    }
    saved = post(client, cast.consultant, "session_log", session.pk, **fields)

    assert saved.status_code == 302, words(saved)
    session = Session.objects.select_related("occasion").get(pk=session.pk)
    assert (session.record, session.occasion.state, session.memo.text) == ("RPAの相談をした。", "held", SECRET)
    done.refresh_from_db()
    assert (done.state, done.result) == ("done", "三つ書き出した")
    new = Action.objects.get(title="講師を探す")
    assert (new.session, new.organization, new.bearer) == (session, cast.town, "consultant")
    rows = session.occasion.attendances.order_by("pk")
    assert {row.user for row in rows if row.user} == {cast.consultant, cast.officer}
    assert [(row.section, row.persons) for row in rows if not row.user] == [("税務課", 2)]


def test_a_refused_log_keeps_all_that_was_typed_and_writes_nothing(client, cast):
    session = a_session(cast.staff, cast.town)
    action = an_action(cast.town, cast.staff)
    fields = log_fields(log_page(client, cast.staff, session)) | {
        "record": ["長い話"],
        "ticked": [str(action.pk)],
        f"result_{action.pk}": ["途中の結果"],
        "starts_day": ["2月30日"],
        "actions-TOTAL_FORMS": ["1"],
        "actions-0-title": ["題だけ"],
    }

    response = post(client, cast.staff, "session_log", session.pk, **fields)

    text = response.content.decode()
    assert response.status_code == 200
    assert "長い話" in text
    assert "題だけ" in text
    assert "途中の結果" in text
    assert f'value="{action.pk}" id="ticked-{action.pk}"' in text
    assert "checked" in text.split(f'id="ticked-{action.pk}"')[1][:60]
    action.refresh_from_db()
    assert (Session.objects.get().record, action.state) == ("", "open")


def test_a_supporter_with_an_account_stands_once_among_those_who_may_have_been_there(client, cast):
    supporter = Supporter.objects.create(prefecture=cast.pref, user=cast.consultant, name=cast.consultant.name)
    before = hold(a_session(cast.staff, cast.town, due=-31), cast.staff)
    Attendance.objects.create(occasion=before.occasion, supporter=supporter)
    session = a_session(cast.staff, cast.town)
    Attendance.objects.create(occasion=session.occasion, supporter=supporter)

    boxes = log_page(client, cast.staff, session).context["form"].texts.fields["people"].choices

    assert [key for key, label in boxes if label == cast.consultant.name] == [f"supporter:{supporter.pk}"]


def test_of_two_who_save_at_once_the_second_sees_both_texts_and_may_go_on(client, cast):
    session = a_session(cast.staff, cast.town)
    drawn = log_fields(log_page(client, cast.consultant, session))
    post(client, cast.staff, "session_log", session.pk, **(drawn | {"record": ["先の人の記録"]}))

    late = post(
        client, cast.consultant, "session_log", session.pk, **(drawn | {"record": ["後の人の記録"], "memo": ["控え"]})
    )

    text = late.content.decode()
    assert late.status_code == 409
    assert "先の人の記録" in text
    assert "後の人の記録" in text
    assert "控え" in text
    assert (Session.objects.get().record, SessionMemo.objects.filter(text="控え").exists()) == ("先の人の記録", False)
    again = log_fields(late) | {"record": ["先の人の記録と後の人の記録"]}
    assert post(client, cast.consultant, "session_log", session.pk, **again).status_code == 302
    assert Session.objects.get().record == "先の人の記録と後の人の記録"


def test_a_text_is_saved_as_it_is_typed_and_a_conflict_gives_both(client, cast):
    session = a_session(cast.staff, cast.town)

    saved = post(client, cast.staff, "session_text", session.pk, "record", record="打ちかけ", **{"r:record": mark("")})
    late = post(client, cast.consultant, "session_text", session.pk, "record", record="別の", **{"r:record": mark("")})
    long = post(
        client,
        cast.staff,
        "session_text",
        session.pk,
        "next_meeting",
        next_meeting="長" * 201,
        **{"r:next_meeting": mark("")},
    )

    hidden = [
        post(client, cast.staff, "session_text", session.pk, name, **{name: f"窓口{letter}", f"r:{name}": mark("")})
        for name in ("decisions", "memo")
        for letter in ("\x00", "\u202e")
    ]

    assert [(answer.status_code, "使えない文字" in answer.json()["message"]) for answer in hidden] == [(422, True)] * 4
    assert saved.json()["saved"]["revision"] == mark("打ちかけ")
    assert (late.status_code, late.json()["theirs"]["fields"]) == (409, [["record", "打ちかけ"]])
    assert long.status_code == 422
    assert Session.objects.get().record == "打ちかけ"
    assert post(client, cast.officer, "session_text", session.pk, "record", record="町").status_code == 403
    assert post(client, cast.staff, "session_text", session.pk, "state", state="x").status_code == 403


@pytest.fixture
def secret(cast):
    """A session of the town whose memo holds the secret, as held today and with an open action."""
    with pghistory.context(user=cast.staff.pk):
        session = a_session(cast.staff, cast.town, due=-1)
        write_memo(session, SECRET, cast.staff)
        hold(session, cast.staff, record="表の記録")
    action = an_action(cast.town, cast.staff, due=-1, bearer="town")
    Action.objects.filter(pk=action.pk).update(session=session)
    return session


READERS = ("staff", "admin", "consultant", "office")
OUTSIDERS = ("officer", "approver", "viewer", "bureau_staff", "pref_viewer")


def test_a_memo_is_on_the_page_of_its_readers_and_nowhere_for_others(client, cast, secret):
    cast.office = make.make_user(cast.pref, "support_staff")

    for person in READERS:
        assert SECRET in words(get(client, getattr(cast, person), "session", secret.pk)), person
        assert SECRET in words(get(client, getattr(cast, person), "session_memo", secret.pk)), person
    for person in OUTSIDERS:
        page = get(client, getattr(cast, person), "session", secret.pk).content.decode()
        assert "表の記録" in page, person
        assert SECRET not in page, person
        assert "支援側のメモ" not in page, person
        assert get(client, getattr(cast, person), "session_memo", secret.pk).status_code == 403, person


def test_no_list_file_search_or_other_page_tells_a_memo(client, cast, secret):
    """To nobody, its readers among them: only the session's own page and its form hold it."""
    addresses = [
        reverse("consultations:sessions"),
        reverse("consultations:sessions") + "?format=csv",
        reverse("consultations:actions"),
        reverse("consultations:action_list"),
        reverse("consultations:action", args=[Action.objects.get().pk]),
        reverse("consultations:year_plan"),
        reverse("accounts:handover"),
        reverse("portal:home"),
        reverse("portal:karte", args=[cast.town.pk]),
        reverse("casestudies:search") + "?q=人事",
    ]
    for person in ("staff", "consultant", "officer", "bureau_staff"):
        client.force_login(getattr(cast, person))
        for address in addresses:
            assert SECRET not in client.get(address).content.decode("utf-8", "replace"), (person, address)
    client.force_login(cast.staff)
    assert len(get(client, cast.staff, "sessions", q="人事").context["rows"]) == 0
    book = get(client, cast.staff, "sessions", format="xlsx").content
    cells = [
        str(cell)
        for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)
        for cell in row
    ]
    assert "表の記録" in cells
    assert not [cell for cell in cells if SECRET in cell]


def test_no_mail_tells_a_memo(cast, secret, monkeypatch):
    monkeypatch.setattr(digest, "is_day_off", lambda _: False)
    assert digest.send_all() > 0
    assert not [letter for letter in mail.outbox if SECRET in letter.body + letter.subject]


def test_the_audit_tells_that_a_memo_changed_and_by_whom_and_never_its_text(client, cast, secret):
    results = search(Wanted(kinds=["session_memo"]), user=cast.admin)

    assert [(entry.act, entry.who, entry.changes) for entry in results[0:5]] == [("登録", "県 職員", ())]
    assert len(search(Wanted(text="人事"), user=cast.admin)) == 0
    for user in (cast.officer, cast.bureau_staff, cast.pref_viewer, cast.stranger_staff):
        assert len(search(Wanted(kinds=["session_memo"]), user=user)) == 0
    client.force_login(cast.admin)
    assert SECRET not in client.get(reverse("portal:audit")).content.decode()
    assert SECRET not in get(client, cast.officer, "session", secret.pk).content.decode()


def test_a_form_without_the_right_writes_no_memo(client, cast, secret):
    """A group's own meeting is written by the town; a memo that is sent along goes nowhere."""
    session = a_session(cast.staff, cast.town, kind="group_meeting")
    session.occasion.bodies.update(role="host")
    page = get(client, cast.officer, "session_log", session.pk)
    assert "memo" not in page.context["form"].texts.fields

    post(
        client,
        cast.officer,
        "session_log",
        session.pk,
        **(log_fields(page) | {"memo": ["町が書いた"], "record": ["記録"]}),
    )
    tried = post(client, cast.officer, "session_text", session.pk, "memo", memo="町が書いた", **{"r:memo": mark("")})

    assert tried.status_code == 403
    assert not SessionMemo.objects.filter(session=session).exists()
    assert Session.objects.get(pk=session.pk).record == "記録"


def test_the_list_is_filtered_and_the_address_may_say_anything(client, cast):
    a_session(cast.staff, cast.town, due=5)
    hold(a_session(cast.staff, cast.neighbour, kind="ad_hoc", due=-5), cast.staff, record="窓口の話")

    def shown(**query):
        return [
            row.occasion.bodies.get().organization
            for row in get(client, cast.staff, "sessions", **query).context["rows"]
        ]

    assert shown() == [cast.town, cast.neighbour]
    assert shown(sort="at") == [cast.neighbour, cast.town]
    assert (
        shown(kind="ad_hoc")
        == shown(state="held")
        == shown(q="窓口")
        == shown(organization=cast.neighbour.pk)
        == [cast.neighbour]
    )
    assert len(shown(kind="x", state="y", organization="9" * 40, year="0", page="z")) == 2
    assert [row.kind.code for row in get(client, cast.officer, "sessions").context["rows"]] == ["monthly"]


def test_a_year_is_shown_first_and_written_once(client, cast):
    a_session(cast.staff, cast.town, due=0)  # loads the kinds
    year = day().year - (day().month < 4) + 1
    address = reverse("consultations:year_plan") + f"?year={year}&kind=monthly&months=4&months=5&mode=online"
    client.force_login(cast.staff)
    page = client.get(address)
    shown = page.context["plan"]
    assert len(shown.slots) == 4
    assert Session.objects.count() == 1

    sent = {"year": year, "kind": "monthly", "months": ["4", "5"], "mode": "online", "digest": shown.digest}
    assert client.post(reverse("consultations:year_plan"), sent).status_code == 302
    assert Session.objects.count() == 5
    late = client.post(reverse("consultations:year_plan"), sent | {"form_once": "another"})
    assert late.status_code == 409
    assert Session.objects.count() == 5


def test_a_town_may_want_its_session_every_second_month(client, cast):
    year = day().year - (day().month < 4) + 1
    agreed = {"organization": cast.town.pk, "year": year, "every": "2"}

    assert "2か月に1回" in words(client.get(post(client, cast.consultant, "frequencies", **agreed).url))
    foreign = post(client, cast.consultant, "frequencies", **(agreed | {"organization": cast.neighbour.pk}))

    assert foreign.status_code == 200
    assert [(row.organization, row.every) for row in AgreedFrequency.objects.all()] == [(cast.town, 2)]


def test_a_move_is_asked_for_and_taken_by_pages(client, cast):
    session = a_session(cast.staff, cast.town, due=20)
    moment = {"first_day": day(22).isoformat(), "first_time": "13:30"}
    asked = post(client, cast.officer, "session_ask", session.pk, **moment, reason="議会のため")
    assert "議会のため" in words(client.get(asked.url))
    request = session.move_requests.get()
    chosen = at(22, dt.time(13, 30))

    assert "議会のため" in words(get(client, cast.consultant, "session", session.pk))
    assert (
        post(client, cast.consultant, "request_take", request.pk, chosen=request.proposed[0].isoformat()).status_code
        == 302
    )
    assert Session.objects.get().occasion.starts_at == chosen


@pytest.mark.parametrize("name", ["sessions", "session", "session_log"])
def test_a_page_costs_the_same_for_one_and_three(client, cast, name):
    session = a_session(cast.staff, cast.town, due=0)
    client.force_login(cast.staff)
    address = reverse(f"consultations:{name}", args=[] if name == "sessions" else [session.pk])

    def add(number):
        a_session(cast.staff, cast.town, due=number)
        action = an_action(cast.town, cast.staff, due=number)
        Action.objects.filter(pk=action.pk).update(session=session)
        Attendance.objects.create(occasion=session.occasion, section=f"課{number}")

    assert assert_same_queries(lambda: client.get(address), add) <= 40


def test_who_must_come_and_is_not_entered_is_told_until_they_are(client, cast):
    load_capacities()
    session = a_session(cast.staff, cast.town)

    assert "伴走コンシェルジュの出席が必須です" in words(get(client, cast.staff, "session", session.pk))
    assert "出席が必須です" not in words(get(client, cast.officer, "session", session.pk))
    held = hold(session, cast.staff)
    assert "伴走コンシェルジュの出席が必須です" in words(get(client, cast.staff, "session_confirm", held.pk))
    Attendance.objects.create(occasion=session.occasion, user=cast.consultant, capacity="concierge")
    assert "出席が必須です" not in words(get(client, cast.staff, "session", session.pk))


def test_a_kind_with_a_cap_says_how_many_there_are(client, cast):
    session = a_session(cast.staff, cast.town, kind="optional", due=3)

    assert f"年度に3回まで（{cast.town.name} 1回）" in words(get(client, cast.staff, "session", session.pk))


def test_the_next_session_is_planned_with_the_log_once_and_conflicts_are_told(client, cast):
    session = a_session(cast.staff, cast.town, due=0, clock=dt.time(0, 0))
    a_session(cast.staff, cast.town, kind="ad_hoc", due=30)
    drawn = log_fields(log_page(client, cast.consultant, session))
    half = post(client, cast.consultant, "session_log", session.pk, **(drawn | {"next_day": [str(day(30))]}))
    assert "日付と時刻を両方" in words(half)
    sent = drawn | {"next_day": [str(day(30))], "next_time": ["10時"], "record": ["話した"]}

    saved = client.post(reverse("consultations:session_log", args=[session.pk]), sent, follow=True)

    assert "次回について確かめてください" in words(saved)
    following = Session.objects.get(kind__code="monthly", occasion__starts_at=at(30))
    assert [body.organization for body in following.occasion.bodies.all()] == [cast.town]
    assert following.occasion.state == "planned"
    again = log_fields(log_page(client, cast.staff, session)) | {"next_day": [str(day(30))], "next_time": ["10時"]}
    assert post(client, cast.staff, "session_log", session.pk, **again).status_code == 302
    assert Session.objects.filter(kind__code="monthly").count() == 2
    past = again | {"next_day": [str(day(-30))]}
    assert "今回より後の日時" in words(post(client, cast.staff, "session_log", session.pk, **past))
