"""Everything that offices print: no sheet stands all but empty, the first and the last included."""

import os
import re
from pathlib import Path

from django.urls import Resolver404, resolve

from dxportal.core.accounts.enums import Role
from tests.support.paper import texts

PDFS = os.environ.get("JOURNEY_PDFS")  # a folder that keeps what was printed
# Pages with links, and the kinds of page that are printed from what was linked so far.
DOORS = {
    "/dashboard/": (
        "portal:dashboard",
        "portal:karte",
        "portal:matrix",
        "portal:question_list",
        "portal:question_result",
    ),
    "/plan/": ("portal:plan", "portal:plan_item"),
    "/calendar/list/?span=year": ("occasions:list", "occasions:calendar"),
    "/consultations/": ("consultations:sessions", "consultations:session"),
    "/consultations/actions/list/": ("consultations:action",),
    "/cases/": ("casestudies:detail",),
    "/surveys/": ("assessments:survey_detail", "assessments:tiers", "assessments:priority", "assessments:score_card"),
}
LETTERS = 90  # a heading with a sentence; a sheet of a map or a chart has more


def kind_of(address):
    try:
        return resolve(re.sub(r"^https?://[^/]+|[?#].*$", "", address)).view_name
    except Resolver404:
        return ""


def test_no_printed_page_has_a_sheet_that_is_all_but_empty(walker):
    page = walker().sign_in(Role.PREFECTURE_ADMIN)
    linked, thin, missing = [], [], []
    for door, kinds in DOORS.items():
        look(page, door, linked)
        for kind in kinds:
            address = next((href for href in linked if kind_of(href) == kind), None)
            if address is None:
                missing.append(kind)
                continue
            look(page, address, linked)
            paper = page.pdf(prefer_css_page_size=True, print_background=True)
            if PDFS:
                Path(PDFS, f"{kind.replace(':', '-')}.pdf").write_bytes(paper)
            sheets = [len(text) for text in texts(paper)]
            if min(sheets) < LETTERS:
                thin.append((kind, sheets))
    assert (missing, thin) == ([], [])


def look(page, address, linked):
    page.goto(address)
    page.wait_for_load_state("networkidle")  # charts are drawn from data that come last
    linked += [page.url, *page.locator("main a[href]").evaluate_all("nodes => nodes.map(node => node.href)")]
