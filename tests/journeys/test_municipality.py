"""A municipality answers the survey: officer, colleague and approver, down to the receipt."""

import re

from playwright.sync_api import expect

from dxportal.core.accounts.enums import Role

SAVED = re.compile(r"\d+時\d\d分に(\S+が)?保存しました")
SURVEY = "令和8年度 市町村DX調査"


def question(page, code):
    return page.locator(f"#question-{code}")


def choose(page, code, label):
    question(page, code).locator("[data-control]").get_by_text(label, exact=True).click()


def saved(page, code):
    expect(question(page, code).locator("[data-save-line]")).to_have_text(SAVED)


def sheet(page):
    """From the home page to one's own answer sheet; its address."""
    page.get_by_role("link", name=SURVEY).first.click()
    page.wait_for_url(re.compile(r"/responses/\d+/$"))
    return page.url


def section(page, address, code):
    page.goto(f"{address}sections/{code}/")


def test_from_the_first_answer_to_the_receipt(walker):
    officer, approver = walker(), walker()
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    officer.fine("officer")
    address = sheet(page)
    officer.fine("officer")
    page.get_by_role("link", name="続きから回答する").click()
    page.wait_for_url("**/sections/step3/")
    officer.fine("step3")

    section(page, address, "step0")
    choose(page, "0-1", "定義している")
    expect(question(page, "0-2")).to_be_visible()
    page.locator("#q-0-2").fill("窓口の待ち時間をなくすこと")
    saved(page, "0-2")
    saved(page, "0-1")
    choose(page, "0-1", "定義していない")
    expect(question(page, "0-2")).to_be_hidden()
    choose(page, "0-1", "定義している")
    expect(page.locator("#q-0-2")).to_have_value("窓口の待ち時間をなくすこと")
    officer.fine("step0")
    section(page, address, "technology")
    copies = page.get_by_role("button", name="前回と同じにする")
    for number in range(copies.count()):
        copies.nth(number).click()
    expect(page.locator('[data-section="technology"]')).to_contain_text("完了")
    officer.fine("technology")
    page.get_by_role("link", name="確認と提出").click()
    expect(page.get_by_role("heading", name=re.compile("未回答の必須設問"))).to_be_visible()
    officer.fine("officer")
    page.get_by_label("連絡事項").fill("問0-1を見直しました。")
    page.get_by_role("button", name="庁内確認を依頼する").click()
    expect(page.locator(".alert-success")).to_contain_text("庁内確認を依頼しました")
    officer.fine("in-review")

    other = approver.sign_in(Role.APPROVER)
    approver.fine("approver")
    sheet(other)
    other.get_by_role("link", name="内容を確認して承認する").click()
    approver.fine("approver")
    other.get_by_text("差し戻す設問を選ぶ").click()
    other.get_by_label("問1-1 ").check()
    other.get_by_role("button", name="担当者に差し戻す").click()
    expect(other.locator("[data-error-summary]")).to_contain_text("差戻しの理由")
    approver.fine("refused")
    expect(other.get_by_label("問1-1 ")).to_be_checked()
    other.get_by_label("差戻しの理由").fill("計画の名称を確かめてください。")
    other.get_by_role("button", name="担当者に差し戻す").click()
    expect(other.locator(".alert-success")).to_contain_text("差し戻しました")

    page.goto("/")
    expect(page.locator("main")).to_contain_text("計画の名称を確かめてください。")
    officer.fine("returned")
    section(page, address, "step0")
    expect(question(page, "0-1").locator("input[type=radio]")).to_have_count(0)
    section(page, address, "step1")
    officer.fine("returned")
    choose(page, "1-1", "策定済み")
    saved(page, "1-1")
    page.goto(f"{address}confirm/")
    page.get_by_role("button", name="庁内確認を依頼する").click()

    other.goto(f"{address}confirm/")
    submit = other.get_by_role("button", name="承認して県へ提出する")
    submit.click()
    expect(other.locator("[data-error-summary]")).to_be_visible()
    other.get_by_label(re.compile("未回答のまま提出します")).check()
    submit.dblclick()
    other.wait_for_url("**/receipt/")
    expect(other.locator("main")).to_contain_text(re.compile(r"受付番号 2026-\d{4,}-\d{3}"))
    expect(other.locator("main")).to_contain_text("若葉 承認")
    approver.fine("approver")
    other.go_back()
    other.reload()
    assert "提出済" in other.locator("main").inner_text()
    expect(other.get_by_role("button", name="承認して県へ提出する")).to_have_count(0)
    other.goto(f"{address}print/")
    expect(other.locator("main")).to_contain_text("窓口の待ち時間をなくすこと")
    approver.fine("approver")
    other.emulate_media(media="print")
    expect(other.get_by_role("navigation", name="メインメニュー")).to_be_hidden()
    section(page, address, "step1")
    expect(question(page, "1-1").locator("input")).to_have_count(0)


