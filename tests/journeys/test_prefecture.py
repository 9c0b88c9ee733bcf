"""The prefecture runs the survey: from the progress page to published tiers, and looks at what came of it."""

import re
from fractions import Fraction
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import expect

from dxportal.core.accounts.enums import Role
from tests.support.browser import menu

SURVEY = "令和8年度 市町村DX調査"
LINK = re.compile(r"http://\S+/invitations/\S+/")


def survey(page):
    """From anywhere to the survey's progress page; its address."""
    menu(page, "調査")
    page.get_by_role("link", name=SURVEY, exact=True).click()
    page.wait_for_url(re.compile(r"/surveys/\d+/$"))
    return page.url


def row(page, town):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=town, exact=True)).first


def workbook(page, link):
    """The workbook behind a download link, opened."""
    answer = page.request.get(link.first.get_attribute("href"))
    assert answer.status == 200
    return load_workbook(BytesIO(answer.body()))


def texts(book):
    return {str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell}


def test_staff_follow_remind_return_confirm_and_close(walker, house):
    staff = walker()
    page = staff.sign_in(Role.PREFECTURE_STAFF, "県原 職太")
    staff.fine("staff")
    address = survey(page)
    staff.fine("staff")
    page.get_by_role("link", name=re.compile("^回答数")).click()
    expect(page.locator("th[aria-sort]").filter(has_text="回答数")).to_be_visible()
    shown = page.locator("#standings tbody tr td:nth-of-type(3)").all_inner_texts()
    shares = [Fraction(re.search(r"\d+／\d+", text).group().replace("／", "/")) for text in shown]
    assert shares == sorted(shares)
    assert "若葉野市" in texts(workbook(page, page.locator("a[download]")))

    page.get_by_role("link", name="督促メールを作る").click()
    staff.fine("staff")
    page.get_by_label("件名").fill("")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("件名")
    staff.fine("refused")
    page.get_by_label("件名").fill("【{調査名}】お願い")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.get_by_role("heading", name="送信する内容（2通）")).to_be_visible()
    staff.fine("preview")
    page.get_by_role("button", name="2団体に送信する").dblclick()
    page.wait_for_url("**/reminders/")
    page.get_by_role("link", name="表示を更新").click()
    expect(page.locator("main")).to_contain_text("若葉野市")
    staff.fine("sent")
    for _ in range(20):
        if any(house.mails.iterdir()):
            break
        page.wait_for_timeout(500)
    assert SURVEY in house.mail_to("officer@demo.example")

    page.goto(address)
    row(page, "青波市").get_by_role("link", name=re.compile("^差戻し")).click()
    page.get_by_role("button", name="差し戻す").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("差戻しの理由")
    staff.fine("return")
    page.get_by_label("差戻しの理由").fill("2-3の担当部門の名前を確かめてください。")
    page.get_by_label(re.compile("選んだ設問だけ")).check()
    page.get_by_label(re.compile("^2-3")).check()
    page.get_by_role("button", name="差し戻す").click()
    expect(row(page, "青波市")).to_contain_text("差戻し")
    row(page, "花垣市").get_by_role("link", name=re.compile("^確定")).click()
    staff.fine("staff")
    page.get_by_role("button", name="この回答を確定する").click()
    expect(row(page, "花垣市")).to_contain_text("確定")
    page.get_by_role("link", name=re.compile("まとめて確定する")).click()
    page.get_by_role("button", name="選んだ団体を確定する").click()
    expect(page.locator(".alert-success")).to_be_visible()
    staff.fine("confirmed")

    page.get_by_role("link", name="締め切る").click()
    staff.fine("staff")
    page.get_by_role("button", name=re.compile("締め切る")).click()
    expect(page.get_by_role("link", name="受付を再開する")).to_be_visible()
    staff.fine("closed")


def test_from_the_run_to_published_tiers_that_the_town_then_sees(walker):
    admin, officer = walker(), walker()
    town = officer.sign_in(Role.OFFICER, "石田 担当")
    page = admin.sign_in(Role.PREFECTURE_ADMIN)
    address = survey(page)
    page.get_by_role("link", name="締め切る").click()
    page.get_by_role("button", name=re.compile("締め切る")).click()
    page.goto(f"{address}tiers/")
    page.get_by_role("button", name=re.compile("^算定")).click()
    menu(page, "管理")
    page.get_by_role("link", name="処理状況").click()
    admin.fine("admin")
    page.get_by_role("link", name=re.compile("支援分類|算定")).first.click()
    expect(page.locator(".alert-success")).to_contain_text("完了しました", timeout=30_000)
    admin.fine("done")

    page.goto(f"{address}tiers/")
    admin.fine("computed")
    page.get_by_role("link", name="基準を変えて試算する").click()
    page.get_by_label("「共創」の下限").fill("１２０")
    page.get_by_role("button", name="試算する").click()
    expect(page.get_by_role("heading", name="試算の結果")).to_be_visible()
    expect(page.locator("main")).to_contain_text("試算中：確定していません")
    expect(page.locator("#trial-moved")).to_contain_text("協働")
    admin.fine("trial")

    page.goto(f"{address}tiers/")
    page.get_by_role("link", name="ヒアリング調整を始める").click()
    admin.fine("hearing")
    page.get_by_role("button", name="ヒアリング調整を始める").click()
    row(page, "花垣市").get_by_role("link", name=re.compile("調整する")).click()
    admin.fine("admin")
    page.get_by_label("協働").check()
    page.get_by_role("button", name="分類を変更する").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("調整の理由")
    page.get_by_label("調整の理由").fill("計画が公表直前である。")
    page.get_by_role("button", name="分類を変更する").click()
    expect(row(page, "花垣市")).to_contain_text("計画が公表直前である。")
    admin.fine("adjusted")
    assert "計画が公表直前である。" in texts(workbook(page, page.get_by_role("link", name=re.compile("Excel"))))

    town.goto(f"{address}tiers/")
    expect(town.locator("main")).to_contain_text("まだ公表されていません")
    officer.fine("before")
    page.get_by_role("link", name=re.compile("案")).click()
    page.get_by_role("button", name=re.compile("案")).click()
    expect(page.locator('[aria-current="step"]')).to_contain_text("案")
    page.get_by_role("link", name=re.compile("公表")).first.click()
    admin.fine("publish")
    page.get_by_role("button", name=re.compile("公表")).click()
    expect(page.locator(".alert-info").first).to_contain_text("公表は")
    admin.fine("published")
    town.reload()
    expect(town.locator("main")).not_to_contain_text("まだ公表されていません")
    expect(town.locator("main")).to_contain_text("県内の分類")
    expect(town.locator("main")).not_to_contain_text("花垣市")
    officer.fine("after")


