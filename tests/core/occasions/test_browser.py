"""A consultant looks at the month, plans a meeting by keyboard and enters who came; on a wide and a narrow screen."""

import pytest
from playwright.sync_api import expect

from dxportal.core.occasions.models import BusyPeriod, Occasion
from tests.support.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_month_to_a_planned_meeting_and_its_attendance(cast, open_as):
    BusyPeriod.objects.create(organization=cast.town, first_day="2024-06-10", last_day="2024-06-14", kind="assembly")
    page = open_as(cast.consultant, "/calendar/?month=2024-06", bypass_csp=True)
    grid = page.get_by_role("table")
    expect(grid.get_by_role("link", name="月例相談")).to_be_visible()
    assert faults(page) == []

    page.set_viewport_size({"width": 320, "height": 768})
    expect(grid).to_be_hidden()
    expect(page.get_by_role("heading", name="6月12日（水）")).to_be_visible()
    page.goto("/calendar/list/?month=2024-06&span=year")
    assert faults(page) == []
    page.emulate_media(media="print")
    page.goto("/calendar/?month=2024-06")
    expect(grid).to_be_visible()
    page.emulate_media(media="screen")

    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/occasions/new/")
    page.get_by_label("件名").fill("任意の相談")
    page.get_by_label("開始（日付）").fill("2024-06-12")
    page.get_by_label("団体・広域グループ").first.select_option(label="あさひ町")
    page.get_by_role("button", name="団体の行を追加").press("Enter")
    expect(page.get_by_role("group", name="団体 3行目")).to_be_visible()
    page.get_by_role("button", name="重なりを確かめる").press("Enter")
    expect(page.get_by_text("同じ時間に「月例相談」の予定があります")).to_be_visible()
    expect(page.get_by_text("議会")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="保存する").press("Enter")
    expect(page.get_by_text("「任意の相談」を保存しました。")).to_be_visible()
    assert faults(page) == []

    page.get_by_role("link", name="出席を入力する").click()
    page.get_by_label("課", exact=True).first.fill("税務課")
    page.get_by_label("人数").first.fill("3")
    assert faults(page) == []
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("row", name="合計 3")).to_be_visible()
    assert Occasion.objects.get(title="任意の相談").attendances.get().persons == 3
    assert page.troubles == []
