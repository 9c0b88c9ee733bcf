"""Logging a session in a browser: saved while typing, two writers, and pages that are accessible and fit."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.domain.sessions import log
from consultations.models import Session
from dxportal.core import outage
from dxportal.core.workflow.texts import TypedText, mark
from tests.support.browser import faults
from tests.support.consultations import a_session, an_action

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_session_is_logged_from_the_keyboard_and_two_writers_keep_both_texts(open_as, cast):
    session = a_session(cast.staff, cast.town, due=0)
    action = an_action(cast.town, cast.staff, "先行団体を紹介する", -3)
    page = open_as(cast.consultant, reverse("consultations:session_log", args=[session.pk]))
    wrong = faults(page)

    page.get_by_label("先行団体を紹介する（県）").press("Space")
    page.get_by_label("決まったこと").press_sequentially("窓口を見直す")
    page.keyboard.press("Tab")
    expect(page.locator("[data-save-state]")).to_contain_text("保存しました")
    assert Session.objects.get().decisions == "窓口を見直す"
    log.save_text(session.pk, "decisions", TypedText("同僚の文", mark("窓口を見直す")), user=cast.staff)
    page.get_by_label("決まったこと").press("End")
    page.keyboard.type("、六月に")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="両方を残す").press("Enter")
    expect(page.locator("[data-save-state]")).to_contain_text("保存しました")
    assert Session.objects.get().decisions == "同僚の文\n窓口を見直す、六月に"
    page.get_by_role("button", name="保存する").press("Enter")
    page.wait_for_url("**" + reverse("consultations:session", args=[session.pk]))
    wrong += faults(page)
    for name in ("sessions", "actions", "action_list", "kinds"):
        page.goto(reverse(f"consultations:{name}"))
        wrong += [(name, *fault) for fault in faults(page)]

    action.refresh_from_db()
    assert action.state == "done"
    assert wrong == []
    assert page.troubles == []


@pytest.fixture
def database(monkeypatch):
    """Goes away for the pages, and comes back."""

    class Database:
        def goes(self):
            monkeypatch.setattr("dxportal.middleware.database.database_reachable", lambda: False)
            outage.database.trip()

        def comes_back(self):
            monkeypatch.setattr("dxportal.middleware.database.database_reachable", lambda: True)

    yield Database()
    outage.database.reset()


def test_what_is_typed_into_a_log_while_the_database_is_away_is_kept_and_sent_when_it_is_back(open_as, cast, database):
    session = a_session(cast.staff, cast.town, due=0)
    page = open_as(cast.consultant, reverse("consultations:session_log", args=[session.pk]))
    state = page.locator("[data-save-state]")

    database.goes()
    page.get_by_label("決まったこと").press_sequentially("窓口を見直す")
    page.keyboard.press("Tab")
    expect(state).to_contain_text("自動で再送します")
    page.get_by_label("決まったこと").press("End")
    page.keyboard.type("、六月に")
    assert "窓口を見直す、六月に" in page.evaluate("Object.values(sessionStorage).join()")
    assert Session.objects.get().decisions == ""
    database.comes_back()

    expect(state).to_contain_text("保存しました", timeout=15000)
    assert Session.objects.get().decisions == "窓口を見直す、六月に"
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.includes('answers')).length") == 0