def test_figures_can_be_narrowed_hidden_explained_and_taken_out(walker):
    staff = walker()
    page = staff.sign_in(Role.PREFECTURE_STAFF, "県原 職太")
    menu(page, "ダッシュボード")
    for chart in page.locator("[data-chart]").all():
        chart.evaluate("node => node.closest('figure').scrollIntoView()")
        chart.locator(".main-svg").first.wait_for(state="attached")
    staff.fine("dashboard")
    page.get_by_label("振興局").select_option(label="深山振興局")
    page.get_by_role("button", name="表示する").click()
    expect(page.locator(".result-count")).to_contain_text("30団体中 6団体を表示")
    staff.fine("bureau")
    assert "月見原市" in texts(workbook(page, page.locator("a[download]")))
    page.get_by_role("link", name="条件を消す").click()
    page.get_by_label("市町村名を伏せる（公表用）").check()
    page.get_by_role("button", name="表示する").click()
    expect(page.locator("main")).to_contain_text("市町村名を伏せています")
    expect(page.locator("main")).not_to_contain_text("月見原市")
    staff.fine("hidden")
    assert not {"月見原市", "若葉野市"} & texts(workbook(page, page.locator("a[download]")))

    menu(page, "ダッシュボード")
    page.get_by_role("link", name="設問ごとの結果", exact=True).first.click()
    page.get_by_role("link", name="AIの活用").click()
    page.locator("[data-chart] .main-svg").first.wait_for(state="attached")
    page.get_by_text(re.compile("^団体名（")).first.click()
    staff.fine("question")
    assert len(texts(workbook(page, page.locator("a[download]")))) > 5
    page.get_by_role("link", name="市町村名を伏せる").click()
    expect(page.locator("main")).not_to_contain_text("若葉野市")
    staff.fine("hidden")
    page.get_by_role("link", name="この数値の定義").first.click()
    staff.fine("definition")

    menu(page, "カルテ")
    page.get_by_role("link", name="若葉野市").click()
    staff.fine("karte")
    for name in ("領域別", "経年", "回答一覧"):
        page.get_by_role("link", name=name, exact=True).click()
        staff.fine("karte")


def test_an_admin_finds_a_change_and_invites_a_person_who_comes_in(walker, house):
    admin, guest = walker(), walker()
    page = admin.sign_in(Role.PREFECTURE_ADMIN)
    menu(page, "管理")
    page.locator("main").get_by_role("link", name="利用者", exact=True).click()
    admin.fine("members")
    page.get_by_role("link", name="利用者を招待する").click()
    page.get_by_label("メールアドレス").fill("ｓｈｉｎ＠town.example")
    page.get_by_label("氏名").fill("髙橋 新")
    page.locator("#id_organization").select_option(label="993085 石畳町")
    page.locator("#id_role").select_option(Role.APPROVER)
    page.get_by_role("button", name="招待メールを送る").click()
    expect(page.locator(".alert-success")).to_contain_text("shin@town.example")
    admin.fine("invited")

    link = LINK.search(house.mail_to("shin@town.example")).group()
    new = guest.page
    new.goto(link)
    guest.fine("invitation")
    new.locator("#id_password1").fill("asagiri-no-hashi-42")
    new.locator("#id_password2").fill("asagiri-no-hashi-42")
    new.get_by_role("button", name="登録してログインする").click()
    expect(new.locator("main")).to_contain_text("髙橋 新（市町村承認者）")
    guest.fine("invited")
    new.get_by_role("button", name="ログアウト").click()
    new.goto(link)
    expect(new.locator("h1")).not_to_contain_text("利用者の登録")
    guest.fine("gone")
    new.goto("/account/login/")
    new.locator("#id_login").fill("shin@town.example")
    new.locator("#id_password").fill("wrong-password-1")
    new.get_by_role("button", name="ログイン", exact=True).click()
    expect(new.locator("[data-error-summary]")).to_be_visible()
    guest.fine("refused")
    new.locator("#id_password").fill("asagiri-no-hashi-42")
    new.get_by_role("button", name="ログイン", exact=True).click()
    expect(new.locator("main")).to_contain_text("石畳町")

    page.goto("/audit/")
    page.get_by_label("検索語").fill("髙橋")
    page.get_by_role("button", name="検索").click()
    expect(page.locator("#audit")).to_contain_text("髙橋 新")
    admin.fine("audit")
    assert any("髙橋" in text for text in texts(workbook(page, page.locator("a[download]"))))
