"""The pages of actions: board, list, file, paper, forms, handover, karte, home, audit."""

import io

import openpyxl
import pghistory
import pytest
from django.urls import reverse

from consultations.domain.actions import moves
from consultations.models import Action
from dxportal.portal.domain.audit import Wanted, search
from tests.support import factories as make
from tests.support.consultations import an_action, day, get, post
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [line.action.title for line in response.context["rows"]]


def test_the_board_has_overdue_ones_first_and_links_to_the_rest(client, cast):
    for title, due in (("昔の約束", -400), ("昨日まで", -1), ("今日まで", 0), ("遠い先", 60)):
        an_action(cast.town, cast.staff, title, due)
    closed = an_action(cast.town, cast.staff, "済んだこと", -3)
    moves.make_move(closed.pk, "carry_out", user=cast.staff)

    response = get(client, cast.officer, "actions")

    columns = [[line.action.title for line in column.lines] for column in response.context["rows"]]
    assert columns == [["昔の約束", "昨日まで"], ["今日まで"], ["遠い先"], ["済んだこと"]]
    assert "400日超過" in words(response)


def test_the_list_is_filtered_and_sorted_and_nothing_in_an_address_is_an_error(client, cast):
    an_action(cast.town, cast.staff, "窓口を見直す", -5, bearer="town")
    an_action(cast.neighbour, cast.staff, "研修を探す", 5)
    an_action(cast.town, cast.staff, "来年のこと", 800)

    assert titles(get(client, cast.staff, "action_list")) == ["窓口を見直す", "研修を探す", "来年のこと"]
    assert titles(get(client, cast.staff, "action_list", sort="-due"))[0] == "来年のこと"
    assert titles(get(client, cast.staff, "action_list", overdue=1)) == ["窓口を見直す"]
    assert titles(get(client, cast.staff, "action_list", organization=cast.neighbour.pk)) == ["研修を探す"]
    assert titles(get(client, cast.staff, "action_list", q="まどぐち 窓口")) == []
    assert titles(get(client, cast.staff, "action_list", q="窓口", bearer="town")) == ["窓口を見直す"]
    assert titles(get(client, cast.staff, "action_list", year=day(800).year - (day(800).month < 4))) == ["来年のこと"]
    odd = get(client, cast.staff, "action_list", state="x", organization="9" * 30, year="0", sort="x", page="-1")
    assert len(titles(odd)) == 3
    assert titles(get(client, cast.officer, "action_list", organization=cast.neighbour.pk)) != ["研修を探す"]


