"""One journey in a browser: a question that goes to a town that does it, a contract, a template; pages that fit."""

import pytest
from django.urls import reverse

from consultations.domain.questions import write
from consultations.models import ProductContract, ShelfTaking, TownQuestion
from tests.support import factories as make
from tests.support.answers import hand_in, with_areas
from tests.support.browser import faults
from tests.support.consultations import an_item, release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_question_is_routed_answered_and_accepted_and_a_contract_and_a_template_change_hands(open_as, cast):
    sheet = make.make_questionnaire()
    with_areas(sheet)
    hand_in(make.make_survey(cast.pref, sheet), cast.neighbour, plan="done")
    write.agree(True, user=cast.neighbour_officer)
    release(an_item(cast.staff, "計画のひな形"), cast.staff)

    page = open_as(cast.officer, reverse("consultations:question_ask"))
    wrong = faults(page)
    page.get_by_label("質問", exact=False).first.fill("計画は何から書き始めましたか。")
    page.get_by_label("分野").select_option(label="計画・方針")
    page.get_by_label("ほかの市町村にも聞く").check()
    page.get_by_role("button", name="質問する").click()
    page.get_by_text("1団体にお知らせします").wait_for()
    wrong += faults(page)
    question = TownQuestion.objects.get()
    address = reverse("consultations:question", args=[question.pk])

    other = open_as(cast.neighbour_officer, reverse("consultations:questions"))
    other.get_by_role("link", name="計画は何から書き始めましたか。").click()
    other.get_by_text("設問1-1").wait_for()
    other.get_by_role("textbox", name="回答").fill("困りごとを三つ書き出すことから始めました。")
    other.get_by_role("button", name="回答する").click()
    other.get_by_text("回答しました。").wait_for()
    wrong += faults(other)

    page = open_as(cast.officer, address)
    page.get_by_role("button", name="この回答で解決にする").click()
    page.get_by_text("質問を「解決」にしました。").wait_for()
    page.goto(reverse("consultations:product_create"))
    wrong += faults(page)
    page.get_by_label("業務").fill("文書管理")
    page.get_by_label("製品・サービス").fill("文書くん")
    page.get_by_label("契約の終わる日").fill("令和9年3月31日")
    page.get_by_label("団体名も見せる").check()
    page.get_by_role("button", name="登録する").click()
    page.get_by_text("を登録しました").wait_for()
    page.goto(reverse("consultations:shelf"))
    wrong += faults(page)
    page.get_by_role("link", name="計画のひな形").click()
    wrong += faults(page)
    with page.expect_download():
        page.get_by_role("button", name="手引き.pdf").click()
    for name in ("questions", "question_log", "products", "product_import", "question_consent", "shelf_create"):
        person = open_as(cast.consultant, reverse(f"consultations:{name}")) if name == "question_log" else page
        person.goto(reverse(f"consultations:{name}"))
        wrong += [(name, *fault) for fault in faults(person)]

    question.refresh_from_db()
    assert (question.state, question.accepted.remark.organization) == ("solved", cast.neighbour)
    assert ProductContract.objects.get().organization == cast.town
    assert ShelfTaking.objects.get().organization == cast.town
    assert wrong == []
