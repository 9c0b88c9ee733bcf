import io

import openpyxl
import pytest

from assessments.domain.questionnaires.loading import load_questionnaire
from assessments.domain.questionnaires.questionnaire_file import parse
from assessments.domain.surveys.carryover import carry_over
from assessments.models import Response
from dxportal.core.taxonomy.models import Area
from tests.support import factories as make
from tests.support.posting import answer, section_url, url
from tests.support.sample_questionnaire import GOOD

MOVES = ("response_begin", "response_review", "response_withdraw", "response_send_back", "response_submit")


def put(sheet, state):
    Response.objects.filter(pk=sheet.pk).update(state=state)


def post(client, user, name, sheet, **data):
    client.force_login(user)
    return client.post(url(name, sheet), data, follow=True)


def test_the_way_to_the_receipt(client, world):
    client.force_login(world.officer)
    client.post(section_url(world.sheet), {"q:0-1": "no", "r:0-1": "0"})
    client.post(section_url(world.sheet, "step1"), {"q:1-1": "done", "r:1-1": "0"})

    asked = post(client, world.officer, "response_review", world.sheet, comment="お願いします").content.decode()
    receipt = post(client, world.approver, "response_submit", world.sheet).content.decode()

    number = f"2024-{world.survey.pk:04d}-001"
    assert "庁内確認を依頼しました" in asked
    assert "お願いします" in asked
    assert "提出を受け付けました" in receipt
    assert number in receipt
    assert "町 承認" in receipt
    assert Response.objects.get(pk=world.sheet.pk).receipt_number == number


def test_carried_over_answers_can_be_handed_in_unchanged(client, world):
    first = make.make_survey(world.pref, world.survey.questionnaire, state="closed")
    then = make.make_response(first, world.town, state="confirmed")
    answer(then, "0-1", choices=["no"])
    answer(then, "1-1", choices=["done"])
    second = make.make_survey(world.pref, world.survey.questionnaire, round="review", previous=first)
    sheet = make.make_response(second, world.town)
    carry_over(second)

    page = post(client, world.officer, "response_begin", sheet).content.decode()
    post(client, world.officer, "response_review", sheet)
    post(client, world.approver, "response_submit", sheet)

    assert "必須の設問にはすべて回答があります" in page
    assert Response.objects.get(pk=sheet.pk).state == "submitted"
    assert list(sheet.answers.order_by("question__code").values_list("revision", flat=True)) == [1, 1]


def test_gaps_contradictions_and_jumps_are_listed_with_links(client, world):
    last = make.make_survey(world.pref, world.survey.questionnaire, fiscal_year=2023, state="closed")
    then = make.make_response(last, world.town, state="confirmed")
    answer(then, "1-1", choices=["done"])
    world.survey.previous = last
    world.survey.save()
    answer(world.sheet, "1-1", choices=["none"], note="計画期間が終わった")
    put(world.sheet, "in_progress")
    client.force_login(world.officer)

    html = client.get(url("response_confirm", world.sheet)).content.decode()

    assert "未回答の必須設問" in html
    assert f'<a href="{section_url(world.sheet)}#question-0-1">問0-1 設問0-1</a>' in html
    assert "前回の「策定済み」から3段階下がっています。" in html
    assert "計画期間が終わった" in html


def test_submitting_with_gaps_needs_an_explicit_word(client, world):
    put(world.sheet, "in_review")

    refused = post(client, world.approver, "response_submit", world.sheet).content.decode()
    taken = post(client, world.approver, "response_submit", world.sheet, accept_unanswered="on").content.decode()

    assert "必須の設問が2問、未回答です" in refused
    assert "未回答の必須設問（2問）は、未回答のまま提出します" in refused
    assert "提出を受け付けました" in taken


def test_a_second_click_on_submit_leads_to_the_same_receipt(client, world):
    put(world.sheet, "in_review")
    post(client, world.approver, "response_submit", world.sheet, accept_unanswered="on")

    again = post(client, world.approver, "response_submit", world.sheet, accept_unanswered="on")

    assert "提出を受け付けました" in again.content.decode()
    assert world.sheet.transitions.count() == 1


def test_a_return_inside_the_municipality_needs_a_reason_and_keeps_the_choice(client, world):
    put(world.sheet, "in_review")

    refused = post(client, world.approver, "response_send_back", world.sheet, questions=["1-1"]).content.decode()

    assert "エラー：" in refused
    assert 'value="1-1" class="' in refused or 'value="1-1"' in refused
    assert "checked" in refused
    assert Response.objects.get(pk=world.sheet.pk).state == "in_review"


def test_the_officer_sees_the_approvers_reason(client, world):
    put(world.sheet, "in_review")
    post(client, world.approver, "response_send_back", world.sheet, comment="件数を確認", questions=["1-2"])
    client.force_login(world.officer)

    html = client.get(url("response_detail", world.sheet)).content.decode()

    assert "差し戻されています" in html
    assert "件数を確認" in html
    assert "対象：問1-2" in html


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize(
    ("person", "status"), [("viewer", 403), ("bureau_staff", 403), ("consultant", 403), ("neighbour_approver", 404)]
)
def test_who_may_not_move_a_sheet(client, world, name, person, status):
    put(world.sheet, "in_review")
    client.force_login(getattr(world, person))

    answered = client.post(url(name, world.sheet), {"comment": "理由", "accept_unanswered": "on"})

    assert answered.status_code == status
    assert Response.objects.get(pk=world.sheet.pk).state == "in_review"


