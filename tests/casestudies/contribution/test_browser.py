"""The pages of contributing in a real browser: accessible and inside their width, with long titles too."""

from dataclasses import replace

import pytest
from django.urls import reverse

from casestudies.domain.contribution import moves, write
from tests.support.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = ("予約を始めた", "三つの支所と本庁舎で書かない窓口を同時に始めた取組の記録とその後の広がり" * 3)


@pytest.fixture
def moved(cast, write_case, full):
    """A case that was sent back and changed since."""

    def make(title):
        case = write_case(cast.officer, state="in_review", title=title)
        case = moves.make_move(case.pk, "send_back", user=cast.staff, comment="成果を足してください")
        return write.change(
            case.pk, replace(full, title=title, outcome="半分"), user=cast.officer, revision=case.revision
        )

    return make


@pytest.mark.parametrize("title", TITLES)
def test_the_pages_are_accessible_and_fit(open_as, cast, moved, title):
    case = moved(title)
    names = ("detail", "edit", "review", "history", "attachments", "delete")
    pages = [reverse(f"casestudies:{name}", args=[case.source_id]) for name in names]

    page = open_as(cast.officer, reverse("casestudies:manage"))
    found = {page.url: faults(page)}
    for path in [*pages, reverse("casestudies:create"), reverse("casestudies:import")]:
        page.goto(path)
        found[page.url] = faults(page)

    assert {url: wrong for url, wrong in found.items() if wrong} == {}
    assert page.troubles == []
