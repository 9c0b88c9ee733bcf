"""Past sessions from a workbook: errors by cell, nothing before the confirmation, nothing double, exports come back."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consultations.domain.actions import moves as action_moves
from consultations.intake.register.sheets import ACTION_COLUMNS, ACTIONS, SESSION_COLUMNS, SESSIONS
from consultations.models import Action, Session
from dxportal.core.intake.export import Sheet, workbook
from dxportal.core.occasions.domain.kinds import load_kinds
from tests.support.consultations import a_session, an_action, get, hold, post
from tests.support.reading import words

pytestmark = pytest.mark.django_db
PAST = dt.date(2024, 5, 10)


def session_row(town, **values):
    row = {
        "番号": "", "日付": PAST, "開始": "10:00", "時間（分）": 90, "種別": "月例", "団体": town.name,
        "開催方法": "オンライン", "会場": "", "件名": "五月の相談", "状態": "確定", "記録": "一行目\n二行目", "決まったこと": "試す",
    }  # fmt: skip
    return [(row | values).get(heading, "") for heading in SESSION_COLUMNS]


def action_row(town, **values):
    row = {
        "相談の番号": "", "団体": town.name, "内容": "講師を探す", "対応する側": "団体", "期限": dt.date(2024, 6, 1),
        "状態": "完了", "結果・理由": "見つかった", "完了・取りやめの日": dt.date(2024, 5, 30),
    }  # fmt: skip
    return [(row | values).get(heading, "") for heading in ACTION_COLUMNS]


def book_of(sessions, actions=()):
    return workbook([Sheet(SESSIONS, SESSION_COLUMNS, sessions), Sheet(ACTIONS, ACTION_COLUMNS, actions)])


def send(client, user, content, name="相談.xlsx"):
    load_kinds()
    return post(client, user, "register_import", file=SimpleUploadedFile(name, content))


def confirm(client, user, page):
    return post(client, user, "register_import", token=page.context["confirmation"]["token"].value(), seen="")


def test_past_sessions_and_their_actions_are_written_once_confirmed_and_never_double(client, cast):
    rows = [session_row(cast.town, 番号="新1"), session_row(cast.town, 日付=dt.date(2024, 6, 10), 状態="実施")]
    content = book_of(rows, [action_row(cast.town, 相談の番号="新1")])

    page = send(client, cast.staff, content)
    assert (page.context["new_sessions"], page.context["new_actions"]) == (2, 1)
    assert not Session.objects.exists()
    assert confirm(client, cast.staff, page).status_code == 302

    first, second = Session.objects.select_related("occasion", "kind").order_by("occasion__starts_at")
    assert (first.record, first.decisions, first.kind.code) == ("一行目\n二行目", "試す", "monthly")
    assert (first.occasion.state, second.occasion.state, first.occasion.minutes) == ("confirmed", "held", 90)
    assert [step.move for step in first.occasion.transitions.order_by("pk")] == ["hold", "confirm"]
    action = Action.objects.get()
    assert (action.session, action.state, action.result, action.bearer) == (first, "done", "見つかった", "town")
    assert f"{action.closed_at:%Y-%m-%d}" == "2024-05-30"
    again = send(client, cast.staff, content)
    assert (again.context["new_sessions"], again.context["new_actions"], again.context["same"]) == (0, 0, 3)
    assert again.context["confirmation"] is None
    # The first page's button once more: what was taken is taken.
    assert "取り込み" in words(confirm(client, cast.staff, page))
    assert (Session.objects.count(), Action.objects.count()) == (2, 1)


def test_every_error_stands_at_its_cell_and_nothing_is_taken(client, cast):
    rows = [
        session_row(cast.town, 日付="2月30日", 種別="知らない種別"),
        session_row(cast.town, 団体=f"{cast.town.name}、どこかの町"),
        session_row(cast.town, 日付=dt.date(2031, 1, 1)),
        session_row(cast.town, 番号="7", 状態="予定"),
        session_row(cast.town, 日付=dt.date(2024, 7, 1)),
        session_row(cast.town, 日付=dt.date(2024, 7, 1)),
    ]
    actions = [action_row(cast.town, 相談の番号="新9", 状態="未完了", 内容="")]

    page = send(client, cast.staff, book_of(rows, actions))

    cells = {(error.sheet, error.cell) for error in page.context["errors"]}
    assert {
        (SESSIONS, "B2"),
        (SESSIONS, "E2"),
        (SESSIONS, "F3"),
        (SESSIONS, "B4"),
        (SESSIONS, "A5"),
        (SESSIONS, "A7"),
    } <= cells
    assert {(ACTIONS, "B2"), (ACTIONS, "D2"), (ACTIONS, "L2")} <= cells
    assert "どこかの町" in words(page)
    assert not Session.objects.exists()
    assert "見出し" in words(send(client, cast.staff, workbook([Sheet("表", ("a", "b"), [(1, 2)])])))


def test_what_was_exported_comes_back_unchanged_and_a_change_is_told(client, cast):
    session = hold(
        a_session(cast.staff, cast.town, due=-3),
        cast.staff,
        record="=文書\n二行目",
        decisions="-1",
        next_meeting="来月",
    )
    a_session(cast.staff, cast.town, cast.neighbour, due=5)
    action = an_action(cast.town, cast.staff, "宿題", 3)
    Action.objects.filter(pk=action.pk).update(session=session)
    closed = an_action(cast.town, cast.staff, "済み", -3)
    action_moves.make_move(closed.pk, "carry_out", user=cast.staff, result="できた")
    exported = b"".join(get(client, cast.staff, "register_export"))

    page = send(client, cast.staff, exported)

    assert "errors" not in page.context, page.context["errors"]
    assert (page.context["new_sessions"], page.context["new_actions"]) == (0, 0)
    assert page.context["same"] == Session.objects.count() + Action.objects.count()
    book = openpyxl.load_workbook(io.BytesIO(exported))
    sheet = book[SESSIONS]
    sheet.cell(2, SESSION_COLUMNS.index("記録") + 1).value = "書き換えた"
    changed = io.BytesIO()
    book.save(changed)
    refused = send(client, cast.staff, changed.getvalue())
    assert [error.code for error in refused.context["errors"]] == ["changed"]


def test_a_consultant_brings_in_the_own_towns_and_the_office_confirms_nothing(client, cast):
    foreign = send(client, cast.consultant, book_of([session_row(cast.neighbour)]))
    assert [error.code for error in foreign.context["errors"]] == ["unknown_body"]
    office = send(client, cast.office, book_of([session_row(cast.town)]))
    assert [error.code for error in office.context["errors"]] == ["confirming"]
    own = send(client, cast.consultant, book_of([session_row(cast.town)]))
    assert confirm(client, cast.consultant, own).status_code == 302
    assert Session.objects.get().occasion.state == "confirmed"


def test_somebody_who_was_faster_keeps_the_file_from_being_written_twice(client, cast):
    slow = send(client, cast.staff, book_of([session_row(cast.town)]))
    fast = send(client, cast.consultant, book_of([session_row(cast.town)]))
    assert confirm(client, cast.consultant, fast).status_code == 302

    late = confirm(client, cast.staff, slow)

    assert late.status_code == 409
    assert "もう一度ファイルを選んで" in late.content.decode()
    assert Session.objects.count() == 1
