"""The case library: an officer finds and takes up what others did; a town's own case goes by review to its neighbours."""

import re
from io import BytesIO

from openpyxl import Workbook
from playwright.sync_api import expect

from dxportal.core.accounts.enums import Role
from tests.support.browser import menu

AFTER_SCHOOL = "001-p39"
TITLE = "ごみ分別の問合せに自動で答える案内板"
WORD = "分別案内板"


def search(page, words):
    page.goto("/cases/")
    page.get_by_label("検索のことば").fill(words)
    page.get_by_role("button", name="検索", exact=True).click()
    page.wait_for_url(re.compile(r"[?&]q="))


def count(page):
    return int(re.search(r"(\d+)件", page.locator("#search-count").inner_text()).group(1))


def titles(page):
    return page.locator(".case-item .case-title")


def announced(page, text):
    expect(page.locator(".alert-success")).to_contain_text(text)


def workbook():
    book, file = Workbook(), BytesIO()
    book.active.append(["月", "問合せ"])
    book.save(file)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "問合せの件数.xlsx", "mimeType": kind, "buffer": file.getvalue()}


def test_an_officer_finds_by_a_synonym_keeps_a_case_and_takes_it_up(walker):
    officer = walker()
    page = officer.sign_in(Role.OFFICER, "若葉 担当")
    menu(page, "事例")
    officer.fine("all")
    search(page, "学童クラブ")
    first = titles(page).first
    expect(first.get_by_role("link")).to_have_attribute("href", re.compile(f"/cases/{AFTER_SCHOOL}/"))
    title, unfiltered = first.inner_text(), count(page)
    officer.fine("found")

    page.get_by_role("checkbox", name=re.compile("^オンライン化")).check()
    tag = page.locator(".filter-tag").filter(has_text="オンライン化")
    expect(tag).to_be_visible()
    narrowed = count(page)
    assert 1 <= narrowed <= unfiltered
    expect(first).to_have_text(title)
    officer.fine("narrowed")
    tag.click()
    expect(page.locator(".filter-tag").filter(has_text="オンライン化")).to_have_count(0)
    expect(page.get_by_role("checkbox", name=re.compile("^オンライン化"))).not_to_be_checked()
    assert count(page) == unfiltered > 1

    titles(page).first.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(title)
    around = page.get_by_role("navigation", name="検索結果の中での移動")
    expect(around).to_contain_text(f"{unfiltered}件中1件目")
    around.get_by_role("link", name=re.compile("次の事例")).click()
    expect(around).to_contain_text(f"{unfiltered}件中2件目")
    around.get_by_role("link", name=re.compile("前の事例")).click()
    expect(page.locator("h1")).to_have_text(title)
    officer.fine("found")

    page.get_by_role("button", name="ブックマークに登録").click()
    announced(page, "ブックマークに登録しました")
    expect(around).to_contain_text(f"{unfiltered}件中1件目")
    uptake = page.get_by_role("region", name="参考にする")
    uptake.get_by_label("検討中").check()
    uptake.get_by_label("メモ").fill("保育課と費用を確かめる。")
    uptake.get_by_role("button", name="保存する").click()
    expect(uptake).to_contain_text("1団体が参考にしています（検討中1）")
    officer.fine("taken-up")

    around.get_by_role("link", name="検索結果に戻る").click()
    expect(first).to_have_text(title)
    page.get_by_role("link", name="ブックマーク", exact=True).first.click()
    page.locator("summary").filter(has_text="メモ").click()
    page.get_by_label("メモ").fill("課内会議で紹介する。")
    page.get_by_role("button", name="メモを保存").click()
    announced(page, "メモを保存しました")
    expect(page.locator(".case-note")).to_contain_text("課内会議で紹介する。")
    officer.fine("one")

    page.goto("/")
    going = page.get_by_role("region", name="準備中・検討中の事例")
    expect(going).to_contain_text(title)
    expect(going).to_contain_text("保育課と費用を確かめる。")
    officer.fine("taken-up")
    page.get_by_role("link", name="自団体のカルテ").click()
    taken = page.get_by_role("region", name="参考にしている事例")
    expect(taken).to_contain_text("検討中")
    expect(taken).to_contain_text("保育課と費用を確かめる。")
    officer.fine("taken-up")
    taken.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)


