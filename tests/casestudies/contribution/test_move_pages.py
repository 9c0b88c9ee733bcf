import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from casestudies.domain.contribution import moves, write
from casestudies.models import Case
from dxportal.portal.domain.audit import TRAILS, Wanted, search


def url(name, case, **more):
    return reverse(f"casestudies:{name}", kwargs={"source_id": case.source_id, **more})


def act(client, user, name, case, **data):
    client.force_login(user)
    return client.post(url(name, case), data, follow=True)


def state(case):
    return Case.objects.values_list("state", "audience").get(pk=case.pk)


def test_from_draft_to_public_and_back_through_the_pages(client, cast, write_case):
    case = write_case(cast.officer)

    act(client, cast.officer, "submit", case, comment="お願いします")
    assert state(case) == ("in_review", "prefecture")
    assert "お願いします" in client_page(client, cast.staff, "review", case)
    act(client, cast.staff, "return", case, comment="成果を足してください")
    assert "成果を足してください" in client_page(client, cast.officer, "review", case)
    act(client, cast.officer, "submit", case)
    page = act(client, cast.staff, "publish", case, audience="everyone")
    assert "公開しました" in page.content.decode()
    assert state(case) == ("published", "everyone")
    act(client, cast.staff, "archive", case)
    assert state(case) == ("archived", "everyone")
    page = act(client, cast.staff, "restore", case)
    assert state(case) == ("draft", "everyone")
    assert page.redirect_chain[-1][0] == reverse("casestudies:manage")  # a municipality's draft is out of staff's sight


def client_page(client, user, name, case):
    client.force_login(user)
    return client.get(url(name, case)).content.decode()


@pytest.mark.parametrize(
    ("name", "person"),
    [("publish", "officer"), ("return", "approver"), ("archive", "officer"), ("withdraw", "staff"), ("submit", "staff"),
     ("withdraw", "viewer"), ("publish", "pref_viewer")],
)  # fmt: skip
def test_a_move_of_others_is_forbidden(client, cast, write_case, name, person):
    case = write_case(cast.officer, state="in_review")
    client.force_login(getattr(cast, person))

    answer = client.post(url(name, case), {"audience": "everyone", "comment": "x"})

    assert answer.status_code in (403, 404)
    assert state(case)[0] == "in_review"


def test_staff_of_another_prefecture_do_not_even_find_it(client, cast, write_case):
    case = write_case(cast.officer, state="in_review")
    client.force_login(cast.stranger_staff)

    assert client.post(url("publish", case), {"audience": "everyone"}).status_code == 404
    assert state(case)[0] == "in_review"


def test_a_refused_move_says_why_and_keeps_what_was_typed(client, cast, write_case):
    case = write_case(cast.officer, state="in_review")

    page = act(client, cast.staff, "publish", case, comment="ひとこと").content.decode()
    assert "選択してください" in page
    assert "ひとこと" in page
    page = act(client, cast.staff, "return", case, comment="あ" * 10_000).content.decode()
    assert "1000文字以内" in page
    assert state(case)[0] == "in_review"


def test_a_second_click_says_what_state_the_case_is_in(client, cast, write_case):
    case = write_case(cast.officer)
    act(client, cast.officer, "submit", case)

    page = act(client, cast.officer, "submit", case).content.decode()

    assert "現在「県の確認中」のため" in page
    assert case.transitions.count() == 1


def test_the_review_shows_the_changes_beside_each_other(client, cast, write_case, form_data):
    case = write_case(cast.officer, state="in_review")
    moves.make_move(case.pk, "send_back", user=cast.staff, comment="直す")
    client.force_login(cast.officer)
    client.post(url("edit", case), form_data(revision=case.revision, outcome="待ち時間が三分の一になった。"))
    moves.make_move(case.pk, "submit", user=cast.officer)

    page = client_page(client, cast.staff, "review", case)

    assert "待ち時間が半分になった。" in page
    assert "待ち時間が三分の一になった。" in page


def test_deleting_asks_first(client, cast, write_case):
    case = write_case(cast.officer)
    client.force_login(cast.officer)

    assert "元に戻せません" in client.get(url("delete", case)).content.decode()
    assert Case.objects.filter(pk=case.pk).exists()
    client.post(url("delete", case))
    assert not Case.objects.filter(pk=case.pk).exists()


