"""計画と実績: staff read the published year as of two days, add a number, change the plan; the office enters towns."""

from playwright.sync_api import expect

from dxportal.core.accounts.enums import Role

MONTHLY = "月例オンラインよろず相談"


def row_of(page, item):
    return page.locator("#plan tbody tr").filter(has=page.get_by_role("link", name=item, exact=True))


def show(page, day):
    page.get_by_role("textbox", name="基準日").fill(day)
    page.get_by_role("button", name="表示").click()
    expect(page.locator(".page-as-of")).to_contain_text("時点")


def test_staff_read_the_plan_as_of_two_days_and_change_it(walker):
    staff = walker()
    page = staff.sign_in(Role.PREFECTURE_STAFF, "県原 職太")
    page.goto("/plan/?year=2024")
    show(page, "令和7年1月31日")
    expect(row_of(page, MONTHLY)).to_contain_text("300回")
    expect(row_of(page, MONTHLY)).to_contain_text("83％")
    expect(row_of(page, "プロデューサーヒアリング（後期）")).to_contain_text("まだ期日前")
    staff.fine("january")
    show(page, "2024-10-31")
    expect(row_of(page, MONTHLY)).to_contain_text("210回")

    row_of(page, "動画の制作").get_by_role("link").first.click()
    staff.fine("by-hand")
    page.get_by_role("link", name="数を入力する").click()
    page.get_by_role("textbox", name="日付").fill("2025-03-10")
    page.locator("[name=amount]").fill("1")
    page.get_by_label("内容・根拠").fill("追加の動画を公開")
    staff.fine()
    page.get_by_role("button", name="記録する").click()
    expect(page.locator("#entries")).to_contain_text("追加の動画を公開")

    page.goto("/plan/?year=2024")
    row_of(page, MONTHLY).get_by_role("link").first.click()
    staff.fine("monthly")
    page.get_by_role("link", name="計画を変更する").click()
    page.get_by_label("変更日").fill("2024-12-01")
    page.get_by_label("目標値").fill("340")
    page.get_by_label("理由").fill("2団体が希望しない")
    page.get_by_role("button", name="計画を変更する").click()
    expect(page.get_by_text("合計（360）が目標値（340）と違います").first).to_be_visible()
    staff.fine("refused")
    page.get_by_label("各月末に均等に").check()
    page.get_by_role("button", name="計画を変更する").click()
    expect(page.locator("#changes")).to_contain_text("340回")
    expect(page.get_by_text("当初360回")).to_be_visible()


def test_the_office_sees_the_plan_and_enters_who_is_in_the_exchange(walker):
    office = walker()
    page = office.sign_in(Role.SUPPORT_STAFF)
    page.goto("/plan/?year=2024")
    expect(page.get_by_role("link", name="項目を追加")).to_have_count(0)
    page.get_by_role("link", name="情報交換の場の参加団体").click()
    expect(page.get_by_text("30市町村のうち30団体")).to_be_visible()
    office.fine()