def write(page):
    page.get_by_role("textbox", name=re.compile("^題名")).fill(TITLE)
    page.get_by_role("textbox", name=re.compile("^要約")).fill(
        f"窓口にごみの{WORD}を置き、品名を話すと分け方が出るようにした。電話での問合せが減った。"
    )
    page.get_by_role("combobox", name=re.compile("^取組の区分")).select_option(label="オンライン化")
    page.get_by_role("group", name=re.compile("^分野")).get_by_role("checkbox").first.check()
    page.get_by_role("textbox", name=re.compile("^取組の内容")).fill(
        "品名の一覧を作り、三か月試してから全庁舎に置いた。"
    )
    page.get_by_role("button", name="数値の行を追加").click()
    row = page.get_by_role("group", name="数値 2行目")
    row.get_by_label("値").fill("３８．５")
    row.get_by_label("単位").fill("％")
    row.get_by_label("意味").fill("電話での問合せの減少")


def test_a_town_contributes_a_case_that_neighbours_find_after_review_until_it_is_archived(walker):
    author, staff, neighbour = walker(), walker(), walker()
    page = author.sign_in(Role.OFFICER, "若葉 担当")
    reader = neighbour.sign_in(Role.OFFICER, "石田 担当")
    menu(page, "事例")
    page.get_by_role("link", name="事例の登録・管理").click()
    author.fine("none")
    page.get_by_role("link", name="新しい事例を登録する").first.click()
    home = page.get_by_role("group", name="取組団体 1行目")
    expect(home.get_by_label("団体名")).to_have_value("若葉野市")
    expect(home.get_by_label("人口", exact=True)).not_to_have_value("")
    author.fine("empty")
    page.get_by_role("button", name=re.compile("下書きを保存する")).click()
    expect(page.locator("[data-error-summary]")).to_contain_text("題名")
    author.fine("refused")
    write(page)
    author.fine("written")
    page.get_by_role("button", name=re.compile("下書きを保存する")).click()
    announced(page, "保存しました")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("38.5")
    author.fine("draft")
    address = page.url

    page.get_by_role("link", name="添付ファイル", exact=True).first.click()
    page.locator("input[type=file]").set_input_files(workbook())
    page.get_by_role("button", name="添付する").click()
    expect(page.get_by_role("link", name="問合せの件数.xlsx", exact=True)).to_be_visible()
    author.fine("one")
    assert reader.request.get(address).status == 404
    page.goto(address)
    page.get_by_role("link", name="確認を依頼する").click()
    author.fine("draft")
    page.get_by_label("コメント").fill("隣の団体にも見てほしいです。")
    page.get_by_role("button", name="確認を依頼する").click()
    announced(page, "県に確認を依頼しました")

    desk = staff.sign_in(Role.PREFECTURE_STAFF, "県原 職太")
    menu(desk, "事例")
    desk.get_by_role("link", name="事例の登録・管理（確認待ち1件）").click()
    expect(desk.locator(".alert-warning")).to_contain_text("1件の事例が、県の確認を待っています")
    expect(desk.locator("#cases tbody tr").first).to_contain_text(TITLE)
    staff.fine("queue")
    desk.get_by_role("link", name=re.compile(f"^確認する.*{TITLE}")).click()
    expect(desk.locator("main")).to_contain_text("隣の団体にも見てほしいです。")
    expect(desk.get_by_role("link", name="問合せの件数.xlsx")).to_be_visible()
    staff.fine("queue")
    desk.get_by_role("button", name="公開する").click()
    expect(desk.locator("[data-error-summary]")).to_contain_text("公開範囲")
    desk.get_by_label(re.compile("県内")).check()
    desk.get_by_role("button", name="公開する").click()
    announced(desk, "公開しました")
    staff.fine("published")

    search(reader, WORD)
    titles(reader).filter(has_text=TITLE).get_by_role("link").click()
    expect(reader.locator("h1")).to_have_text(TITLE)
    expect(reader.locator("main")).to_contain_text("県内に公開")
    with reader.expect_download() as saved:
        reader.get_by_role("link", name=re.compile("問合せの件数.xlsx")).click()
    assert saved.value.suggested_filename == "問合せの件数.xlsx"
    neighbour.fine("neighbour")

    desk.get_by_text("公開をやめて保管する").click()
    desk.get_by_role("button", name="保管する").click()
    announced(desk, "保管しました")
    staff.fine("archived")
    assert reader.request.get(address).status == 404
    search(reader, f'"{WORD}"')
    expect(reader.locator("main")).not_to_contain_text(TITLE)
    neighbour.fine("nothing")