def test_the_history_page_tells_who_and_what(client, cast, write_case, form_data):
    case = write_case(cast.officer)
    client.force_login(cast.approver)
    client.post(url("edit", case), form_data(revision=case.revision, title="承認者の題"))

    page = client.get(url("history", case)).content.decode()

    assert "町 承認（あさひ町・市町村承認者）" in page
    assert "承認者の題" in page


def test_the_audit_of_the_prefecture_tells_the_changes_of_its_own_cases(client, cast, write_case, form_data):
    case = write_case(cast.staff)
    client.force_login(cast.staff)
    client.post(url("edit", case), form_data(revision=case.revision, title="直した題"))
    client.post(url("delete", case))

    shown = [(item.act, change.label, change.new) for item in search(Wanted(kinds=["case"]), user=cast.admin)[0:10]
            for change in item.changes if change.label == "題名"]  # fmt: skip

    assert shown == [("取消", "題名", ""), ("変更", "題名", "直した題"), ("登録", "題名", "窓口の予約を始めた")]
    assert len(search(Wanted(kinds=["case"]), user=cast.stranger_staff)) == 0


@pytest.mark.parametrize("author", ["officer", "consultant"])
def test_the_audit_shows_of_a_case_what_the_admin_may_open_of_it(client, cast, write_case, form_data, author):
    """Page, count and file: nothing while it is a draft of others, all with its history once it is handed in."""
    writer = getattr(cast, author)
    case = write_case(writer, title="書きかけの題名", tags=("内緒の札",))
    assert client_page_status(client, cast.admin, "detail", case) == 404
    kinds = [trail.code for trail in TRAILS]

    for query in ({"text": "書きかけの題名"}, {"text": case.source_id}, {"kinds": kinds}):
        for format_ in ("", "csv", "xlsx"):
            page = client.get(reverse("portal:audit"), query | ({"format": format_} if format_ else {}))
            assert page.status_code == 200
            assert "書きかけの題名" not in cells(page), (query, format_)
            assert "内緒の札" not in cells(page), (query, format_)
    assert len(search(Wanted(text="書きかけの題名"), user=cast.admin)) == 0

    moves.make_move(case.pk, "submit", user=writer)
    assert {item.kind for item in search(Wanted(text="書きかけの題名"), user=cast.admin)[0:50]} >= {
        "事例",
        "事例の数値・費用",
    }
    moves.make_move(case.pk, "withdraw", user=writer)
    assert len(search(Wanted(text="書きかけの題名"), user=cast.admin)) == 0
    write.delete(case.pk, user=writer)
    assert len(search(Wanted(text="書きかけの題名"), user=cast.admin)) == 0


def client_page_status(client, user, name, case):
    client.force_login(user)
    return client.get(url(name, case)).status_code


def cells(answer):
    """All text of a page or a file, the search's own words aside."""
    if "html" in answer["Content-Type"]:
        return str([(item.subject, item.changes) for item in answer.context["page"].object_list])
    if "csv" in answer["Content-Type"]:
        return answer.content.decode("utf-8", "replace")
    book = load_workbook(io.BytesIO(answer.content))
    return str([row for sheet in book for row in sheet.iter_rows(values_only=True)])


def test_the_buttons_of_a_case_are_those_of_the_person(client, cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published", audience="everyone")

    def words(user):
        return [w for w in ("編集する", "履歴", "公開の手続き") if w in client_page(client, user, "detail", case)]

    assert words(cast.staff) == ["編集する", "履歴", "公開の手続き"]
    assert words(cast.officer) == ["履歴"]
    assert words(cast.neighbour_officer) == []


def test_content_cannot_be_changed_while_the_prefecture_looks_at_it(client, cast, write_case, form_data):
    case = write_case(cast.officer, state="in_review")
    client.force_login(cast.officer)

    assert client.post(url("edit", case), form_data(revision=case.revision, title="こっそり")).status_code == 403
    assert write.content_of(Case.objects.get(pk=case.pk)).title != "こっそり"
