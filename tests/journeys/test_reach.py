"""Who reaches what, the end of a session, files that cannot be read."""

import re

import pytest
from playwright.sync_api import expect

from dxportal.core.accounts.enums import Role


def test_a_consultant_reads_the_assigned_municipalities_only(walker):
    staff, consultant = walker(), walker()
    page = staff.sign_in(Role.PREFECTURE_STAFF, "県原 職太")
    page.goto("/karte/")
    stranger = page.get_by_role("link", name="青波市").get_attribute("href")
    page = consultant.sign_in(Role.CONSULTANT)
    expect(page.locator("#towns-table tbody tr")).to_have_count(4)
    consultant.fine("consultant")
    page.get_by_role("link", name=re.compile("^若葉野市")).click()
    consultant.fine("consultant")
    expect(page.locator("h1")).to_contain_text("若葉野市")

    assert page.goto(stranger).status == 404
    expect(page.locator("h1")).to_be_visible()
    consultant.fine("missing")


def test_bureau_staff_reach_their_bureau_and_change_nothing(walker):
    bureau = walker()
    page = bureau.sign_in(Role.BUREAU_STAFF)
    bureau.fine("bureau")
    page.goto("/karte/")
    expect(page.get_by_role("link", name="石畳町")).to_be_visible()
    expect(page.get_by_role("link", name="青波市")).to_have_count(0)
    bureau.fine("bureau")

    assert page.goto("/audit/").status == 403
    bureau.fine("forbidden")


def test_a_neighbours_sheet_is_not_there_for_an_officer(walker):
    neighbour, officer = walker(), walker()
    page = neighbour.sign_in(Role.OFFICER, "石田 担当")
    page.get_by_role("link", name="令和8年度 市町村DX調査").first.click()
    page.wait_for_url("**/responses/*/")
    theirs = page.url
    page = officer.sign_in(Role.OFFICER, "若葉 担当")

    for path in ("", "sections/step0/", "confirm/", "print/", "export/", "history/"):
        assert page.goto(theirs + path).status == 404, path


def test_a_session_about_to_end_is_extended_and_an_ended_one_loses_no_input(walker):
    officer = walker()
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    page.clock.install()
    page.get_by_role("link", name="令和8年度 市町村DX調査").first.click()
    page.get_by_role("link", name="続きから回答する").click()
    page.clock.fast_forward("56:00")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_be_visible()
    officer.fine("warning")
    page.keyboard.press("Enter")
    expect(warning).to_be_hidden()

    address = page.url
    page.goto(address.replace("step3", "step0"))
    officer.context.clear_cookies(name="dxportal_session")
    page.locator("#question-0-1").get_by_text("定義している", exact=True).click()
    page.clock.run_for(3000)
    expect(page.locator("[data-banner-heading]")).to_have_text("ログインの有効期限が切れました")
    page.troubles.clear()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-banner-login]").click()
    page.get_by_role("button", name="若葉 担当").click()
    page.wait_for_url("**/step0/")
    page.get_by_role("button", name="入力を戻して保存する").click()
    page.clock.run_for(3000)
    expect(page.locator("#question-0-1 [data-save-line]")).to_contain_text("保存しました")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("empty.csv", b""),
        ("wrong.csv", "団体,点\nあさひ町,十二\n".encode("cp932")),
    ],
    ids=["broken", "old", "empty", "wrong"],
)
def test_a_file_that_cannot_be_read_is_explained(walker, name, content):
    admin = walker()
    page = admin.sign_in(Role.PREFECTURE_ADMIN)
    page.locator("header summary").click()
    page.get_by_label("どの立場で使いますか").select_option(label="宮城県｜県職員")
    page.get_by_role("button", name="切り替える").click()
    page.goto("/surveys/")
    page.locator("main table th a").first.click()
    page.goto(f"/surveys/{page.url.rstrip('/').split('/')[4]}/step-scores/")
    admin.fine("import")
    page.get_by_label("得点のファイル").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name="内容を確かめる").click()

    expect(page.locator("[data-error-summary], .alert-error").first).to_be_visible()
    admin.fine("broken")
