"""An admin brings the yearly list in and looks at what it left behind, on a wide and a narrow screen."""

import pytest
from playwright.sync_api import expect

from dxportal.core.organizations.models import Organization
from tests.support import factories as make
from tests.support.browser import axe
from tests.support.code_list import HAMAMATSU, SHIMIZU, SHIZUOKA, SHIZUOKA_CITY, SHIZUOKA_DESIGNATED, write_book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fine(page):
    """No broken rule of axe, nothing sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return (axe(page), max(overflow, 0)) == ([], 0)


@pytest.mark.parametrize("width", [1366, 320])
def test_the_yearly_list_is_compared_decided_and_brought_in(open_as, tmp_path, width):
    head = make.make_prefecture("静岡県", code=SHIZUOKA[0])
    for code, _, name, *_ in (SHIZUOKA_CITY, HAMAMATSU, SHIMIZU):
        make.make_municipality(head, name, code=code, municipality_kind="city")
    page = open_as(make.make_user(head, "prefecture_admin"), "/organizations/code-list/", width=width, bypass_csp=True)
    assert fine(page)

    path = write_book(tmp_path / "codes.xlsx", SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    page.get_by_label("全国地方公共団体コードの一覧").set_input_files(path)
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_label("222046 清水市の承継団体")).to_have_value("221007")
    assert fine(page)
    page.get_by_role("button", name="この内容で取り込む").click()

    expect(page.get_by_text("ほかに廃止された1団体")).to_be_visible()
    assert fine(page)
    town = Organization.objects.get(name="清水市")
    for address in ("", "life/take-back/", "delete/"):
        page.goto(f"/organizations/{town.pk}/{address}")
        assert fine(page), address
    city = Organization.objects.get(code="221007")
    for address in ("", "life/change/", "life/end/"):
        page.goto(f"/organizations/{city.pk}/{address}")
        assert fine(page), address
