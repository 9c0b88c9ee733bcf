import re

import hypothesis
import pytest
from hypothesis import strategies as st
from playwright.sync_api import expect

from assessments.domain.answering.write import AnswerDraft, save
from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.serial import condition_from_data
from assessments.domain.questionnaires.spec import (
    ChoiceSpec,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    SectionSpec,
)
from assessments.models import Answer, Choice, MatrixRow, Question, Response
from dxportal.core import outage
from tests.support import factories as make
from tests.support.browser import WIDER_THAN_PAGE, axe, faults, sign_in
from tests.support.posting import answer, section_url, stored, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"\d+時\d\d分に保存しました")


def line(page, code):
    return page.locator(f"#question-{code} [data-save-line]")


def choose(page, code, label):
    page.locator(f"#question-{code}").get_by_text(label, exact=True).click()


def by_others(world, user, code, *choices, revision=0, note=""):
    draft = AnswerDraft(code, AnswerValue(choices=choices), note, revision)
    return save(world.sheet.pk, lambda _spec: [draft], user=user)


def test_what_is_chosen_and_typed_is_saved_without_a_button(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))

    choose(page, "0-1", "定義している")
    expect(line(page, "0-1")).to_have_text(SAVED)
    page.locator("#q-0-2").fill("デジタルで仕事を変えること")
    page.keyboard.press("Tab")
    expect(line(page, "0-2")).to_have_text(SAVED)

    assert stored(world.sheet, "0-1").choices == ["yes"]
    assert stored(world.sheet, "0-2").text == "デジタルで仕事を変えること"
    expect(page.locator("[data-total]")).to_contain_text("必須の設問 1／2問")
    expect(page.locator('[data-section="step0"]')).to_contain_text("完了")
    expect(page.locator("[data-announce]")).to_contain_text("必須の設問がすべて回答済みになりました")
    expect(page.locator("[data-response-state]")).to_have_text("入力中")
    assert page.troubles == []


