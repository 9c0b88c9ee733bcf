"""The portal's pages in a real browser: accessible, inside their width, without strangers, and fresh."""

import re
from unicodedata import normalize

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Response
from casestudies.domain.reading.uptake import UptakeWish, take_up
from casestudies.enums import UptakeState
from casestudies.models import Case
from dxportal.portal.domain.snapshots.refresh import refresh
from tests.support import answers as builders
from tests.support.browser import WIDTHS, faults
from tests.support.paper import texts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF = ("home", "dashboard", "hidden", "question_list", "choice", "text", "number", "matrix", "karte_list")
KARTE = ("karte", "karte_areas", "karte_history", "karte_answers")
OFFICER = ("home", "dashboard", "question_list", "choice", "text", "number", "matrix", *KARTE, "definition_list")


@pytest.fixture
def addresses(cast):
    """The pages' addresses by name, over two years of six towns."""
    survey = builders.two_years(cast, towns=4)
    found = {
        "hidden": f"{reverse('portal:dashboard')}?survey={survey.pk}&names=hidden",
        "choice": reverse("portal:question_result", args=[survey.pk, "0-1"]),
        "text": reverse("portal:question_result", args=[survey.pk, "0-2"]),
        "number": reverse("portal:question_result", args=[survey.pk, "1-2"]),
        "question_list": reverse("portal:question_list", args=[survey.pk]),
        "matrix": reverse("portal:matrix", args=[survey.pk]),
    }
    found |= {name: reverse(f"portal:{name}", args=[cast.town.pk]) for name in KARTE}
    found |= {name: reverse(f"portal:{name}") for name in ("home", "dashboard", "karte_list", "definition_list")}
    return found


@pytest.mark.parametrize(("role", "names"), [("staff", STAFF + KARTE), ("officer", OFFICER)])
def test_every_page_is_accessible_and_fits(open_as, cast, addresses, role, names):
    page = open_as(getattr(cast, role), "/", bypass_csp=True)

    for name in names:
        page.goto(addresses[name])
        assert faults(page, WIDTHS if role == "staff" else (320,)) == [], name


def test_pages_keep_to_the_content_policy_and_to_this_server(open_as, cast, addresses):
    page = open_as(cast.staff, "/")

    for name in ("dashboard", "choice", "number", "karte_history"):
        page.goto(addresses[name])
        for chart in page.locator("[data-chart]").all():
            chart.evaluate("node => node.closest('figure').scrollIntoView()")
            chart.locator(".main-svg").first.wait_for(state="attached")

    assert page.troubles == []


def test_without_script_the_figures_are_all_there(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["dashboard"], java_script_enabled=False)

    assert page.locator("#heat-table tbody tr").count() == 7
    assert page.get_by_text("データを表で見る").count() == 2
    assert page.locator("#tier-flows table").is_visible()
    assert page.locator("#mean-line table").is_visible()


def new_figures(cast):
    """Somebody's sheet is returned, and the figures are computed again."""
    Response.objects.filter(organization=cast.neighbour).update(state="returned")
    refresh(cast.pref.pk)


def poll(page):
    """What happens every half minute, now."""
    page.evaluate("htmx.trigger('#freshness [hx-get]', 'look')")


def hasten(page):
    """The line asks when told to rather than by the clock."""
    page.evaluate(
        """() => {
        const line = document.querySelector("#freshness [hx-get]");
        const fresh = line.cloneNode();
        fresh.setAttribute("hx-trigger", "look");
        line.replaceWith(fresh);
        htmx.process(fresh);
        }"""
    )


def test_newer_figures_come_in_by_themselves(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["dashboard"])
    expect(page.locator("#figures")).to_contain_text("回答率100.0%")

    new_figures(cast)
    hasten(page)
    poll(page)

    expect(page.locator("#figures")).to_contain_text("集計中です")
    expect(page.locator("#freshness")).to_contain_text("新しい集計を表示しました。")


def test_newer_figures_wait_while_the_reader_is_at_work_in_them(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["dashboard"])
    page.locator("#filter-bureau").focus()

    new_figures(cast)
    hasten(page)
    poll(page)

    expect(page.locator("#freshness")).to_contain_text("新しい集計があります")
    page.wait_for_timeout(600)
    expect(page.locator("#figures")).to_contain_text("回答率100.0%")
    assert page.evaluate("document.activeElement.id") == "filter-bureau"
    page.get_by_role("link", name="表示を更新する").click()
    expect(page.locator("#figures")).to_contain_text("集計中です")


def test_the_karte_prints_on_one_sheet(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["karte"])

    paper = page.pdf(format="A4", print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_the_karte_prints_on_one_sheet_with_a_full_library_and_cases_taken_up(open_as, cast, addresses):
    call_command("load_cases", verbosity=0)
    for case in Case.objects.order_by("pk")[:6]:
        take_up(
            case.pk,
            cast.town.pk,
            UptakeWish(UptakeState.PREPARING, "窓口の課と費用を確かめる。" * 6),
            user=cast.officer,
        )
    page = open_as(cast.staff, addresses["karte"])

    paper = page.pdf(format="A4", print_background=True)
    page.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    expect(page.locator(".cases-told li:visible")).to_have_count(3)
    expect(page.locator(".cases-taken li:visible")).to_have_count(3)
    expect(page.get_by_text("（6件のうち3件）")).to_be_visible()


def test_a_question_result_begins_on_the_first_sheet_however_long_it_is(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["choice"])
    page.locator(".figure .main-svg").first.wait_for(state="attached")
    # Options as many as make the figure and the row of names longer than a sheet.
    page.evaluate(
        """() => {
            for (const [rows, times] of [['.figure tbody', 60], ['#options-table tbody', 10], ['.names', 120]]) {
                const body = document.querySelector(rows);
                for (let at = 0; at < times; at++) body.append(body.children[0].cloneNode(true));
            }
        }"""
    )

    pages = texts(page.pdf(prefer_css_page_size=True))

    title = normalize("NFKC", page.locator(".figure > figcaption").inner_text()).replace(" ", "")
    assert title in pages[0]
    assert "データを表で見る" in pages[0]
    inside = [text for text in pages if "構成比" in text]
    assert len(inside) > 1, "its headings stand above the table on every sheet"
    assert all(len(text) > 100 for text in pages)


def test_the_dashboard_prints_its_map_whole_and_its_tables_apart(open_as, cast, addresses):
    page = open_as(cast.staff, addresses["dashboard"])
    towns = page.locator(".tile-map .tile-name").all_inner_texts()

    pages = texts(page.pdf(prefer_css_page_size=True))

    with_tiles = [text for text in pages if "市町村の状況" in text]
    assert len(with_tiles) == 1
    assert all(town in with_tiles[0] for town in towns)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})
    table, line = (
        page.locator(css).bounding_box() for css in ("#section-table", "[aria-labelledby=mean-line-heading]")
    )
    assert line["y"] >= table["y"] + table["height"]
