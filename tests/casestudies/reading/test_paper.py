"""Cases in a real browser: on paper, read, kept and taken up."""

import re

import pytest
from django.core.management import call_command
from django.db.models.functions import Length
from django.urls import reverse
from playwright.sync_api import expect

from casestudies.domain.reading import bookmarks
from casestudies.models import Bookmark, Case, Uptake
from tests.support.browser import faults
from tests.support.reading import a_full_case, an_uptake

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sheets(page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", print_background=True)))


def address(case: Case) -> str:
    return reverse("casestudies:detail", args=[case.source_id])


def test_every_case_of_the_library_prints_on_two_sheets_at_most(open_as, cast):
    """The wordiest, the one with most figures, the one with most addresses, the shortest."""
    call_command("load_cases", verbosity=0)
    length = Length("summary") + Length("issue") + Length("approach") + Length("actions") + Length("outcome")
    by_length = list(Case.objects.annotate(length=length).order_by("length"))
    parts = {case: (case.figures.count(), case.links.count() + case.places.count()) for case in by_length}
    longest = {by_length[-1], max(parts, key=lambda one: parts[one][0]), max(parts, key=lambda one: parts[one][1])}
    for case in longest:
        an_uptake(case, cast.officer)

    page = open_as(cast.officer, address(by_length[0]))
    shortest = sheets(page)
    counts = []
    for case in longest:
        page.goto(address(case))
        counts.append(sheets(page))

    assert shortest == 1
    assert max(counts) <= 2


def test_the_paper_has_the_addresses_and_no_navigation(open_as, cast):
    case = a_full_case()
    page = open_as(cast.officer, address(case))

    page.emulate_media(media="print")

    expect(page.get_by_text("https://city0.example.jp/")).to_be_visible()
    expect(page.get_by_text("https://similar0.example.jp/")).to_be_visible()
    expect(page.get_by_text("10億円").last).to_be_visible()
    for hidden in ("nav.breadcrumbs", "nav.global-nav", ".case-keep", "#uptake form", ".case-address-acts"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_an_officer_keeps_a_case_takes_it_up_and_takes_both_back(open_as, cast):
    case = a_full_case()
    page = open_as(cast.officer, f"{address(case)}?q=%E7%AA%93%E5%8F%A3")

    page.get_by_role("button", name="ブックマークに登録").click()
    page.get_by_label("準備中").check()
    page.get_by_label("メモ").fill("来年度に試す")
    page.get_by_role("button", name="保存する").click()

    expect(page.get_by_text("1団体が参考にしています（準備中1）。")).to_be_visible()
    assert "q=%E7%AA%93%E5%8F%A3" in page.url
    page.get_by_role("link", name="経過と取消し").click()
    page.get_by_role("link", name="登録を取り消す").click()
    page.get_by_role("button", name="登録を取り消す").click()
    expect(page.get_by_text("参考にした事例はまだありません")).to_be_visible()
    page.goto(reverse("casestudies:bookmarks"))
    page.get_by_role("button", name="外す").click()
    assert not Bookmark.objects.exists()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_role("link", name=case.title)).to_be_visible()
    assert not Uptake.objects.exists()
    assert page.troubles == []


def test_the_pages_are_accessible_and_fit(open_as, cast):
    case = a_full_case(parts=3)
    bookmarks.add(case, user=cast.officer)
    one = an_uptake(case, cast.officer)
    names = ("bookmarks", "bookmarks_print", "uptakes")
    pages = [reverse(f"casestudies:{name}") for name in names] + [
        reverse(f"casestudies:{name}", args=[one.pk]) for name in ("uptake_detail", "uptake_delete")
    ]

    page = open_as(cast.officer, address(case))
    found = {page.url: faults(page)}
    for path in pages:
        page.goto(path)
        found[page.url] = faults(page)

    assert {url: wrong for url, wrong in found.items() if wrong} == {}
    assert page.troubles == []


def test_notes_in_the_list_keep_room_on_a_narrow_screen(open_as, cast):
    an_uptake(a_full_case(), cast.officer, note="来年度に試すために、費用と人手を課で確かめる。")

    page = open_as(cast.officer, reverse("casestudies:uptakes"), width=320)

    assert page.get_by_role("cell", name="来年度に試すために").bounding_box()["width"] >= 200