def test_conditions_show_and_hide_at_once_and_keep_what_was_typed(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    question = page.locator("#question-0-2")
    expect(question).to_be_hidden()

    choose(page, "0-1", "定義している")
    expect(question).to_be_visible()
    page.locator("#q-0-2").fill("残すべき文")
    expect(line(page, "0-2")).to_have_text(SAVED, timeout=8000)
    choose(page, "0-1", "定義していない")
    expect(question).to_be_hidden()
    choose(page, "0-1", "定義している")

    expect(question).to_be_visible()
    expect(page.locator("#q-0-2")).to_have_value("残すべき文")


def test_a_number_is_shown_as_understood_and_a_bad_one_is_explained(open_as, world):
    page = open_as(world.officer, section_url(world.sheet, "step1"))
    number = page.locator("#q-1-2")

    number.fill("十二")
    page.keyboard.press("Tab")
    expect(page.locator("#e-1-2")).to_have_text("＊数字で入力してください（例：12）。入力された値：「十二」")
    expect(number).to_have_attribute("aria-invalid", "true")
    number.fill("１，２００")
    page.keyboard.press("Tab")

    expect(number).to_have_value("1200")
    expect(page.locator("#e-1-2")).to_have_text("")
    assert stored(world.sheet, "1-2").number == 1200


def test_a_lost_connection_keeps_the_input_and_sends_it_when_it_is_back(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    page.context.set_offline(True)

    choose(page, "0-1", "定義している")
    expect(page.locator("[data-banner-text]")).to_have_text("通信が戻ると自動で再送します。画面は閉じないでください。")
    expect(page.locator("[data-announce]")).to_contain_text("保存できませんでした")
    kept = page.evaluate("Object.values(sessionStorage).join()")
    page.context.set_offline(False)

    expect(line(page, "0-1")).to_have_text(SAVED, timeout=10000)
    expect(page.locator("[data-banner]")).to_be_hidden()
    assert "yes" in kept
    assert stored(world.sheet, "0-1").choices == ["yes"]
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.includes('answers')).length") == 0


def test_a_database_that_is_away_keeps_the_input_and_it_is_sent_when_it_is_back(open_as, world, monkeypatch):
    page = open_as(world.officer, section_url(world.sheet))
    monkeypatch.setattr("dxportal.middleware.database.database_reachable", lambda: False)
    outage.database.trip()

    choose(page, "0-1", "定義している")
    expect(page.locator("[data-banner-text]")).to_have_text("通信が戻ると自動で再送します。画面は閉じないでください。")
    assert not world.sheet.answers.exists()
    kept = page.evaluate("Object.values(sessionStorage).join()")
    monkeypatch.setattr("dxportal.middleware.database.database_reachable", lambda: True)

    expect(line(page, "0-1")).to_have_text(SAVED, timeout=15000)
    assert "yes" in kept
    assert stored(world.sheet, "0-1").choices == ["yes"]


def test_typing_on_after_a_lost_reply_is_no_conflict_with_oneself(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    choose(page, "0-1", "定義している")
    expect(line(page, "0-1")).to_have_text(SAVED)
    lost = []

    def lose_the_first_reply(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/answers/**", lose_the_first_reply)
    page.locator("#q-0-2").fill("前半")
    page.keyboard.press("Tab")
    expect(line(page, "0-2")).to_contain_text("保存できませんでした")
    assert stored(world.sheet, "0-2").text == "前半"
    page.locator("#q-0-2").fill("前半と後半")
    page.keyboard.press("Tab")

    expect(line(page, "0-2")).to_have_text(SAVED, timeout=15000)
    assert stored(world.sheet, "0-2").text == "前半と後半"
    assert not page.locator(".js-conflict").count()


def test_closing_the_page_warns_while_something_is_unsaved(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    other, asked = page.context.new_page(), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.context.set_offline(True)
    choose(page, "0-1", "定義している")
    expect(page.locator("[data-banner]")).to_be_visible()

    page.close(run_before_unload=True)
    other.wait_for_timeout(500)

    assert asked == ["beforeunload"]


@pytest.mark.parametrize(("keep", "choices"), [("mine", ["yes"]), ("theirs", ["no"])])
def test_two_officers_at_once_choose_between_both_answers(open_as, world, keep, choices):
    answer(world.sheet, "0-1", choices=[], revision=1)
    mine = open_as(world.officer, section_url(world.sheet), bypass_csp=True)
    theirs = open_as(world.approver, section_url(world.sheet))

    choose(theirs, "0-1", "定義していない")
    expect(line(theirs, "0-1")).to_have_text(SAVED)
    choose(mine, "0-1", "定義している")
    box = mine.locator("#question-0-1 .conflict-box")
    expect(box).to_contain_text("町 承認さんが更新しました。どちらを残すか選んでください。")
    expect(box).to_contain_text("定義していない")
    expect(mine.locator("[data-announce]")).to_contain_text("どちらを残すか選んでください")
    assert axe(mine) == []
    box.locator(f'[data-keep="{keep}"]').focus()
    mine.keyboard.press("Enter")
    expect(box).to_have_count(0)

    label = {"mine": "定義している", "theirs": "定義していない"}[keep]
    expect(mine.locator("#question-0-1").get_by_label(label, exact=True)).to_be_checked()
    expect(line(mine, "0-1")).to_have_text(SAVED if keep == "mine" else re.compile("保存"))
    expect(mine.locator("[data-banner]")).to_be_hidden()
    mine.reload()
    assert stored(world.sheet, "0-1").choices == choices


def test_an_expired_session_keeps_the_input_and_offers_it_after_signing_in(open_as, world, live_server, settings):
    page = open_as(world.officer, section_url(world.sheet))
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    choose(page, "0-1", "定義している")
    expect(page.locator("[data-banner-heading]")).to_have_text("ログインの有効期限が切れました")
    login = page.locator("[data-banner-login]")
    expect(login).to_have_attribute("href", re.compile(r"next=%2Fresponses%2F"))
    sign_in(page.context, world.officer, live_server.url, settings.SESSION_COOKIE_NAME)
    page.goto(section_url(world.sheet))

    restore = page.get_by_role("button", name="入力を戻して保存する")
    if restore.is_visible():
        restore.click()
    expect(line(page, "0-1")).to_have_text(SAVED)
    expect(page.locator("#question-0-1").get_by_label("定義している", exact=True)).to_be_checked()
    assert stored(world.sheet, "0-1").choices == ["yes"]


def test_a_renewed_token_is_fetched_and_the_save_repeated(open_as, world, settings):
    page = open_as(world.officer, section_url(world.sheet))
    page.evaluate("document.querySelector('[data-answers]').elements.csrfmiddlewaretoken.value = 'x'.repeat(64)")

    choose(page, "0-1", "定義している")

    expect(line(page, "0-1")).to_have_text(SAVED)


def test_the_deadline_passing_is_said_and_the_input_stays(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    world.survey.state = "closed"
    world.survey.save()

    choose(page, "0-1", "定義している")

    expect(page.locator("[data-banner-text]")).to_contain_text("受付中ではないため、回答を変更できません")
    expect(page.locator("#question-0-1").get_by_label("定義している", exact=True)).to_be_checked()


def test_leaving_by_a_link_saves_first(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))

    choose(page, "0-1", "定義している")
    page.locator('[data-section="step1"]').click()
    page.wait_for_url(f"**{section_url(world.sheet, 'step1')}")

    assert stored(world.sheet, "0-1").choices == ["yes"]


def test_going_back_shows_what_is_stored_and_saves_on(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))
    choose(page, "0-1", "定義している")
    expect(line(page, "0-1")).to_have_text(SAVED)
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    page.wait_for_url("**/step1/")

    page.go_back()
    expect(page.locator("#question-0-1").get_by_label("定義している", exact=True)).to_be_checked()
    choose(page, "0-1", "定義していない")

    expect(line(page, "0-1")).to_have_text(SAVED)
    assert (stored(world.sheet, "0-1").choices, stored(world.sheet, "0-1").revision) == (["no"], 2)


def test_last_times_answer_is_taken_over_by_a_button(open_as, world):
    last = make.make_survey(world.pref, world.survey.questionnaire, fiscal_year=2023, state="closed")
    answer(make.make_response(last, world.town, state="confirmed"), "1-1", choices=["planned"])
    world.survey.previous = last
    world.survey.save()
    page = open_as(world.officer, section_url(world.sheet, "step1"))

    page.get_by_role("button", name=re.compile("前回と同じにする.*問1-1")).click()

    expect(line(page, "1-1")).to_have_text(SAVED)
    assert stored(world.sheet, "1-1").choices == ["planned"]


def test_a_section_is_answered_by_keyboard_alone(open_as, world):
    page = open_as(world.officer, section_url(world.sheet, "step1"))

    page.get_by_role("button", name="一時保存").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    expect(line(page, "1-1")).to_have_text(SAVED)
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q-1-2":
            break
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.wait_for_load_state()

    expect(page.locator(".alert-success")).to_contain_text("に保存しました")
    assert stored(world.sheet, "1-2").number == 30
    assert Answer.objects.filter(question__code="1-1").exists()


def test_without_script_the_whole_way_works(open_as, world):
    page = open_as(world.officer, section_url(world.sheet), java_script_enabled=False)

    page.locator("#question-0-1").get_by_label("定義している", exact=True).check()
    page.locator("#q-0-2").fill("本文")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    page.locator("#question-1-1").get_by_label("策定済み", exact=True).check()
    page.locator("#q-1-2").fill("十二")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    expect(page.locator("[data-error-summary]")).to_contain_text("問1-2")
    page.locator("#q-1-2").fill("１２")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    page.get_by_role("button", name="庁内確認を依頼する").click()

    expect(page.locator(".alert-success")).to_contain_text("庁内確認を依頼しました")
    assert Response.objects.get(pk=world.sheet.pk).state == "in_review"


def add_every_kind(world):
    """A matrix of twenty rows, a ranking and an exclusive box beside the small questionnaire's questions."""
    sheet, section = world.survey.questionnaire, world.survey.questionnaire.sections.first()
    makes = {"questionnaire": sheet, "section": section, "wording": "長い設問文。" * 12, "short": "短い題名"}
    matrix = Question.objects.create(**makes, code="0-3", key="m", kind="matrix", position=5, help="用語の説明")
    ranking = Question.objects.create(**makes, code="0-4", key="r", kind="ranking", position=6, weights=[3, 2, 1])
    multiple = Question.objects.create(**makes, code="0-5", key="x", kind="multiple", position=7)
    for question in (matrix, ranking, multiple):
        for place, label in enumerate(("移行が完了している", "移行作業に入っている", "特になし"), 1):
            Choice.objects.create(
                question=question,
                code=f"c{place}",
                label=label,
                position=place,
                exclusive=question is multiple and place == 3,
            )
    for place in range(1, 21):
        MatrixRow.objects.create(question=matrix, code=f"r{place}", label=f"業務その{place}", position=place)


def test_every_kind_of_question_saves(open_as, world):
    add_every_kind(world)
    page = open_as(world.officer, section_url(world.sheet))

    page.get_by_role("radio", name="業務その2 移行作業に入っている").check()
    expect(line(page, "0-3")).to_have_text(SAVED)
    page.locator("#q-0-4-1").select_option("c2")
    page.locator("#q-0-4-2").select_option("c1")
    expect(line(page, "0-4")).to_have_text(SAVED)
    choose(page, "0-5", "移行が完了している")
    page.locator("#question-0-5").get_by_label("特になし").check()
    expect(line(page, "0-5")).to_have_text(SAVED)

    assert stored(world.sheet, "0-3").rows == {"r2": "c2"}
    assert stored(world.sheet, "0-4").choices == ["c2", "c1"]
    assert stored(world.sheet, "0-5").choices == ["c3"]


def test_every_page_is_accessible_and_fits(open_as, world):
    add_every_kind(world)
    last = make.make_survey(world.pref, world.survey.questionnaire, fiscal_year=2023, state="closed")
    then = make.make_response(last, world.town, state="confirmed")
    answer(then, "0-3", rows={"r1": "c1"}, note="昨年のメモ")
    world.survey.previous = last
    world.survey.save()
    by_others(world, world.officer, "0-1", "yes", note="要綱")
    names = ("response_detail", "response_confirm", "response_print")
    paths = ["/responses/", section_url(world.sheet), *(url(name, world.sheet) for name in names)]

    page = open_as(world.officer, "/", bypass_csp=True)
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = faults(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert page.troubles == []


@pytest.mark.parametrize("state", ["in_review", "returned", "submitted"])
def test_the_approvers_pages_are_accessible(open_as, world, state):
    fields = {"receipt_number": "2024-0001-001"} if state == "submitted" else {}
    Response.objects.filter(pk=world.sheet.pk).update(state=state, **fields)
    name = "response_receipt" if state == "submitted" else "response_confirm"

    page = open_as(world.approver, url(name, world.sheet), width=320, bypass_csp=True)

    assert axe(page) == []
    assert not page.evaluate(WIDER_THAN_PAGE)


def test_a_refused_page_is_accessible_and_focuses_the_summary(open_as, world):
    page = open_as(world.officer, section_url(world.sheet, "step1"), bypass_csp=True, java_script_enabled=True)

    page.locator("#q-1-2").fill("十二")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    page.wait_for_selector("[data-error-summary]")

    assert page.title().startswith("エラー：")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    assert axe(page) == []


CODES = ("q1", "q2", "q3", "q4")
leaf = st.builds(
    lambda question, any_of: {"question": question, "any_of": any_of},
    st.sampled_from(CODES),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True),
)
rule = st.recursive(
    leaf,
    lambda inner: st.one_of(
        *(st.builds(lambda xs, n=n: {n: xs}, st.lists(inner, min_size=1, max_size=3)) for n in ("all", "any"))
    ),
)
case = st.tuples(
    rule, st.dictionaries(st.sampled_from(CODES), st.lists(st.sampled_from("abc"), max_size=3, unique=True))
)


def by_server(data, given):
    choices = tuple(ChoiceSpec(code, code) for code in "abc")
    asked = [QuestionSpec(code, code, QuestionKind.MULTIPLE, "s", choices=choices) for code in CODES]
    last = QuestionSpec("last", "last", QuestionKind.TEXT, "s", condition=condition_from_data(data))
    spec = QuestionnaireSpec("c", "1", 2024, "t", (SectionSpec("s", "step", "s", 0),), (*asked, last))
    return "last" in visible(spec, {code: AnswerValue(choices=tuple(chosen)) for code, chosen in given.items()})


def test_the_script_reads_conditions_as_the_server_does(open_as, world):
    page = open_as(world.officer, section_url(world.sheet))

    @hypothesis.settings(max_examples=20, deadline=None, database=None)
    @hypothesis.given(st.lists(case, min_size=10, max_size=30))
    def agree(cases):
        by_script = page.evaluate(
            "cases => cases.map(([rule, g]) => dxAnswering.holds(rule, code => g[code] ?? []))", cases
        )
        assert by_script == [by_server(data, given) for data, given in cases]

    agree()