def test_the_file_holds_what_the_list_shows_and_nothing_that_a_spreadsheet_runs(client, cast):
    an_action(cast.town, cast.staff, "=cmd|' /C calc'!A0", -5)
    an_action(cast.neighbour, cast.staff, "隣の町のこと")

    response = get(client, cast.officer, "action_list", format="xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("期限", "期限超過", "状態", "団体")
    assert [(row[1], row[7]) for row in rows[1:]] == [("5日超過", "=cmd|' /C calc'!A0")]
    assert sheet["H2"].data_type == "s"


def test_paper_holds_all_of_them(client, cast):
    for number in range(60):
        an_action(cast.town, cast.staff, f"約束{number}")

    text = words(get(client, cast.officer, "action_paper"))

    assert all(f"約束{number}" in text for number in range(60))


def test_a_refused_form_keeps_what_was_typed_and_a_good_one_creates_once(client, cast):
    typed = {"organization": cast.town.pk, "title": "紹介する", "bearer": "consultant", "section": "情報課"}

    refused = words(post(client, cast.consultant, "action_create", **typed, due_day="2月30日"))
    saved = post(client, cast.consultant, "action_create", **typed, due_day="R20.4.1")

    assert "情報課" in client.get(saved.url).content.decode()
    assert "期限" in refused
    action = Action.objects.get()
    assert (action.title, action.due_day.isoformat(), action.created_by) == ("紹介する", "2038-04-01", cast.consultant)


def test_a_stranger_town_cannot_be_chosen(client, cast):
    typed = {"title": "紹介する", "bearer": "consultant", "due_day": "R20.4.1"}

    for town in (cast.neighbour, cast.other_town, cast.pref):
        assert post(client, cast.consultant, "action_create", organization=town.pk, **typed).status_code == 200
    assert not Action.objects.exists()


def test_two_who_change_at_once_see_both_and_the_second_may_go_on(client, cast):
    action = an_action(cast.town, cast.staff)
    typed = {"bearer": "prefecture", "due_day": "R20.4.1"}
    post(client, cast.staff, "action_edit", action.pk, title="先の人", revision=1, **typed)

    late = post(client, cast.consultant, "action_edit", action.pk, title="後の人", revision=1, **typed)

    text = late.content.decode()
    assert late.status_code == 409
    assert "先の人" in text
    assert 'value="後の人"' in text
    assert 'name="revision" value="2"' in text
    post(client, cast.consultant, "action_edit", action.pk, title="後の人", revision=2, **typed)
    assert Action.objects.get().title == "後の人"


def test_an_action_is_done_by_its_page_and_told_in_the_history_and_the_audit(client, cast):
    with pghistory.context(user=cast.staff.pk):
        action = an_action(cast.town, cast.staff, bearer="town")

    done = post(client, cast.officer, "action_done", action.pk, result="紹介を受けた")

    text = words(client.get(done.url))
    assert "紹介を受けた" in text
    assert "未完了 → から 完了" in text
    results = search(Wanted(kinds=["action"]), user=cast.admin)
    assert [(item.act, item.place, item.subject, item.who) for item in results[0:10]] == [
        ("変更", "あさひ町", "先行団体を紹介する", "町 担当（あさひ町・市町村担当者）"),
        ("登録", "あさひ町", "先行団体を紹介する", "県 職員"),
    ]
    assert len(search(Wanted(kinds=["action"]), user=cast.stranger_staff)) == 0


def test_a_move_that_is_not_possible_says_so(client, cast):
    action = an_action(cast.town, cast.staff)
    moves.make_move(action.pk, "carry_out", user=cast.staff)

    assert "現在「完了」です" in words(get(client, cast.staff, "action_done", action.pk))
    assert "現在「完了」のため" in words(post(client, cast.staff, "action_done", action.pk))
    assert "入力が必須" in words(
        post(client, cast.staff, "action_drop", an_action(cast.town, cast.staff).pk, result=" ")
    )


def test_open_actions_stand_on_handover_karte_and_home(client, cast):
    an_action(cast.town, cast.staff, "県が調べる", -2)
    an_action(cast.town, cast.staff, "町が決める", 5, bearer="town")
    an_action(cast.neighbour, cast.staff, "隣のこと", 5, bearer="town")
    done = an_action(cast.town, cast.staff, "済んだこと", bearer="town")
    moves.make_move(done.pk, "carry_out", user=cast.staff)
    all_titles = ("県が調べる", "町が決める", "隣のこと", "済んだこと")

    def shown(person, address):
        client.force_login(getattr(cast, person))
        text = words(client.get(address))
        return [title for title in all_titles if title in text]

    handover, home = reverse("accounts:handover"), reverse("portal:home")
    assert shown("officer", handover) == ["町が決める"]
    assert shown("staff", handover) == ["県が調べる"]
    assert shown("consultant", handover) == ["県が調べる", "町が決める"]
    assert shown("officer", home) == shown("consultant", home) == ["県が調べる", "町が決める"]
    assert shown("staff", home) == ["県が調べる", "町が決める", "隣のこと"]
    assert shown("stranger_staff", home) == []
    assert shown("staff", reverse("portal:karte", args=[cast.town.pk])) == ["県が調べる", "町が決める"]


@pytest.mark.parametrize("name", ["actions", "action_list", "action_paper"])
def test_a_list_costs_the_same_for_one_and_three(client, cast, name):
    client.force_login(cast.staff)

    def add(number):
        town = make.make_municipality(cast.bureau)
        an_action(town, cast.staff, due=-number)
        an_action(town, cast.staff, due=number)

    assert assert_same_queries(lambda: client.get(reverse(f"consultations:{name}")), add) <= 17