def test_two_officers_at_once_and_one_officer_in_two_tabs_lose_nothing(walker):
    mine, theirs = walker(), walker()
    address = sheet(mine.sign_in(Role.OFFICER, "若葉 担当"))
    theirs.sign_in(Role.OFFICER, "若葉 同僚")
    for page in (mine.page, theirs.page):
        section(page, address, "step1")

    choose(theirs.page, "1-1", "策定済み")
    saved(theirs.page, "1-1")
    choose(mine.page, "1-1", "策定する予定はない")
    box = question(mine.page, "1-1").locator(".conflict-box")
    expect(box).to_contain_text("若葉 同僚さんが更新しました")
    mine.fine("conflict")
    box.get_by_role("button", name="自分の入力を残す").click()
    saved(mine.page, "1-1")

    first, second = mine.page, mine.tab()
    section(second, address, "step1")
    expect(question(second, "1-1").get_by_label("策定する予定はない")).to_be_checked()
    choose(second, "1-1", "策定済み")
    saved(second, "1-1")
    choose(first, "1-1", "時期は未定だが策定を検討中")
    expect(question(first, "1-1").locator(".conflict-box")).to_be_visible()
    assert mine.page.troubles == [], "a refused save is no error of the page"


def test_without_script_the_sheet_is_answered_and_handed_in(walker):
    officer, approver = walker(java_script_enabled=False), walker(java_script_enabled=False)
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    officer.fine("plain")
    address = sheet(page)
    section(page, address, "step0")
    officer.fine("plain")
    question(page, "0-1").get_by_label("定義している", exact=True).check()
    page.locator("#q-0-2").fill("本文")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    page.wait_for_url("**/step1/")
    page.goto(f"{address}sections/technology/")
    page.locator("#q-7-3").fill("十二")
    page.get_by_role("button", name=re.compile("保存して次へ")).click()
    expect(page.locator("[data-error-summary]")).to_contain_text("問7-3")
    expect(page.locator("#q-7-3")).to_have_value("十二")
    officer.fine("plain-refused")
    page.locator("#q-7-3").fill("１，２００")
    page.get_by_role("button", name="一時保存").click()
    expect(page.locator("#q-7-3")).to_have_value("1200")
    page.goto(f"{address}confirm/")
    page.get_by_role("button", name="庁内確認を依頼する").click()

    other = approver.sign_in(Role.APPROVER)
    other.goto(f"{address}confirm/")
    other.get_by_label(re.compile("未回答のまま提出します")).check()
    other.get_by_role("button", name="承認して県へ提出する").click()

    other.wait_for_url("**/receipt/")
    approver.fine("plain")


def test_a_section_is_filled_by_the_keyboard_alone(walker):
    officer = walker()
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    address = sheet(page)
    section(page, address, "support")
    page.get_by_role("button", name="一時保存").focus()
    answered, steps = set(), 0

    while len(answered) < 2 and steps < 60:
        page.keyboard.press("Tab")
        steps += 1
        kind, name = page.evaluate("[document.activeElement.type || '', document.activeElement.name || '']")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert ring == "4px", name
        if kind in ("radio", "checkbox") and name not in answered:
            page.keyboard.press("ArrowUp" if kind == "radio" else "Space")
            answered.add(name)
            saved(page, name.removeprefix("q:"))
    while page.evaluate("document.activeElement.value") != "next":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/sections/people/")
    assert len(answered) == 2


def test_hostile_and_clumsy_input_is_kept_as_text_or_explained(walker):
    officer = walker()
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    page.on("dialog", lambda dialog: page.troubles.append(dialog.message))
    address = sheet(page)
    section(page, address, "step0")
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>' onfocus='alert(3) {{ 7*7 }}"
    choose(page, "0-1", "定義している")
    page.locator("#q-0-2").fill(script)
    saved(page, "0-2")
    page.reload()
    expect(page.locator("#q-0-2")).to_have_value(script)
    page.goto(f"{address}print/")
    expect(page.locator("main")).to_contain_text(script)
    officer.fine("hostile")

    section(page, address, "step0")
    page.locator("#q-0-2").fill("あ" * 100_000)
    expect(page.locator("#e-0-2")).to_contain_text("98,000文字超過")
    expect(page.locator("#q-0-2")).to_have_value("あ" * 100_000)
    officer.fine("long")
    page.locator("#q-0-2").fill("a\x00b")
    page.keyboard.press("Tab")
    expect(page.locator("#e-0-2")).to_contain_text("使えない文字")
    page.locator("#q-0-2").fill("𠮷野家の髙橋さん①")
    saved(page, "0-2")
    section(page, address, "technology")
    page.locator("#q-7-3").fill("約３０件")
    page.keyboard.press("Tab")
    expect(page.locator("#e-7-3")).to_contain_text("＊数字で入力してください")
    page.locator("#q-7-3").fill("１，２００件")
    page.keyboard.press("Tab")
    saved(page, "7-3")
    expect(page.locator("#q-7-3")).to_have_value("1200")
    assert page.troubles == []