def test_an_officer_may_not_submit(client, world):
    put(world.sheet, "in_review")

    assert post(client, world.officer, "response_submit", world.sheet, accept_unanswered="on").status_code == 403


def test_moves_are_made_by_post_only(client, world):
    client.force_login(world.approver)

    assert {client.get(url(name, world.sheet)).status_code for name in MOVES} == {405}


def test_a_sheet_without_receipt_has_no_receipt_page(client, world):
    client.force_login(world.officer)

    assert client.get(url("response_receipt", world.sheet)).url == url("response_detail", world.sheet)


def test_paper_shows_the_whole_sheet_with_or_without_the_approval_box(client, world):
    answer(world.sheet, "0-1", choices=["yes"], note="要綱で定義")
    client.force_login(world.officer)

    plain = client.get(url("response_print", world.sheet)).content.decode()
    boxed = client.get(url("response_print", world.sheet) + "?approval=1").content.decode()
    blank = client.get(url("response_print", world.sheet) + "?blank=1").content.decode()

    assert "定義している" in plain
    assert "要綱で定義" in plain
    assert "approval-box" not in plain
    assert "approval-box" in boxed
    assert "要綱で定義" not in blank
    assert blank.count("<li>予定がある</li>") == 1


def test_the_workbook_has_every_question_with_codes_and_numbers_as_numbers(client, world):
    answer(world.sheet, "0-1", choices=["no"], note="=1+1")
    answer(world.sheet, "1-2", number=1200)
    client.force_login(world.officer)

    answered = client.get(url("response_export", world.sheet))

    sheet = openpyxl.load_workbook(io.BytesIO(answered.content))["回答"]
    rows = list(sheet.iter_rows(values_only=True))
    head = rows[0]
    by_code = {row[0]: dict(zip(head, row, strict=True)) for row in rows[1:]}
    assert list(by_code) == ["0-1", "0-2", "1-1", "1-2"]
    assert (by_code["0-1"]["回答コード"], by_code["0-1"]["回答"]) == ("no", "定義していない")
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert by_code["0-2"]["状態"] == "対象外（問0-1で『定義している』の場合に回答）"
    assert by_code["1-1"]["状態"] == "未回答"
    assert by_code["1-2"]["数値"] == 1200


def with_matrix(world):
    """The town's response and the one of the year before, each with an answered matrix of two rows."""
    Area.objects.get_or_create(code="ai", defaults={"name": "AI"})
    questionnaire = load_questionnaire(parse(GOOD)).questionnaire
    last = make.make_survey(world.pref, questionnaire, title="昨年の調査", fiscal_year=2023, state="closed")
    survey = make.make_survey(world.pref, questionnaire, title="表のある調査", state="open", previous=last)
    before = make.make_response(last, world.town)
    response = make.make_response(survey, world.town)
    answer(before, "0-5", rows={"x": "none", "y": "done"})
    answer(response, "0-5", rows={"x": "done"})
    return response


def test_a_matrix_is_a_row_a_line_in_the_workbook_also_last_time(client, world):
    response = with_matrix(world)
    client.force_login(world.officer)

    book = openpyxl.load_workbook(io.BytesIO(client.get(url("response_export", response)).content))
    head, *rows = book["回答"].iter_rows(values_only=True)
    lines = [dict(zip(head, row, strict=True)) for row in rows]

    found = [
        (line["行"], line["回答コード"], line["回答"], line["前回の回答"])
        for line in lines
        if line["設問番号"] == "0-5"
    ]
    assert found == [("甲", "done", "済", "未"), ("乙", None, None, "済")]


def test_a_matrix_is_a_table_on_paper(client, world):
    response = with_matrix(world)
    client.force_login(world.officer)

    page = client.get(url("response_print", response)).text

    assert '<th scope="row">甲</th><td>済</td>' in page
    assert '<th scope="row">乙</th><td>未回答</td>' in page
    assert "甲：済" not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(client, world, item_count, django_assert_num_queries):
    for _ in range(item_count - 1):
        make.make_response(make.make_survey(world.pref), world.town)
    client.force_login(world.officer)
    client.get("/responses/")

    with django_assert_num_queries(4):  # user, membership, count, sheets
        answered = client.get("/responses/")

    assert len(answered.context["rows"]) == item_count


def test_the_list_holds_what_is_in_reach_and_open_to_see(client, world):
    make.make_response(make.make_survey(world.pref, state="draft"), world.town)

    seen = {}
    for person in ("officer", "viewer", "neighbour_officer", "staff", "bureau_staff", "stranger_staff"):
        client.force_login(getattr(world, person))
        seen[person] = [sheet.organization.name for sheet in client.get("/responses/").context["rows"]]

    assert seen == {
        "officer": ["あさひ町"],
        "viewer": ["あさひ町"],
        "neighbour_officer": ["ゆうひ町"],
        "staff": ["あさひ町", "ゆうひ町"],
        "bureau_staff": ["あさひ町"],
        "stranger_staff": [],
    }
