"""The membership is switched in another tab, in one prefecture: nothing typed is lost, and it is saved where it was meant."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import Session
from dxportal.core.accounts.enums import Role
from dxportal.core.people.domain.write import load_capacities
from tests.support import factories as make
from tests.support.browser import faults
from tests.support.consultations import a_session
from tests.support.posting import section_url

pytestmark = pytest.mark.django_db(transaction=True)


def switch(page, place):
    """In another tab of the same browser."""
    other = page.context.new_page()
    other.goto(reverse("accounts:profile"))
    other.locator(".header-menu summary").click()
    other.locator("#membership-switch").select_option(label=place)
    other.get_by_role("button", name="切り替える").click()
    expect(other.locator(".alert-success")).to_contain_text("切り替えました")
    other.close()


def test_boxes_rows_and_texts_of_a_form_are_sent_as_they_were_meant(open_as, cast):
    load_capacities()
    make.make_membership(cast.staff, cast.pref, Role.VIEWER)
    session = a_session(cast.staff, cast.town, cast.neighbour, due=0)
    page = open_as(cast.staff, reverse("consultations:session_log", args=[session.pk]))
    switch(page, "みほん県｜閲覧者")

    record = page.get_by_label("記録", exact=True)
    record.fill("一行目\n二行目")
    record.blur()
    expect(page.locator("[data-save-state]")).to_contain_text("みほん県｜閲覧者")
    wrong = faults(page)
    page.get_by_label("町 担当").check()
    page.get_by_label("隣 担当").check()
    page.locator("[name=guests-0-section]").fill("総務課")
    page.locator("[name=guests-0-persons]").fill("3")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator("h1")).to_contain_text("まだ送信していません")
    wrong += faults(page)
    assert not Session.objects.get().record
    page.get_by_role("button", name=re.compile("「みほん県｜県職員」に戻して送信する")).click()
    page.wait_for_url("**" + reverse("consultations:session", args=[session.pk]))

    assert Session.objects.get().record == "一行目\n二行目"
    came = session.occasion.attendances.all()
    assert {row.user.name for row in came if row.user} >= {"町 担当", "隣 担当"}
    assert [(row.section, row.persons) for row in came if row.section] == [("総務課", 3)]
    assert wrong == []
    assert page.troubles == []


def test_banners_of_both_forms_that_save_themselves_lead_back(open_as, cast):
    second = make.make_membership(cast.officer, cast.neighbour, Role.OFFICER)
    sheet = make.make_response(make.make_survey(cast.pref, make.make_questionnaire()), cast.town, state="in_progress")
    page = open_as(cast.officer, section_url(sheet))
    switch(page, f"ゆうひ町｜{second.get_role_display()}")
    page.locator("[data-control] label").first.click()
    expect(page.locator("[data-banner-heading]")).to_have_text("所属が切り替わっています")
    wrong = faults(page)
    page.get_by_role("button", name=re.compile("「あさひ町｜.*」に戻して保存する")).click()
    expect(page.locator("[data-banner]")).to_be_hidden()
    expect(page.locator("[data-save-line]").filter(has_text="保存しました").first).to_be_visible()
    assert sheet.answers.count() == 1

    make.make_membership(cast.consultant, cast.pref, Role.VIEWER)
    session = a_session(cast.staff, cast.town, due=0)
    page = open_as(cast.consultant, reverse("consultations:session_log", args=[session.pk]))
    switch(page, "みほん県｜閲覧者")
    page.get_by_label("決まったこと").fill("窓口を見直す")
    page.get_by_label("決まったこと").blur()
    back = page.get_by_role("button", name=re.compile("に戻して保存する"))
    expect(back).to_be_visible()
    wrong += faults(page)
    back.click()
    expect(page.locator("[data-save-state]")).to_contain_text("保存しました")
    expect(back).to_have_count(0)

    assert Session.objects.get().decisions == "窓口を見直す"
    assert wrong == []
